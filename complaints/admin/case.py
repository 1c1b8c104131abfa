"""One page per case, with what can be done on it; the queue it comes from is in queue.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from portal.audit import operations as audit
from portal.refusals import Refused
from portal.staff import Step
from portal.uploads.serving import serve

from ..forms.handling import CaseForm
from ..models import Case, CaseFile
from ..permissions import visible_cases
from .actions import BY_NAME, Action
from .case_page import page_of, with_everything
from .queue import QueueAdmin


@admin.register(Case)
class CaseAdmin(QueueAdmin):
    """Who may not see a case is told that there is none, on every page of it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_cases(request.user, super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        """Add what is done on the page of a case, and its files."""
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/do/<slug:name>/",
                view(self.do_view),
                name="complaints_case_do",
            ),
            path(
                "<path:object_id>/file/<uuid:file_id>/",
                view(self.file_view),
                name="complaints_case_file",
            ),
            *super().get_urls(),
        ]

    def steps(self, row: Any) -> list[Step]:
        return []  # what is done has its place on the page: actions.py

    # --- The page of a case ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the case, and remember who looked at it."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._page(request, self._case(request, object_id))

    def do_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Take what was filled in beside the case; give it back with what is wrong."""
        row = self._case(request, object_id)
        if name not in BY_NAME:
            raise Http404
        action = BY_NAME[name]
        if not request.user.has_perm(f"complaints.{action.right}"):
            raise PermissionDenied
        if request.method != "POST":
            return self._back(row)
        form = action.form(request.POST, about=row, user=request.user, auto_id=f"{name}-%s")
        if form.is_valid() and self._done(request, row, action, form):
            messages.success(request, action.done)
            return self._after(row, action)
        return self._page(request, row, failed=(name, form))

    def file_view(self, request: HttpRequest, object_id: str, file_id: UUID) -> HttpResponseBase:
        """Show the cleaned copy of a file; who opened it stays in the trail."""
        row = self._case(request, object_id)
        part = CaseFile.objects.filter(case=row, file_id=file_id).select_related("file").first()
        if part is None:
            raise Http404
        try:
            return serve(request, part.file)
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
            return self._back(row)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the trail of a case that one may see."""
        self._case(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """No step of its own: see `actions`."""
        raise Http404

    def _case(self, request: HttpRequest, object_id: str) -> Case:
        """Return a case that this person may see; Http404 for all others, guessed or not."""
        try:
            rows = with_everything(self.get_queryset(request))
            found: Case | None = rows.filter(pk=object_id).first()
        except (ValidationError, ValueError):
            found = None
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def _page(
        self, request: HttpRequest, row: Case, failed: tuple[str, CaseForm] | None = None
    ) -> HttpResponse:
        audit.record_read(actor=request.user, subject=row, what="case")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row.name or row.reference,
            **page_of(row, request.user, failed),
        }
        status = 422 if failed else 200
        return render(request, "admin/case/page.html", context, status=status)

    def _done(self, request: HttpRequest, row: Case, action: Action, form: CaseForm) -> bool:
        try:
            action.run(row, request.user, form.given())
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            return False
        return True

    def _after(self, row: Case, action: Action) -> HttpResponse:
        if action.leads_back:
            return redirect("admin:complaints_case_changelist")
        page = reverse("admin:complaints_case_change", args=[row.pk])
        return redirect(f"{page}#{action.place}")
