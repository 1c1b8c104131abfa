from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.answers import whose
from applications.models import passport_key
from portal.display import Row
from portal.formats import moment
from portal.references import as_typed
from portal.staff import DayFilter, Step, StepsAdmin

from .. import operations
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
        *("booked_at", "updated_at"),
    )
    readonly_fields = ("day_and_time", "place", "file", "traveller", "passport")

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
