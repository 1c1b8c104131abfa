from __future__ import annotations

from typing import Any

from django import forms
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
from portal.accounts.access import visible_to
from portal.dates import civil_date
from portal.display import Row
from portal.formats import moment
from portal.references import as_typed
from portal.staff import DayFilter, OwnRowsFilter, Step, StepsAdmin

from .. import capacity, operations
from ..models import Appointment, Centre, Closure, OpeningHours, Slot
from ..workflow import APPOINTMENT_WORKFLOW


class OwnCentresFilter(OwnRowsFilter):
    path = "mission"

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        rows = visible_to(Centre.objects.select_related("mission"), request.user, path=self.path)
        return [(str(row.pk), f"{row.mission.name} · {row.name}") for row in rows]


class SlotDayFilter(DayFilter):
    field = "slot__starts_at"


class OpeningHoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OpeningHours
    extra = 0


class ClosureInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Closure
    extra = 0


@admin.register(Centre)
class CentreAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "mission", "is_active", "horizon_days", "notice_hours")
    list_filter = (("mission", OwnRowsFilter), "is_active")
    list_select_related = ("mission",)
    search_fields = ("code",)
    inlines = (OpeningHoursInline, ClosureInline)
    actions = ("open_slots",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Its slots and appointments belong to the mission; moving it would hand them over.
        return ("mission", "code") if obj else ()

    @admin.action(description=_("Open slots up to the horizon"), permissions=["change"])
    def open_slots(self, request: HttpRequest, queryset: QuerySet[Centre]) -> None:
        today = civil_date(timezone.now())
        new = sum(capacity.open_horizon(centre=centre, today=today) for centre in queryset)
        self.message_user(request, _("New slots: %(count)s") % {"count": new})


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]
    """Only the seats of a slot can be changed."""

    class Meta:
        model = Slot
        fields = ("capacity", "released")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        capacity_, released = answers.get("capacity"), answers.get("released")
        if released is not None and released < self.instance.taken:
            self.add_error("released", _("Fewer than are taken already."))
        if capacity_ is not None and released is not None and released > capacity_:
            self.add_error("released", _("More than the capacity."))
        return answers


@admin.register(Slot)
class SlotAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = SlotForm
    list_display = ("starts_at", "centre", "service", "minutes", "taken", "released", "capacity")
    list_filter = (DayFilter, ("centre", OwnCentresFilter), "service")
    list_select_related = ("centre",)
    list_per_page = 50
    date_hierarchy = "starts_at"
    fields = ("centre", "service", "starts_at", "minutes", "taken", "released", "capacity")
    readonly_fields = ("centre", "service", "starts_at", "minutes", "taken")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user, path="centre__mission")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Slot | None:
        slot = super().get_object(request, object_id, from_field)
        if slot is None or request.method != "POST":
            return slot
        # Held while the form is checked and saved, so that nobody books in between.
        return Slot.objects.select_for_update().get(pk=slot.pk)

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: bool) -> None:
        capacity.set_seats(
            slot=obj, capacity=obj.capacity, released=obj.released, actor=request.user
        )


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
