"""What the counter sees of one day at one centre, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DateField
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.dates import ALGIERS, civil_date

from .enums import LIVE_STATES, AppointmentState, WalkInState
from .models import Appointment, Centre, WalkIn
from .rules.waiting import late, mean_wait, waited

APPOINTMENT, WALK_IN = "appointment", "walk-in"
LABELS = {
    "arrive": pgettext_lazy("button at the counter", "Has arrived"),
    "call": pgettext_lazy("button at the counter", "Call"),
    "serve": pgettext_lazy("button at the counter", "Served: file handed in"),
    "not_accept": _("File not accepted"),
    "miss": _("Did not come"),
    "undo_arrive": _("Back to expected: has not arrived"),
    "undo_call": _("Back to waiting: not called"),
    "undo_miss": _("Back to the board: is here after all"),
}
_LEFT = _("Left before being served")
# In the order in which they follow each other; the first is what comes next.
_APPOINTMENT_STEPS = {
    AppointmentState.BOOKED: ("arrive", "miss", "not_accept"),
    AppointmentState.ARRIVED: ("call", "serve", "not_accept", "miss", "undo_arrive"),
    AppointmentState.CALLED: ("serve", "not_accept", "miss", "undo_call"),
    AppointmentState.NO_SHOW: ("undo_miss",),
}
_WALK_IN_STEPS = {
    WalkInState.WAITING: ("call", "serve", "not_accept", "miss"),
    WalkInState.CALLED: ("serve", "not_accept", "miss", "undo_call"),
    WalkInState.LEFT: ("undo_miss",),
}
_TODAY_ONLY = frozenset({"arrive", "call", "undo_arrive", "undo_call", "undo_miss"})
_COLOURS = {"called": "attention", "arrived": "progress", "waiting": "progress", "served": "done"}


@dataclass(frozen=True, slots=True)
class Step:
    """A button of a row; `value` is what the form sends."""

    name: str
    label: Any
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of the day: an appointment, or a walk-in with a ticket number."""

    kind: str
    row: Any
    planned_at: datetime | None
    now: datetime
    today: date

    @property
    def application(self) -> Any:
        """The file that is handed in."""
        return self.row.application

    @property
    def day(self) -> date:
        """The civil day in Algiers (CV-02)."""
        return civil_date(self.planned_at) if self.planned_at else self.row.day

    @property
    def reference(self) -> str:
        """What is typed or scanned to find the line again."""
        return str(self.row.reference if self.kind == APPOINTMENT else self.application.reference)

    @property
    def passport_end(self) -> str:
        """The last three signs of the passport number: enough to compare, too little to copy."""
        number = "".join(self.application.passport_number.split())
        return f"…{number[-3:]}" if number else ""

    @property
    def sorted_by(self) -> datetime:
        """The time of the appointment; whoever has none comes by arrival."""
        moment: datetime = self.planned_at or self.row.arrived_at
        return moment

    @property
    def colour(self) -> str:
        """The colour of the state's label."""
        return _COLOURS.get(self.row.state, "neutral")

    @property
    def waits(self) -> int | None:
        """Minutes waited for the call so far or altogether; None before arriving."""
        row = self.row
        if row.arrived_at is None:
            return None
        return waited(row.arrived_at, row.called_at, row.closed_at, self.now)

    @property
    def late(self) -> int:
        """Minutes behind the time of the appointment; none for walk-ins and other days."""
        came = self.row.arrived_at is not None
        is_awaited = self.row.state == AppointmentState.BOOKED and self.day == self.today
        if self.planned_at is None or not (came or is_awaited):
            return 0
        return late(self.planned_at, self.row.arrived_at, self.now)

    @property
    def steps(self) -> list[Step]:
        """What can be done with the line now, the next thing first."""
        table: Any = _APPOINTMENT_STEPS if self.kind == APPOINTMENT else _WALK_IN_STEPS
        return [self._step(name) for name in table.get(self.row.state, ()) if self._allows(name)]

    @property
    def next(self) -> Step | None:
        """The step that the button of the row takes."""
        return next((one for one in self.steps if one.name != "not_accept"), None)

    def _allows(self, name: str) -> bool:
        if name in _TODAY_ONLY:
            return self.day == self.today
        if name == "miss" and self.planned_at is not None:
            return self.planned_at <= self.now
        return self.day <= self.today

    def _step(self, name: str) -> Step:
        label = _LEFT if name == "miss" and self.row.arrived_at else LABELS[name]
        return Step(name, label, f"{name} {self.kind} {self.row.pk}")


@dataclass(slots=True)
class Board:
    """The lines of a day in four parts, each sorted by time, and what they add up to."""

    called: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    expected: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Everybody."""
        return [*self.called, *self.waiting, *self.expected, *self.done]

    @property
    def to_close(self) -> list[Line]:
        """Those of whom nobody said what came of it, on a day that is over."""
        return [*self.called, *self.waiting, *self.expected]

    @property
    def counts(self) -> list[tuple[Any, Any]]:
        """What stands on top: label and number."""
        states = [line.row.state for line in self.done]
        served = states.count("served")
        gone = states.count("no_show") + states.count("left")
        waits = [line.waits for line in self.lines if line.row.called_at]
        mean = mean_wait(one for one in waits if one is not None)
        return [
            (pgettext_lazy("number of people", "Expected"), len(self.expected)),
            (pgettext_lazy("number of people", "Waiting"), len(self.waiting)),
            (pgettext_lazy("number of people", "At the counter"), len(self.called)),
            (pgettext_lazy("number of people", "Served"), served),
            (pgettext_lazy("number of people", "Did not come, or left"), gone),
            (pgettext_lazy("number of people", "Not accepted"), states.count("not_accepted")),
            (
                _("Mean waiting time"),
                "–" if mean is None else format_lazy(_("{minutes} min"), minutes=mean),
            ),
        ]


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a civil day in Algiers and that of the next (CV-02)."""
    start = datetime.combine(day, time(), ALGIERS)
    return start, start + timedelta(days=1)


def board(centre: Centre, day: date) -> Board:
    """Load the day; two queries, however many people come."""
    found = Board()
    for line in sorted(lines_of(centre, day), key=lambda one: (one.sorted_by, one.reference)):
        _part(found, line).append(line)
    return found


def lines_of(centre: Centre, day: date) -> list[Line]:
    """Return everybody of a day except those who cancelled."""
    start, end = day_bounds(day)
    appointments = _lean(Appointment.objects.select_related("slot", "application")).filter(
        slot__centre=centre, slot__starts_at__gte=start, slot__starts_at__lt=end
    )
    walk_ins = _lean(WalkIn.objects.select_related("application")).filter(centre=centre, day=day)
    live = appointments.exclude(state=AppointmentState.CANCELLED)
    return as_lines([*live, *walk_ins])


def as_lines(rows: Iterable[Appointment | WalkIn]) -> list[Line]:
    """Return rows as the board shows them now."""
    now = timezone.now()
    today = civil_date(now)
    return [
        Line(kind=WALK_IN, row=row, planned_at=None, now=now, today=today)
        if isinstance(row, WalkIn)
        else Line(kind=APPOINTMENT, row=row, planned_at=row.slot.starts_at, now=now, today=today)
        for row in rows
    ]


def days_to_close(centre: Centre, before: date) -> list[tuple[date, int]]:
    """Return earlier days with appointments that nobody closed, and how many; one query."""
    start, _end = day_bounds(before)
    rows = (
        Appointment.objects.filter(
            slot__centre=centre, slot__starts_at__lt=start, state__in=LIVE_STATES
        )
        .annotate(on=TruncDate("slot__starts_at", tzinfo=ALGIERS, output_field=DateField()))
        .values_list("on")
        .annotate(many=Count("pk"))
        .order_by("on")
    )
    return list(rows)


def _part(found: Board, line: Line) -> list[Line]:
    state = line.row.state
    if state in (AppointmentState.CALLED, WalkInState.CALLED):
        return found.called
    if state in (AppointmentState.ARRIVED, WalkInState.WAITING):
        return found.waiting
    return found.expected if state == AppointmentState.BOOKED else found.done


def _lean(rows: Any) -> Any:
    """Leave out what is long, sealed and not shown."""
    return rows.defer(
        "application__details", "application__passport_verdict", "application__urgency_reason"
    )
