"""Files in the admin: a list that says what waits, and one page per file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.display import Row
from portal.formats import short_date
from portal.references import as_typed
from portal.refusals import Refused
from portal.staff import OwnRowsFilter, Step, StepsAdmin
from portal.uploads.serving import serve

from .. import operations
from ..answers import whose
from ..enums import ApplicationState
from ..forms.counter import DeskForm
from ..models import Application, DocumentFile, name_key, passport_key
from ..workflow import APPLICATION_WORKFLOW
from .desk import BY_NAME, Action
from .file_page import page_of, with_everything
from .filters import ToDoFilter, with_unread

# What an agent does with a file by one button; what needs more words is in desk.py.
_COUNTER_STEPS = {
    "file": (_("File handed in"), "no", ""),
    "not_accept": (
        _("File not accepted"),
        "needed",
        _(
            "This is no refusal (PA-12): no time to appeal runs and a new appointment can be "
            "booked. The applicant reads the reason in an e-mail, beside what the rules say of "
            "the passport."
        ),
    ),
    "examine": (_("Transmit to the consulate for examination"), "no", ""),
    "extend": (_("Examination takes longer"), "optional", ""),
    "ready": (
        _("Passport ready"),
        "no",
        _("The applicant is told by e-mail that the passport can be fetched."),
    ),
}


@admin.register(Application)
class ApplicationAdmin(StepsAdmin):
    list_display = ("reference", "traveller", "state", "waits", "mission", "day")
    list_filter = (
        *(ToDoFilter, "state", ("mission", OwnRowsFilter)),
        *("visa_class", "purpose", "is_urgent"),
    )
    list_select_related = ("mission",)
    date_hierarchy = "submitted_at"
    search_fields = ("reference",)
    search_help_text = _(
        "Reference, whole e-mail address, whole passport number or whole family name"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Say of each row whether a message waits."""
        return with_unread(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        """Add what is done on the page of a file, and the files of its papers."""
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/do/<slug:name>/",
                view(self.do_view),
                name="applications_application_do",
            ),
            path(
                "<path:object_id>/file/<uuid:file_id>/",
                view(self.file_view),
                name="applications_application_file",
            ),
            *super().get_urls(),
        ]

    def facts(self, row: Any) -> list[Row]:
        return whose(row)

    def steps(self, row: Any) -> list[Step]:
        allowed = set(APPLICATION_WORKFLOW.names_from(row.state))
        if row.state == ApplicationState.BOOKED:
            # The appointment leads there, so that both end together.
            allowed -= {"file", "not_accept"}
        if row.state == ApplicationState.PAPERS_ASKED:
            allowed -= {"examine"}  # by taking the request back
        return [
            Step(name, label, _counter_step(name), reason, note)
            for name, (label, reason, note) in _COUNTER_STEPS.items()
            if name in allowed
        ]

    # --- The page of a file ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the file, and remember who looked at it."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        row = self._file(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined,no-any-return]
                request, self.opts, object_id
            )
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return self._page(request, row)

    def do_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Take what an agent filled in beside the file; give it back with what is wrong."""
        row = self._file(request, object_id)
        if row is None or name not in BY_NAME or not self.has_view_permission(request, row):
            raise Http404
        action = BY_NAME[name]
        if not request.user.has_perm(f"applications.{action.right}"):
            raise PermissionDenied
        if request.method != "POST":
            return self._back(row)
        form = action.form(request.POST, about=row, auto_id=f"{name}-%s")
        if form.is_valid() and self._done(request, row, action, form):
            messages.success(request, action.done)
            return redirect(f"{self._url(row)}#{_anchor(action, form)}")
        return self._page(request, row, failed=(name, form))

    def file_view(self, request: HttpRequest, object_id: str, file_id: UUID) -> HttpResponseBase:
        """Show the cleaned copy of a file of a paper; who opened it stays in the trail."""
        row = self._file(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not request.user.has_perm("applications.view_document"):
            raise PermissionDenied
        part = DocumentFile.objects.filter(document__application=row, file_id=file_id)
        found = part.select_related("file").first()
        if found is None:
            raise Http404
        try:
            return serve(request, found.file)
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
            return self._back(row)

    def _file(self, request: HttpRequest, object_id: str) -> Application | None:
        try:
            found: Application | None = (
                with_everything(self.get_queryset(request)).filter(pk=object_id).first()
            )
        except (ValidationError, ValueError):
            return None
        return found

    def _page(
        self,
        request: HttpRequest,
        row: Application,
        failed: tuple[str, DeskForm] | None = None,
    ) -> HttpResponse:
        audit.record_read(actor=request.user, subject=row, what="file")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row.traveller or row.reference,
            "steps": self.steps(row) if self.may_take_steps(request) else [],
            **page_of(row, request.user, failed),
        }
        status = 422 if failed else 200
        return render(request, "admin/file/page.html", context, status=status)

    def _done(self, request: HttpRequest, row: Application, action: Action, form: DeskForm) -> bool:
        try:
            action.run(row, request.user, form.given())
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            return False
        return True

    def _url(self, row: Application) -> str:
        return reverse("admin:applications_application_change", args=[row.pk])

    # --- The list ---

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = (
            queryset.filter(reference=as_typed(term))
            | queryset.filter(owner__email__iexact=term)
            | queryset.filter(passport_key=passport_key(term))
            | queryset.filter(name_key=name_key(term))
        )
        return found, False

    @admin.display(description=_("traveller"))
    def traveller(self, row: Application) -> str:
        return row.traveller

    @admin.display(description=_("handed in / appointment"), ordering="appointment_day")
    def day(self, row: Application) -> str:
        known = row.filed_on or row.appointment_day
        return short_date(known) if known else ""

    @admin.display(description=_("waits"))
    def waits(self, row: Any) -> str:
        words = [_("message")] if row.has_unread else []
        words += [_("review")] if row.review_reasons else []
        return ", ".join(str(word) for word in words)


def _anchor(action: Action, form: DeskForm) -> str:
    return form.cleaned_data.get("place") or action.place


def _counter_step(name: str) -> Any:
    def run(row: Application, actor: Any, reason: str) -> None:
        operations.record_counter_step(application=row, step=name, actor=actor, reason=reason)

    return run
