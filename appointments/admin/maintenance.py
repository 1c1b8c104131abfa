from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.dates import ALGIERS
from portal.display import Row
from portal.formats import clock, short_date
from portal.missions.models import Mission
from portal.refusals import Refused
from portal.staff import Step, StepsAdmin

from ..enums import MaintenanceState, Suspended
from ..forms.maintenance import EmergencyForm, EndForm, HoursFormSet, PlanForm, all_hours
from ..maintenance_effect import CentreEffect, effects, touched_draws
from ..models import Centre, Maintenance, MaintenanceWindow
from ..operations import maintenance

_LIST = "admin:appointments_maintenance_changelist"
_ROW = "admin:appointments_maintenance_change"


@admin.register(Maintenance)
class MaintenanceAdmin(StepsAdmin):
    """Closures are planned, announced, shortened, extended and called off here (RD-04)."""

    mission_path = "mission"
    change_list_template = "admin/maintenance/list.html"
    list_display = ("reference", "mission", "reason", "state", "when", "is_emergency")
    list_filter = ("state", "reason", "is_emergency")
    list_select_related = ("mission",)
    fields = (
        *("reference", "mission", "state", "reason", "what_waits", "announce_at", "is_emergency"),
        *("windows_in_words", "touched", "draws", "other_end", "new_times", "note"),
    )
    readonly_fields = (
        *("what_waits", "windows_in_words", "touched", "draws", "other_end", "new_times"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appointments.add_maintenance")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the emergency, and the page that sets another end."""
        name = "appointments_maintenance"
        own = [
            path(
                "emergency/",
                self.admin_site.admin_view(self.emergency_view),
                name=f"{name}_emergency",
            ),
            path(
                "<int:object_id>/end/",
                self.admin_site.admin_view(self.end_view),
                name=f"{name}_end",
            ),
        ]
        return [*own, *super().get_urls()]

    # --- planning --------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Fill in a draft; whom it touches is on the page that follows."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else None
        more = sent is not None and "more" in sent
        form = PlanForm(*_own(request), None if more else sent)
        rows = HoursFormSet(_with_more_rows(sent) if more else sent, prefix="hours")
        if more:
            form = PlanForm(*_own(request), sent)
        elif form.is_valid() and rows.is_valid():
            row = self._planned(request, form, rows)
            if row is not None:
                return redirect(_ROW, row.pk)
        context = {"title": _("Plan a maintenance"), "form": form, "rows": rows, "more": more}
        wrong = sent is not None and not more
        return self._page(request, "admin/maintenance/plan.html", context, wrong=wrong)

    def _planned(self, request: HttpRequest, form: PlanForm, rows: Any) -> Maintenance | None:
        try:
            row = maintenance.plan(wish=form.wish(all_hours(rows)), actor=request.user)
        except Refused as refusal:
            _add_refusal(form, refusal)
            return None
        messages.info(
            request, gettext("The draft is kept. Look at whom it touches, then announce it.")
        )
        return row

    def emergency_view(self, request: HttpRequest) -> HttpResponse:
        """Close from now on: one form, announced at once."""
        if not self.has_add_permission(request) or not self.may_take_steps(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else None
        form = EmergencyForm(*_own(request), sent, until=_in_two_hours())
        if form.is_valid():
            try:
                row = maintenance.declare_emergency(actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                _add_refusal(form, refusal)
            else:
                messages.success(request, gettext("Closed from now on, and everybody is told."))
                return redirect(_ROW, row.pk)
        context = {"title": _("Emergency: close now"), "form": form}
        return self._page(
            request, "admin/maintenance/emergency.html", context, wrong=sent is not None
        )

    # --- another end -------------------------------------------------------------------------

    def end_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Shorten or extend windows that are not over."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        windows = _not_over(row)
        if not windows:
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect(_ROW, row.pk)
        audit.record_read(actor=request.user, subject=row, what="end page")
        sent = request.POST if request.method == "POST" else None
        form = EndForm(windows, sent)
        if form.is_valid() and self._ended(request, row, form):
            return redirect(_ROW, row.pk)
        context = {"title": _("Shorten or extend"), "form": form, "row": row}
        return self._page(request, "admin/maintenance/end.html", context, wrong=sent is not None)

    def _ended(self, request: HttpRequest, row: Maintenance, form: EndForm) -> bool:
        act = maintenance.shorten if "shorten" in request.POST else maintenance.extend
        try:
            act(
                maintenance_id=row.pk,
                window_ids=form.window_ids(),
                end=form.cleaned_data["end"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except Refused as refusal:
            _add_refusal(form, refusal)
            return False
        messages.success(request, gettext("The new end holds from now on."))
        return True

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, wrong: bool
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return render(request, template, context, status=422 if wrong else 200)

    # --- steps ------------------------------------------------------------------------------

    def steps(self, row: Any) -> list[Step]:
        note = _(
            "Nothing in these hours can be booked from now on. Nobody who is booked needs to do "
            "anything: you plan their new times next."
        )
        off = _(
            "What has not begun opens again: first for the people who were moved away from it, "
            "then for everybody. What is over stays in the record."
        )
        announce = Step("announce", _("Announce"), _announce, note=note)
        call_off = Step("call-off", _("Call off"), _call_off, "needed", off)
        if row.state == MaintenanceState.DRAFT:
            return [announce, call_off]
        ahead = row.state == MaintenanceState.ANNOUNCED and _not_over(row)
        return [call_off] if ahead else []

    def facts(self, row: Any) -> list[Row]:
        found = [Row(one.centre.name, _in_words(one)) for one in effects(row)]
        drawn = [Row(gettext("draw"), self.draws(row))] if touched_draws(row) else []
        return [Row(gettext("mission"), row.mission.name), *found, *drawn]

    # --- columns -----------------------------------------------------------------------------

    @admin.display(description=_("hours (time of Algiers)"))
    def when(self, row: Maintenance) -> str:
        hours = sorted({(one.hours.lower, one.hours.upper) for one in row.windows.all()})
        if not hours:
            return "–"
        first = _span(*hours[0])
        if len(hours) == 1:
            return first
        more = ngettext("and %(count)s more", "and %(count)s more", len(hours) - 1)
        return f"{first}, {more % {'count': len(hours) - 1}}"

    @admin.display(description=_("waits meanwhile"))
    def what_waits(self, row: Maintenance) -> str:
        return ", ".join(str(Suspended(one).label) for one in row.suspends)

    @admin.display(description=_("windows (time of Algiers)"))
    def windows_in_words(self, row: Maintenance) -> str:
        rows = row.windows.select_related("centre").order_by("hours", "centre")
        given_up = gettext("given up")
        lines = (
            (
                one.centre.name,
                _span(one.hours.lower, one.hours.upper),
                "" if one.in_force or row.state == MaintenanceState.DRAFT else f" ({given_up})",
            )
            for one in rows
        )
        return format_html_join("", "<div><bdi>{}</bdi>: <bdi>{}</bdi>{}</div>", lines)

    @admin.display(description=_("appointments it touches"))
    def touched(self, row: Maintenance) -> str:
        lines = ((one.centre.name, _in_words(one)) for one in effects(row))
        return format_html_join("", "<div><bdi>{}</bdi>: {}</div>", lines) or "–"

    @admin.display(description=_("draws it touches"))
    def draws(self, row: Maintenance) -> str:
        found = touched_draws(row)
        lines = ((one.centre.name, str(one.days), one.get_state_display()) for one in found)
        return format_html_join("", "<div><bdi>{}</bdi>, <bdi>{}</bdi>: {}</div>", lines) or "–"

    @admin.display(description=_("another end"))
    def other_end(self, row: Maintenance) -> str:
        if not _not_over(row):
            return "–"
        address = reverse("admin:appointments_maintenance_end", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Shorten or extend"))

    @admin.display(description=_("new times"))
    def new_times(self, row: Maintenance) -> str:
        if row.state != MaintenanceState.ANNOUNCED:
            return "–"
        try:
            address = reverse("admin:appointments_moveplan_add")
        except NoReverseMatch:
            return "–"
        text = gettext("Plan new times for everybody in these hours")
        return format_html('<a href="{}?maintenance={}">{}</a>', address, row.pk, text)


def _own(request: HttpRequest) -> tuple[Any, Any]:
    missions = visible_to(Mission.objects.filter(is_active=True), request.user, path="pk")
    centres = Centre.objects.filter(is_active=True).select_related("mission")
    return missions, visible_to(centres, request.user)


def _with_more_rows(sent: Any) -> Any:
    data = sent.copy()
    total = data.get("hours-TOTAL_FORMS", "")
    data["hours-TOTAL_FORMS"] = str(int(total) + 3 if total.isascii() and total.isdigit() else 3)
    return data


def _add_refusal(form: Form, refusal: Refused) -> None:
    form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())


def _in_two_hours() -> datetime:
    """Return the next full hour after the next two: a guess that spares typing."""
    later = timezone.now().astimezone(ALGIERS) + timedelta(hours=3)
    return later.replace(minute=0, second=0, microsecond=0)


def _not_over(row: Maintenance) -> list[MaintenanceWindow]:
    ahead = row.windows.filter(in_force=True, hours__endswith__gt=timezone.now())
    return list(ahead.select_related("centre"))


def _span(start: datetime, end: datetime) -> str:
    same_day = short_date(start) == short_date(end)
    last = clock(end) if same_day else f"{short_date(end)} {clock(end)}"
    return f"{short_date(start)} {clock(start)} – {last}"


def _in_words(effect: CentreEffect) -> str:
    inside = ngettext(
        "%(count)s appointment starts inside and needs a new time",
        "%(count)s appointments start inside and need a new time",
        effect.affected,
    ) % {"count": effect.affected}
    if not effect.overlapped:
        return inside
    runs = ngettext(
        "%(count)s starts before and runs into it: look at it",
        "%(count)s start before and run into it: look at them",
        effect.overlapped,
    ) % {"count": effect.overlapped}
    return f"{inside}; {runs}"


def _announce(row: Maintenance, actor: Any, reason: str) -> None:
    maintenance.announce(maintenance_id=row.pk, actor=actor, reason=reason)


def _call_off(row: Maintenance, actor: Any, reason: str) -> None:
    maintenance.call_off(maintenance_id=row.pk, actor=actor, reason=reason)
