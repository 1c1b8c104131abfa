from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.dates import civil_date
from portal.forms.by_language import NamesForm, texts
from portal.forms.ranges import DayRange, DaysField
from portal.refusals import Refused
from portal.staff import DayFilter, OwnRowsFilter

from .. import capacity, replanning, waiting_times
from ..days_off import days_off, toggle_day
from ..forms.days_off import DayOffForm
from ..freed_seats import check_not_held
from ..models import Centre, Closure, OpeningHours, Slot
from ..refusals import HeldBack
from ..rules.law import LAW
from ..rules.target import target


class OwnCentresFilter(OwnRowsFilter):
    path = "mission"

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        rows = visible_to(Centre.objects.select_related("mission"), request.user, path=self.path)
        return [(str(row.pk), f"{row.mission.name} · {row.name}") for row in rows]


class OpeningHoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OpeningHours
    extra = 0
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}


class ClosureInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Closure
    extra = 0


SHOWN = 200  # differences on one page; the numbers above them count all


class CentreForm(NamesForm):
    """Takes only names and addresses that pages can read."""

    def clean_addresses(self) -> Any:
        return texts(self.cleaned_data["addresses"])


@admin.register(Centre)
class CentreAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = CentreForm
    list_display = ("code", "name", "mission", "is_active", "horizon_days", "notice_hours")
    list_filter = (("mission", OwnRowsFilter), "is_active")
    list_select_related = ("mission",)
    search_fields = ("code",)
    inlines = (OpeningHoursInline, ClosureInline)
    actions = ("open_slots",)
    fields = (
        *("mission", "code", "names", "addresses", "post", "horizon_days", "notice_hours"),
        *("is_active", "hours_and_slots", "waiting"),
    )
    readonly_fields = ("hours_and_slots", "waiting")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Its slots and appointments belong to the mission; moving it would hand them over.
        shown = ("hours_and_slots", "waiting")
        return ("mission", "code", *shown) if obj else shown

    @admin.display(description=_("hours and slots"))
    def hours_and_slots(self, row: Centre) -> str:
        if row.pk is None:
            return ""
        address = reverse("admin:appointments_centre_hours", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Compare the hours with the slots"))

    @admin.display(description=_("waiting times"))
    def waiting(self, row: Centre) -> str:
        address = reverse("admin:appointments_centre_waiting")
        return format_html('<a href="{}">{}</a>', address, _("How soon people get appointments"))

    def get_urls(self) -> list[URLPattern]:
        waiting = path(
            "waiting/",
            self.admin_site.admin_view(self.waiting_view),
            name="appointments_centre_waiting",
        )
        hours = path(
            "<path:object_id>/hours/",
            self.admin_site.admin_view(self.hours_view),
            name="appointments_centre_hours",
        )
        return [waiting, hours, *super().get_urls()]

    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        """Show how soon people get appointments at the viewer's centres (RD-10)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = Centre.objects.filter(is_active=True).select_related("mission")
        centres = list(visible_to(own, request.user).order_by("mission__code", "code"))
        now = timezone.now()
        people, total = waiting_times.waiting(centres, now)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("How soon people get appointments"),
            "target_days": target(LAW.on(civil_date(now))).days,
            "lines": waiting_times.lines(centres, now),
            "people": people,
            "total": total,
        }
        return render(request, "admin/centre/waiting.html", context)

    def hours_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what changed hours would do to open slots; on POST do it, or open or close a day."""
        centre = self.get_object(request, object_id)
        if centre is None:
            raise Http404
        if not self.has_view_permission(request, centre):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, centre):
                raise PermissionDenied
            self._change_hours(request, centre)
            return redirect("admin:appointments_centre_hours", centre.pk)
        return render(request, "admin/centre/hours.html", self._hours(request, centre))

    def _hours(self, request: HttpRequest, centre: Centre) -> dict[str, Any]:
        today = civil_date(timezone.now())
        replan = replanning.compare(centre=centre, today=today)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Hours and slots"),
            "centre": centre,
            "replan": replan,
            "shown": replan.differences[:SHOWN],
            "more": max(0, len(replan.differences) - SHOWN),
            "days_off": days_off(centre, replan.first_day, replan.last_day),
            "may_change": self.has_change_permission(request, centre),
        }

    def _change_hours(self, request: HttpRequest, centre: Centre) -> None:
        if "day" in request.POST:
            form = DayOffForm(request.POST)
            if form.is_valid():
                toggle_day(centre=centre, actor=request.user, **form.cleaned_data)
            else:
                messages.error(request, _("This day cannot be read. Choose one from the list."))
            return
        try:
            replanning.apply(
                centre=centre,
                today=civil_date(timezone.now()),
                seen=request.POST.get("seen", ""),
                actor=request.user,
            )
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("The slots follow the hours now."))

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
        if capacity_ is not None and released is not None and not self.errors:
            try:
                check_not_held(self.instance, capacity=capacity_, released=released)
            except HeldBack as refusal:
                self.add_error("released", f"{refusal.message} {refusal.remedy}")
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
