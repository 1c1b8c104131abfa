"""Mails that reached a mission: registered, added to a case, or set aside by an officer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.display import Row
from portal.formats import moment
from portal.refusals import Refused
from portal.staff import OwnRowsFilter, Step, StepsAdmin
from portal.uploads.serving import serve

from ..forms.register import MailForm, ToCaseForm
from ..models import Case, IncomingMail
from ..operations.mails import OPEN_MAILS, add_mail, register_mail, set_mail_aside
from ..permissions import visible_cases
from ..refusals import AlreadyRegistered
from ..rules.notification_date import named_day
from ..wording import mail_note


@admin.register(IncomingMail)
class IncomingMailAdmin(StepsAdmin):
    """Whoever claims to have sent a mail is shown as a claim; files open only when checked."""

    change_form_template = "admin/incoming_mail/change_form.html"
    list_display = ("came", "claims", "about", "attachments", "outcome", "case")
    list_display_links = ("came",)
    list_filter = ("outcome", ("mission", OwnRowsFilter))
    list_select_related = ("case", "mission")
    list_per_page = 50
    fields = ("to", "came", "claims", "about", "attachments", "outcome", "case", "done_by")
    readonly_fields = ("to", "came", "claims", "about", "done_by")

    @admin.display(description=_("mission"))
    def to(self, row: IncomingMail) -> str:
        return str(row.mission)

    @admin.display(description=_("handled by"))
    def done_by(self, row: IncomingMail) -> str:
        return str(row.settled_by or "–")

    @admin.display(description=_("received"), ordering="received_at")
    def came(self, row: IncomingMail) -> str:
        return moment(row.received_at)

    @admin.display(description=_("says it is from"))
    def claims(self, row: IncomingMail) -> str:
        return format_html("<bdi>{}</bdi>", row.sender or "–")

    @admin.display(description=_("subject"))
    def about(self, row: IncomingMail) -> str:
        return format_html("<bdi>{}</bdi>", row.subject or "–")

    def steps(self, row: Any) -> list[Step]:
        if row.outcome not in OPEN_MAILS:
            return []
        note = _("The mail stays. Nobody is told.")
        return [Step("set_aside", _("Nothing to do"), _set_aside, "needed", note)]

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("received"), moment(row.received_at)),
            Row(gettext("says it is from"), row.sender),
            Row(gettext("subject"), row.subject),
        ]

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "complaints_incomingmail_"
        return [
            path("<int:object_id>/register/", view(self.register_view), name=f"{name}register"),
            path("<int:object_id>/to-case/", view(self.to_case_view), name=f"{name}to_case"),
            path("<int:object_id>/file/<uuid:file_id>/", view(self.file_view), name=f"{name}file"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a mail with what was noticed, its files, and what can be done."""
        row = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if row is not None:
            context["notes"] = [mail_note(code) for code in row.notes]
            context["files"] = row.files.select_related("file")
            context["named"] = named_day(row.text, civil_date(row.received_at))
            context["is_open"] = row.outcome in OPEN_MAILS and self.may_take_steps(request)
        return super().change_view(request, object_id, form_url, context)

    def register_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Complete the registration of a mail that has a letter."""
        row = self._own(request, object_id)
        if not request.user.has_perm("complaints.add_appeal"):
            raise PermissionDenied
        if not row.files.exists() or row.outcome not in OPEN_MAILS:
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect("admin:complaints_incomingmail_change", row.pk)
        initial = {
            "notified_on": named_day(row.text, civil_date(row.received_at)),
            "letter": row.files.first(),
        }
        data = request.POST if request.method == "POST" else None
        form = MailForm(data, mail=row, initial=initial)
        same: dict[str, str] = {}
        if form.is_valid():
            try:
                appeal = register_mail(
                    mail=row,
                    actor=request.user,
                    person=form.person(),
                    contested=form.contested(),
                    language=form.cleaned_data["language"],
                    letter=form.cleaned_data["letter"],
                    despite=form.cleaned_data["despite"],
                )
            except Refused as refusal:
                form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
                same = refusal.params if isinstance(refusal, AlreadyRegistered) else {}
            else:
                messages.success(request, gettext("Saved: %(number)s.") % {"number": appeal})
                return redirect("admin:complaints_appeal_change", appeal.pk)
        return self._form(request, row, form, _("Register this e-mail as an appeal"), same)

    def to_case_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Put a mail beside a case that exists."""
        row = self._own(request, object_id)
        form = ToCaseForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            case = _case(request, row, form.cleaned_data["reference"])
            if case is None:
                form.add_error("reference", gettext("There is no such case that you may see."))
            else:
                try:
                    add_mail(mail=row, actor=request.user, case=case)
                except Refused as refusal:
                    form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
                else:
                    messages.success(request, gettext("Saved."))
                    return redirect("admin:complaints_incomingmail_change", row.pk)
        return self._form(request, row, form, _("Add this e-mail to a case"), {})

    def file_view(self, request: HttpRequest, object_id: int, file_id: UUID) -> HttpResponseBase:
        """Show a file of a mail, once it is checked."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        part = row.files.filter(file_id=file_id).select_related("file").first()
        if part is None:
            raise Http404
        try:
            return serve(request, part.file, download="download" in request.GET)
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
            return redirect("admin:complaints_incomingmail_change", row.pk)

    def _own(self, request: HttpRequest, object_id: int) -> IncomingMail:
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        audit.record_read(actor=request.user, subject=row, what="mail form")
        found: IncomingMail = row
        return found

    def _form(
        self, request: HttpRequest, row: IncomingMail, form: Any, title: Any, same: dict[str, str]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "mail": row,
            "same": same.get("number"),
            "same_case": same.get("case"),
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/incoming_mail/form.html", context, status=status)


def _case(request: HttpRequest, mail: IncomingMail, typed: str) -> Case | None:
    """Find a case by its reference, or by year and number in the register of the mission."""
    rows = visible_cases(request.user).filter(mission=mail.mission_id)
    typed = typed.strip().upper()
    year, slash, number = typed.partition("/")
    if slash and year.isdecimal() and number.isdecimal() and len(year + number) < 12:
        return rows.filter(appeal__year=int(year), appeal__number=int(number)).first()
    return rows.filter(reference=typed).first()


def _set_aside(row: IncomingMail, actor: Any, reason: str) -> None:
    set_mail_aside(mail=row, actor=actor, reason=reason)
