"""Plans of new times: begun, looked at, changed by hand, applied (RD-06)."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.display import Row
from portal.formats import moment
from portal.refusals import Refused
from portal.staff import Step, StepsAdmin

from ..enums import MovePlanState
from ..forms.moves import BeginForm, HoursForm, PinForm
from ..models import Appointment, Centre, Maintenance, MovePlan, Slot
from ..move_aftermath import aftermath, timeline
from ..move_charts import LINES, WIDTH, distribution, timelines
from ..move_preview import PAGE, Words, csv_rows, length, named, slice_of
from ..operations import move_applying, move_plans
from ..rules.moves import MoveRules, Plan
from .centre import OwnCentresFilter

_WORKING = (MovePlanState.COMPUTING, MovePlanState.APPLYING)
_CAN_CHANGE = (MovePlanState.READY, MovePlanState.FAILED)
_OFFERED = 80  # times that can be chosen by hand: the nearest after the old one
_REFRESH = 5  # seconds between two looks at a plan that is being worked on


@admin.register(MovePlan)
class MovePlanAdmin(StepsAdmin):
    """The page of a plan is its preview; each thing done there is one operation."""

    shows_people = True
    mission_path = "maintenance__mission"
    list_display = ("__str__", "state", "people", "created_at", "computed_at", "applied_at")
    list_filter = ("state", ("maintenance__windows__centre", OwnCentresFilter))
    list_select_related = ("maintenance",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("maintenance__mission").defer("plan")

    @admin.display(description=_("people"))
    def people(self, row: MovePlan) -> str:
        if "moved" not in row.totals:
            return "–"
        return str(gettext("%(moved)s moved, %(unplaced)s without a time") % row.totals)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appointments.add_moveplan")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [
            self._url("csv", "moves.csv", self.csv_view),
            self._url("apply", "apply/", self.apply_view),
            self._url("seats", "seats/", self.seats_view),
            self._url("hours", "hours/", self.hours_view),
            self._url("pin", "pin/<uuid:appointment_id>/", self.pin_view),
            *super().get_urls(),
        ]

    def _url(self, name: str, route: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
        return path(
            f"<uuid:object_id>/{route}",
            self.admin_site.admin_view(view),
            name=f"appointments_moveplan_{name}",
        )

    def steps(self, row: Any) -> list[Step]:
        if row.state not in _CAN_CHANGE and row.state != MovePlanState.COMPUTING:
            return []
        again = Step(
            "again",
            _("Compute again"),
            lambda row, actor, _reason: move_plans.compute_again(plan_id=row.pk, actor=actor),
            note=_("By how things stand now. Choices by hand and added seats stay."),
        )
        aside = Step(
            "set-aside",
            _("Put this plan away"),
            lambda row, actor, reason: move_plans.set_aside(
                plan_id=row.pk, actor=actor, reason=reason
            ),
            "optional",
            _("Nobody is moved by it. Another plan can be begun at any time."),
        )
        return [again, aside] if row.state in _CAN_CHANGE else [aside]

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("maintenance"), str(row.maintenance)),
            Row(gettext("state"), str(row.get_state_display())),
            Row(gettext("people"), self.people(row)),
        ]

    # --- beginning ----------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Choose the rules of a plan; a worker computes it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._begin_form(request)
        if form.is_valid():
            plan = self._begun(request, form)
            if plan is not None:
                return redirect("admin:appointments_moveplan_change", plan.pk)
        return self._form_page(request, _("Plan new times"), form, _("Compute the plan"))

    def _begin_form(self, request: HttpRequest) -> BeginForm:
        open_ones = (
            Maintenance.objects.filter(windows__in_force=True).distinct().select_related("mission")
        )
        own = visible_to(open_ones, request.user)
        centres = visible_to(
            Centre.objects.filter(maintenance_windows__in_force=True).distinct(),
            request.user,
            path="mission",
        )
        rules = MoveRules.by_law(timezone.now(), centres.values_list("code", flat=True))
        initial = {
            "maintenance": request.GET.get("maintenance"),
            "notice_hours": int(rules.notice.total_seconds() // 3600),
            "earlier_centres": sorted(rules.earlier_same_day),
        }
        return BeginForm(own, centres, request.POST if request.method == "POST" else None, initial)

    def _begun(self, request: HttpRequest, form: BeginForm) -> MovePlan | None:
        told = form.cleaned_data
        try:
            return move_plans.begin(
                maintenance_id=told["maintenance"].pk,
                notice_hours=told["notice_hours"],
                earlier_centres=[one.code for one in told["earlier_centres"]],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            return None

    # --- the preview --------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the plan: numbers, pictures, each move and why, who is left, what changed."""
        row = self.get_object(request, object_id)
        if request.method != "GET" or row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        audit.record_read(actor=request.user, subject=row, what="plan of new times")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(row),
            "row": row,
            "totals": row.totals,
            "steps": self.steps(row) if self.may_take_steps(request) else [],
            "may_change": self.may_take_steps(request) and row.state in _CAN_CHANGE,
            "may_apply": self.may_take_steps(request)
            and row.state == MovePlanState.READY
            and bool(row.totals.get("moved")),
            "is_working": row.state in _WORKING,
            "aftermath": aftermath(row) if row.state == MovePlanState.APPLIED else None,
            "timeline": timeline(row.maintenance),
            **_numbers(row),
            **_lines(row, request.GET.get("show", ""), _page(request)),
        }
        response = render(request, "admin/moves/preview.html", context)
        if row.state in _WORKING:
            response["Refresh"] = str(_REFRESH)
        return response

    def csv_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponseBase:
        """Send the whole plan as a table, piece by piece."""
        row = self._visible(request, object_id)
        audit.record_read(actor=request.user, subject=row, what="list of new times")
        response = StreamingHttpResponse(_written(row), content_type="text/csv; charset=utf-8")
        name = f"{row.maintenance.reference}-{row.number}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    # --- what a manager does with it ----------------------------------------------------------

    def apply_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Show the fingerprint once more, then let a worker move everybody."""
        row = self._changeable(request, object_id)
        if request.method == "POST":
            digest = request.POST.get("digest", "")
            self._try(
                request,
                lambda: move_applying.apply(plan_id=row.pk, digest=digest, actor=request.user),
                gettext("The plan is being applied."),
            )
            return redirect("admin:appointments_moveplan_change", row.pk)
        if row.state != MovePlanState.READY:
            return self._too_late(request, row)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Apply the plan"),
            "row": row,
            "totals": row.totals,
            **_numbers(row),
        }
        return render(request, "admin/moves/apply.html", context)

    def seats_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Add the seats that would place everybody, as the plan names them."""
        row = self._changeable(request, object_id)
        plan = slice_of(row.pk, count=1, unplaced=1)
        if request.method == "POST" and plan is not None:
            seats = {need.slot: need.seats for need in plan.needs}
            self._try(
                request,
                lambda: move_plans.add_seats(plan_id=row.pk, seats=seats, actor=request.user),
                gettext("The seats are added to the plan. It is computed again."),
            )
        return redirect("admin:appointments_moveplan_change", row.pk)

    def hours_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Open hours of one day for those who move."""
        row = self._changeable(request, object_id)
        if row.state not in _CAN_CHANGE:
            return self._too_late(request, row)
        centres = Centre.objects.filter(maintenance_windows__maintenance=row.maintenance_id)
        form = HoursForm(centres.distinct(), request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                move_plans.add_hours(plan_id=row.pk, hours=form.hours(), actor=request.user)
            except Refused as refusal:
                form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            else:
                messages.success(request, gettext("The hours are added. The plan is computed."))
                return redirect("admin:appointments_moveplan_change", row.pk)
        note = _(
            "The times stand in the calendar at once, without a seat. Their seats come into being "
            "when the plan is applied, and only as many as people sit on. At times that exist "
            "already the counters are added."
        )
        return self._form_page(request, _("Add hours"), form, _("Add and compute"), row, note)

    def pin_view(
        self, request: HttpRequest, object_id: uuid.UUID, appointment_id: uuid.UUID
    ) -> HttpResponse:
        """Choose the new time of one person by hand, or take the choice back."""
        row = self._changeable(request, object_id)
        if row.state not in _CAN_CHANGE:
            return self._too_late(request, row)
        who = _in_the_window(row, appointment_id)
        slots = _offered(who.slot)
        initial = {"slot": row.pins.get(str(appointment_id))}
        form = PinForm(slots, request.POST if request.method == "POST" else None, initial)
        if form.is_valid():
            slot = form.cleaned_data["slot"]
            self._try(
                request,
                lambda: move_plans.pin(
                    plan_id=row.pk, appointment_id=appointment_id, slot_id=slot, actor=request.user
                ),
                gettext("The choice is kept. The plan is computed again."),
            )
            return redirect("admin:appointments_moveplan_change", row.pk)
        note = _(
            "The choice is kept whatever it breaks: the plan then says what that is. Seats that "
            "the plan gives to others are counted as free here."
        )
        return self._form_page(
            *(request, _("Choose a time by hand"), form, _("Keep and compute"), row, note),
            facts=[
                Row(gettext("reference"), who.reference),
                Row(gettext("centre"), who.slot.centre.name),
                Row(gettext("old time"), moment(who.slot.starts_at)),
            ],
        )

    def _visible(self, request: HttpRequest, object_id: uuid.UUID) -> MovePlan:
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row  # type: ignore[no-any-return]

    def _changeable(self, request: HttpRequest, object_id: uuid.UUID) -> MovePlan:
        row = self._visible(request, object_id)
        if not self.may_take_steps(request):
            raise PermissionDenied
        return row

    def _try(self, request: HttpRequest, run: Callable[[], Any], done: str) -> None:
        try:
            run()
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        else:
            messages.success(request, done)

    def _too_late(self, request: HttpRequest, row: MovePlan) -> HttpResponse:
        messages.warning(request, gettext("This step is not possible any more."))
        return redirect("admin:appointments_moveplan_change", row.pk)

    def _form_page(
        self,
        request: HttpRequest,
        title: Any,
        form: Form,
        button: Any,
        row: MovePlan | None = None,
        note: Any = "",
        facts: Sequence[Row] = (),
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "button": button,
            "row": row,
            "note": note,
            "facts": facts,
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/moves/form.html", context, status=status)


def _page(request: HttpRequest) -> int:
    told = request.GET.get("page", "1")
    return max(1, int(told)) if told.isdecimal() and len(told) < 6 else 1


def _numbers(row: MovePlan) -> dict[str, Any]:
    totals = row.totals
    if "moved" not in totals:
        return {}
    return {
        "all": totals["moved"] + totals["unplaced"],
        "median": length(round(totals["median"])) if totals["moved"] else "",
        "maximum": length(totals["maximum"]) if totals["moved"] else "",
        "excess": _excess(totals),
        "bars": distribution(totals["histogram"]),
        "width": WIDTH,
    }


def _excess(totals: dict[str, Any]) -> str:
    """Return how far the plan is above what is possible at best, in hundredths of a percent."""
    if totals["proven"] or not totals["bound"]:
        return ""
    return f"{(totals['total'] - totals['bound']) / totals['bound']:.2%}"


def _lines(row: MovePlan, show: str, page: int) -> dict[str, Any]:
    """Return the slice of the plan that one page shows."""
    moved = row.totals.get("moved", 0)
    drawn = moved <= LINES
    if show == "conflicts":
        plan = named(row.pk, row.totals.get("in_conflict", []))
    elif drawn:
        plan = slice_of(row.pk, count=LINES)
    else:
        plan = slice_of(row.pk, first=(page - 1) * PAGE)
    if plan is None:
        return {}
    here = plan.moves[(page - 1) * PAGE : page * PAGE] if drawn or show else plan.moves
    words = Words.of(row, plan)
    return {
        "show": show,
        "moves": [words.move(plan, move) for move in here],
        "unplaced": [words.unplaced(plan, item) for item in plan.unplaced],
        "needs": words.needs(plan),
        "changes": words.changes(plan, row),
        "timelines": [] if show else _pictures(row, words, plan, drawn),
        "page": page,
        "pages": -(-(len(plan.moves) if show else moved) // PAGE),
    }


def _pictures(row: MovePlan, words: Words, plan: Plan, drawn: bool) -> list[Any]:
    return timelines(row.totals["days"], words.centres, plan.moves if drawn else ())


def _in_the_window(row: MovePlan, appointment_id: uuid.UUID) -> Appointment:
    """Return an appointment of a centre that the maintenance closes; Http404 for another one."""
    found = Appointment.objects.filter(
        pk=appointment_id,
        slot__centre__maintenance_windows__maintenance=row.maintenance_id,
    )
    appointment = found.select_related("slot__centre").first()
    if appointment is None:
        raise Http404
    return appointment


def _offered(old: Slot) -> list[Slot]:
    """Return the times of the same desk that can be chosen by hand, the nearest after the old."""
    now = timezone.now()
    desk = Slot.objects.filter(centre=old.centre_id, service=old.service, is_suspended=False)
    after = desk.filter(starts_at__gte=max(now, old.starts_at)).order_by("starts_at")[:_OFFERED]
    before = desk.filter(starts_at__gt=now, starts_at__lt=old.starts_at).order_by("-starts_at")
    return [*reversed(before[: _OFFERED // 4]), *after]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _written(row: MovePlan) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets take it for something else than UTF-8 otherwise
    writer = csv.writer(_Echo())
    for line in csv_rows(row):
        yield writer.writerow(line)
