"""Release plans come to their end: closed, their seed revealed, what happened told (AT-07)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import transaction

from portal.database_clock import database_now
from portal.dates import ALGIERS

from ..enums import PlanState
from ..models import FreedSeat, ReleaseBatch, ReleasePlan, Slot
from ..refusals import StillToOpen
from ..rules import release as rules
from ..rules.release_record import Opened, ReleaseRecord, Returned, Withdrawn
from ..workflow import PLAN_WORKFLOW
from .release import WAITING, locked, record, slot_name

# As transcripts are for everybody, they hold plain English and no translation.
FEWER_SEATS = "the slot had fewer seats by then"


@transaction.atomic
def close(*, plan_id: int, actor: Any, reason: str) -> ReleasePlan:
    """End a plan early: what has not opened yet stays closed until another plan takes it.

    The seed is revealed at once, for nothing is left to open.
    """
    plan = locked(plan_id)
    PLAN_WORKFLOW.move(plan, "close", actor=actor, reason=reason)
    plan.batches.filter(opened_at=None, **WAITING).update(withdrawn_because=reason[:300])
    plan.freed_seats.filter(returned_at=None, **WAITING).update(withdrawn_because=reason[:300])
    return reveal(plan_id=plan.pk)


@transaction.atomic
def reveal(*, plan_id: int) -> ReleasePlan:
    """Publish the seed and the transcript of a closed plan; revealing twice is revealing once.

    Raises StillToOpen while the seed would tell a moment to come.
    """
    plan = locked(plan_id)
    if plan.is_revealed:
        return plan
    if plan.state != PlanState.CLOSED or _has_something_to_open(plan):
        raise StillToOpen
    plan.transcript = _record_of(plan).transcript()
    plan.revealed_at = database_now()
    plan.save(update_fields=["transcript", "revealed_at"])
    record(plan, "reveal", None)
    return plan


@transaction.atomic
def advance(*, plan_id: int) -> None:
    """Move a published plan on by the clock of the database; safe to run again.

    Begins it with its first window, and closes and reveals it when its days have begun and its
    last seat has opened.
    """
    plan = locked(plan_id)
    now = database_now()
    if plan.state == PlanState.PUBLISHED and _has_begun(plan, now):
        PLAN_WORKFLOW.move(plan, "begin", actor=None)
    if plan.state == PlanState.RUNNING and _nothing_can_come(plan, now):
        PLAN_WORKFLOW.move(plan, "close", actor=None)
    if plan.state == PlanState.CLOSED and not _has_something_to_open(plan):
        reveal(plan_id=plan.pk)


def transcript(plan: ReleasePlan) -> dict[str, Any]:
    """Return the published transcript; raises StillToOpen before its time."""
    if not plan.is_revealed or plan.transcript is None:
        raise StillToOpen
    return dict(plan.transcript)


def _has_begun(plan: ReleasePlan, now: datetime) -> bool:
    return any(one.share and one.starts_at <= now for one in plan.windows.all())


def _nothing_can_come(plan: ReleasePlan, now: datetime) -> bool:
    """Tell whether all days have begun, so that nobody can free a seat under the plan any more."""
    over = datetime.combine(plan.days.upper, time(), ALGIERS) <= now
    return over and not _has_something_to_open(plan)


def _has_something_to_open(plan: ReleasePlan) -> bool:
    return (
        plan.batches.filter(opened_at=None, **WAITING).exists()
        or plan.freed_seats.filter(returned_at=None, **WAITING).exists()
    )


def _record_of(plan: ReleasePlan) -> ReleaseRecord:
    batches = list(plan.batches.select_related("slot").order_by("slot__starts_at", "first_number"))
    freed = list(plan.freed_seats.select_related("slot").order_by("freed_at", "event"))
    return ReleaseRecord(
        plan=plan.announced(),
        seats=tuple(_seats_of(batches)),
        seed=plan.seed_bytes,
        opened=tuple(
            Opened(_seats(one.slot, one.first_number, one.opened_seats), one.opened_at)
            for one in batches
            if one.opened_at and one.opened_seats
        ),
        returned=tuple(_returned(one) for one in freed),
        withdrawn=tuple(_withdrawn(batches, freed)),
    )


def _seats(slot: Slot, first: int, count: int) -> rules.SlotSeats:
    return rules.SlotSeats(slot_name(slot), tuple(range(first, first + count)))


def _seats_of(batches: Iterable[ReleaseBatch]) -> Iterable[rules.SlotSeats]:
    numbers: dict[str, list[int]] = {}
    for one in batches:
        seats = range(one.first_number, one.first_number + one.seats)
        numbers.setdefault(slot_name(one.slot), []).extend(seats)
    return (rules.SlotSeats(name, tuple(seats)) for name, seats in numbers.items())


def _returned(one: FreedSeat) -> Returned:
    seats = _seats(one.slot, one.first_number, one.seats)
    came = one.returned_at if one.returned_seats == one.seats else None
    return Returned(str(one.event), seats, one.freed_at, came)


def _withdrawn(batches: Iterable[ReleaseBatch], freed: Iterable[FreedSeat]) -> Iterable[Withdrawn]:
    """Name the seats that never opened: taken back by the centre, or gone with a counter."""
    for one in batches:
        left = one.seats - one.opened_seats
        if left:
            seats = _seats(one.slot, one.first_number + one.opened_seats, left)
            yield Withdrawn(seats, one.withdrawn_because or FEWER_SEATS)
    for back in freed:
        if back.returned_seats < back.seats:
            seats = _seats(back.slot, back.first_number, back.seats)
            yield Withdrawn(seats, back.withdrawn_because or FEWER_SEATS)
