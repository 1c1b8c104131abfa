from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.answers import whose
from applications.models import passport_key
from portal.audit import operations as audit
from portal.display import Row
from portal.formats import moment
from portal.references import as_typed
from portal.refusals import Refused
from portal.staff import DayFilter, Step, StepsAdmin

from .. import operations
from ..forms.correction import CorrectionForm
from ..models import Appointment
from ..workflow import APPOINTMENT_WORKFLOW
from .centre import OwnCentresFilter


class SlotDayFilter(DayFilter):
    field = "slot__starts_at"


_STEPS = {
    "serve": (_("Served: file handed in"), "no"),
    "not_accept": (_("File not accepted"), "needed"),
    "miss": (_("Did not come"), "no"),
}


@admin.register(Appointment)
class AppointmentAdmin(StepsAdmin):
    mission_path = "application__mission"
    list_display = ("reference", "time", "traveller", "state", "place", "file")
    list_filter = (SlotDayFilter, "state", ("slot__centre", OwnCentresFilter), "slot__service")
    list_select_related = ("slot__centre", "application__mission")
    date_hierarchy = "slot__starts_at"
    ordering = ("slot__starts_at", "reference")
    search_fields = ("reference",)
    search_help_text = _(
        "Reference of the appointment or of the application, or whole passport number"
    )
    fields = (
        *("reference", "state", "day_and_time", "place", "traveller", "passport", "file"),
        *("booked_at", "updated_at", "correction"),
    )
    readonly_fields = ("day_and_time", "place", "file", "traveller", "passport", "correction")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        reference = as_typed(search_term)
        return (
            queryset.filter(reference=reference)
            | queryset.filter(application__reference=reference)
            | queryset.filter(application__passport_key=passport_key(search_term.strip()))
        ), False

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("appointment"), row.reference),
            Row(gettext("time"), self.day_and_time(row)),
            *whose(row.application),
        ]

    def steps(self, row: Any) -> list[Step]:
        allowed = set(APPOINTMENT_WORKFLOW.names_from(row.state))
        if row.slot.starts_at > timezone.now():
            allowed -= {"miss"}
        steps = [
            Step(name, label, _close(name), reason)
            for name, (label, reason) in _STEPS.items()
            if name in allowed
        ]
        if "cancel" in allowed:
            told = _("The applicant is told by e-mail that the appointment is cancelled.")
            steps.append(Step("cancel", _("Cancel for the centre"), _cancel, "needed", told))
        return steps

    def get_urls(self) -> list[URLPattern]:
        correct = path(
            "<uuid:object_id>/correct/",
            self.admin_site.admin_view(self.correct_view),
            name="appointments_appointment_correct",
        )
        return [correct, *super().get_urls()]

    def correct_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Correct a typing error in who the appointment is bound to (AT-03)."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        if not row.is_live:
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect("admin:appointments_appointment_change", row.pk)
        audit.record_read(actor=request.user, subject=row, what="correction page")
        form = CorrectionForm(
            request.POST if request.method == "POST" else None,
            initial=asdict(operations.identity_of(row.application)),
        )
        if form.is_valid() and self._corrected(request, row, form):
            return redirect("admin:appointments_appointment_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Correct a typing error"),
            "row": row,
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/appointment/correct.html", context, status=status)

    def _corrected(self, request: HttpRequest, row: Appointment, form: CorrectionForm) -> bool:
        try:
            operations.correct_typing_error(
                appointment=row,
                corrected=form.identity(),
                actor=request.user,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
            return False
        messages.success(request, gettext("Corrected. The trail keeps your reason."))
        return True

    @admin.display(description=_("typing error"))
    def correction(self, row: Appointment) -> str:
        if not row.is_live:
            return ""
        url = reverse("admin:appointments_appointment_correct", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Correct a typing error"))

    @admin.display(description=_("time"), ordering="slot__starts_at")
    def time(self, row: Appointment) -> Any:
        return row.slot.starts_at

    @admin.display(description=_("time"))
    def day_and_time(self, row: Appointment) -> str:
        return moment(row.slot.starts_at)

    @admin.display(description=_("centre"))
    def place(self, row: Appointment) -> str:
        return str(row.slot.centre.name)

    @admin.display(description=_("application"))
    def file(self, row: Appointment) -> str:
        url = reverse("admin:applications_application_change", args=[row.application_id])
        return format_html('<a href="{}">{}</a>', url, row.application.reference)

    @admin.display(description=_("traveller"))
    def traveller(self, row: Appointment) -> str:
        return str(row.application.traveller)

    @admin.display(description=_("passport number"))
    def passport(self, row: Appointment) -> str:
        return str(row.application.passport_number)


def _close(step: str) -> Any:
    def run(row: Appointment, actor: Any, reason: str) -> None:
        operations.close(appointment=row, step=step, actor=actor, reason=reason)

    return run


def _cancel(row: Appointment, actor: Any, reason: str) -> None:
    operations.cancel_by_staff(appointment=row, actor=actor, reason=reason)
