"""Plans of new times: begun, computed by a worker, changed by hand, set aside (RD-06, RD-08).

A plan is computed outside of any transaction and frozen in one; until then its row says how far
it is.  The same choices give the same plan, so two workers that compute one do no harm: who comes
second finds it frozen.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.dates import ALGIERS, civil_date
from portal.outbox.broker import Announcer

from ..enums import MovePlanState
from ..models import Centre, Maintenance, MovePlan, Slot
from ..move_facts import AFFECTED, Choices, facts_of, moment_for, windows_in_force
from ..move_numbers import numbers_of
from ..move_refusals import (
    HoursNotPossible,
    NotAnnounced,
    NotInThePlan,
    PlanNotReady,
    SlotNotForIt,
)
from ..rules.moves import Change, MoveFacts, Plan, plan_moves, replan
from ..suspended_slots import closed_hours
from ..workflow import MOVE_PLAN_WORKFLOW

log = logging.getLogger(__name__)
announce_computing = Announcer("appointments.tasks.compute_move_plan").announce

MOST_ADDED = 99  # seats on one slot
_STALE = timedelta(minutes=1)  # without a word from the worker
_CAN_CHANGE = (MovePlanState.READY, MovePlanState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraHours:
    """Hours of one day that a centre opens for those who move, until `closes` (excluded)."""

    centre: Centre
    service: str
    day: date
    opens: time
    closes: time
    minutes: int
    counters: int


@transaction.atomic
def begin(
    *, maintenance_id: int, notice_hours: int, earlier_centres: Iterable[str], actor: Any
) -> MovePlan:
    """Begin a plan for everybody in the windows of a maintenance; a worker computes it.

    `earlier_centres` names the centres that allow an earlier time on the same day.  Raises
    NotAnnounced for a maintenance whose windows are not in force.  Rules: RD-06, RD-08.
    """
    maintenance = Maintenance.objects.select_for_update().get(pk=maintenance_id)
    if not windows_in_force(maintenance.pk):
        raise NotAnnounced
    last = maintenance.plans.aggregate(last=Max("number"))["last"] or 0
    plan = MovePlan.objects.create(
        maintenance=maintenance,
        number=last + 1,
        notice_hours=notice_hours,
        earlier_centres=sorted(earlier_centres),
        created_by=actor,
    )
    details = {"notice_hours": notice_hours, "earlier_centres": plan.earlier_centres}
    audit.record(actor=actor, action="moveplan.plan", subject=plan, details=details)
    _announce(plan)
    return plan


# --- computing --------------------------------------------------------------------------------


def compute(*, plan_id: uuid.UUID) -> bool:
    """Compute a plan and freeze it; False if there was nothing to do.  Safe to run again."""
    plan = MovePlan.objects.select_related("maintenance").get(pk=plan_id)
    if plan.state != MovePlanState.COMPUTING:
        return False
    choices = Choices.of(plan)
    try:
        found, changes = _computed(plan)
    except Exception as error:  # whatever it is, staff must read that it did not work
        log.exception("plan %s could not be computed", plan_id)
        return _failed(plan_id, choices, error)
    return _freeze(plan_id, choices, found, changes)


def _computed(plan: MovePlan) -> tuple[Plan, Iterable[Change]]:
    facts = facts_of(plan, moment=moment_for(timezone.now()))
    told = partial(_progress, plan.pk, of=len(facts.affected))
    told(0)
    return planned(plan, facts, told)


def planned(
    plan: MovePlan, facts: MoveFacts, told: Callable[[int], None] = lambda _people: None
) -> tuple[Plan, Iterable[Change]]:
    """Plan anew, or change as little as possible of what stands in the row; also what changed."""
    if plan.plan is None:
        return plan_moves(facts, told), ()
    again = replan(Plan.from_json(plan.plan), facts)
    return again.plan, again.changes


def _progress(plan_id: uuid.UUID, done: int, *, of: int) -> None:
    rows = MovePlan.objects.filter(pk=plan_id, state=MovePlanState.COMPUTING)
    rows.update(done=done, of=of, updated_at=timezone.now())


@transaction.atomic
def _freeze(plan_id: uuid.UUID, choices: Choices, found: Plan, changes: Iterable[Change]) -> bool:
    row = locked(plan_id)
    if row.state != MovePlanState.COMPUTING or Choices.of(row) != choices:
        return False
    keep(row, found, changes)
    MOVE_PLAN_WORKFLOW.move(row, "freeze", actor=None, details={"digest": row.digest})
    return True


def keep(row: MovePlan, found: Plan, changes: Iterable[Change]) -> None:
    """Write a plan with its hash and its numbers into its locked row."""
    row.plan, row.digest = found.as_json(), found.hash
    row.totals = numbers_of(found, changes)
    row.computed_at, row.error = timezone.now(), ""
    row.done = row.of = len(found.moves) + len(found.unplaced)
    row.save(
        update_fields=["plan", "digest", "totals", "computed_at", "error", "done", "of"],
    )


@transaction.atomic
def _failed(plan_id: uuid.UUID, choices: Choices, error: Exception) -> bool:
    row = locked(plan_id)
    if row.state != MovePlanState.COMPUTING or Choices.of(row) != choices:
        return False
    MovePlan.objects.filter(pk=plan_id).update(error=f"{type(error).__name__}: {error}"[:200])
    MOVE_PLAN_WORKFLOW.move(row, "fail", actor=None)
    return True


def resume() -> int:
    """Announce again what no worker computes any more; returns how many plans that were."""
    waiting = MovePlan.objects.filter(
        state=MovePlanState.COMPUTING, updated_at__lt=timezone.now() - _STALE
    ).values_list("pk", flat=True)
    for key in waiting:
        announce_computing(str(key))
    return len(waiting)


# --- changing by hand ---------------------------------------------------------------------------


@transaction.atomic
def compute_again(*, plan_id: uuid.UUID, actor: Any) -> MovePlan:
    """Plan anew by how things stand now; choices by hand and added seats stay."""
    return _recompute(_changeable(plan_id), actor, anew=True)


@transaction.atomic
def pin(
    *, plan_id: uuid.UUID, appointment_id: uuid.UUID, slot_id: int | None, actor: Any
) -> MovePlan:
    """Choose the new time of one person by hand, or with None leave it to the plan again.

    The choice is kept whatever it breaks, and the plan says what it breaks; the others keep
    their times where they can.  Raises PlanNotReady, NotInThePlan, SlotNotForIt.
    """
    plan = _changeable(plan_id)
    desk = _desk_of(plan, appointment_id)
    if slot_id is None:
        plan.pins.pop(str(appointment_id), None)
    else:
        _check_slot(desk, slot_id)
        plan.pins[str(appointment_id)] = slot_id
    details = {"appointment": str(appointment_id), "slot": slot_id}
    return _recompute(plan, actor, details=details)


@transaction.atomic
def add_seats(*, plan_id: uuid.UUID, seats: Mapping[int, int], actor: Any) -> MovePlan:
    """Add seats to slots for this plan, on top of those added before; compute it anew.

    They come into being when the plan is applied, and only as many as people sit on.  A
    negative number takes back what was added.  Raises PlanNotReady, SlotNotForIt.
    """
    plan = _changeable(plan_id)
    known = Slot.objects.filter(
        pk__in=seats,
        centre__maintenance_windows__maintenance=plan.maintenance_id,
        starts_at__gt=timezone.now(),
        is_suspended=False,
    )
    if set(known.values_list("pk", flat=True)) != set(seats):
        raise SlotNotForIt
    for slot, more in seats.items():
        _add(plan, slot, more)
    return _recompute(
        plan, actor, anew=True, details={"added": {str(k): v for k, v in seats.items()}}
    )


@transaction.atomic
def add_hours(*, plan_id: uuid.UUID, hours: ExtraHours, actor: Any) -> MovePlan:
    """Open hours of one day for those who move, and compute the plan anew.

    The times come into the calendar at once, without a seat; seats as with `add_seats`.  Where
    the calendar has the same time already, its slot gets the counters on top.  Raises
    PlanNotReady, HoursNotPossible.
    """
    plan = _changeable(plan_id)
    starts = _starts(hours)
    _check_hours(plan, hours, starts)
    Slot.objects.bulk_create(
        (
            Slot(
                centre=hours.centre,
                service=hours.service,
                starts_at=start,
                minutes=hours.minutes,
                capacity=0,
            )
            for start in starts
        ),
        ignore_conflicts=True,
    )
    for slot in hours.centre.slots.filter(
        service=hours.service, starts_at__in=starts, is_suspended=False
    ).values_list("pk", flat=True):
        _add(plan, slot, hours.counters)
    details = {"hours": f"{hours.day} {hours.opens}-{hours.closes}", "counters": hours.counters}
    return _recompute(plan, actor, anew=True, details=details)


@transaction.atomic
def set_aside(*, plan_id: uuid.UUID, actor: Any, reason: str = "") -> MovePlan:
    """Put a plan away that will not be applied; raises TransitionRefused."""
    return MOVE_PLAN_WORKFLOW.move(locked(plan_id), "set_aside", actor=actor, reason=reason)


def locked(plan_id: uuid.UUID) -> MovePlan:
    """Lock the row of a plan and return it, without the plan itself."""
    rows = MovePlan.objects.select_for_update(of=("self",)).select_related("maintenance")
    return rows.defer("plan").get(pk=plan_id)


def _changeable(plan_id: uuid.UUID) -> MovePlan:
    plan = locked(plan_id)
    if plan.state not in _CAN_CHANGE:
        raise PlanNotReady(params={"state": plan.get_state_display()})
    return plan


def _recompute(
    plan: MovePlan, actor: Any, *, anew: bool = False, details: Mapping[str, Any] | None = None
) -> MovePlan:
    changed = {"pins": plan.pins, "added": plan.added, "done": 0, "of": 0, "digest": ""}
    MOVE_PLAN_WORKFLOW.move(plan, "compute", actor=actor, details=details)
    MovePlan.objects.filter(pk=plan.pk).update(**changed, **({"plan": None} if anew else {}))
    _announce(plan)
    return plan


def _announce(plan: MovePlan) -> None:
    transaction.on_commit(partial(announce_computing, str(plan.pk)))


def _desk_of(plan: MovePlan, appointment_id: uuid.UUID) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.centre_id, s.service {AFFECTED} AND a.id = %s",
            [plan.maintenance_id, appointment_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotInThePlan
    return row[0], row[1]


def _check_slot(desk: tuple[int, str], slot_id: int) -> None:
    centre, service = desk
    if not Slot.objects.filter(
        pk=slot_id,
        centre_id=centre,
        service=service,
        is_suspended=False,
        starts_at__gt=timezone.now(),
    ).exists():
        raise SlotNotForIt


def _add(plan: MovePlan, slot: int, more: int) -> None:
    seats = min(MOST_ADDED, plan.added.get(str(slot), 0) + more)
    if seats > 0:
        plan.added[str(slot)] = seats
    else:
        plan.added.pop(str(slot), None)


def _starts(hours: ExtraHours) -> list[datetime]:
    start = datetime.combine(hours.day, hours.opens, ALGIERS)
    end = datetime.combine(hours.day, hours.closes, ALGIERS)
    length = timedelta(minutes=hours.minutes)
    return [start + number * length for number in range(max(0, (end - start) // length))]


def _check_hours(plan: MovePlan, hours: ExtraHours, starts: list[datetime]) -> None:
    today = civil_date(timezone.now())
    last = today + timedelta(days=hours.centre.horizon_days)
    windows = plan.maintenance.windows.filter(centre=hours.centre)
    if not starts:
        why = _("they are shorter than one appointment.")
    elif not today < hours.day <= last:
        why = _("the calendar of the centre does not reach that day.")
    elif not windows.exists():
        why = _("the centre has no window of this maintenance.")
    elif any(
        one.lower < starts[-1] + timedelta(minutes=hours.minutes) and starts[0] < one.upper
        for one in closed_hours(hours.centre)
    ):
        why = _("they lie in the maintenance window.")
    else:
        return
    raise HoursNotPossible(params={"why": why})
