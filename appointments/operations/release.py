"""Release plans: drafted, looked at, published (AT-07).

A plan takes all untaken seats of its days.  Its seed is drawn on publishing and rests encrypted;
its commitment and the fingerprint of plan and seats are public from that moment on.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F, QuerySet, Sum

from portal import constraints
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import ALGIERS, civil_date
from portal.formats import moment as in_words

from ..capacity import open_slots
from ..kept_seats import kept_seats
from ..models import Centre, FreedSeat, ReleaseBatch, ReleasePlan, ReleaseWindow, Slot
from ..refusals import (
    AnnouncedTooLate,
    DaysDrawnAlready,
    DaysPlannedAlready,
    NothingToOpen,
    NoWindow,
    WindowsTooLate,
)
from ..rules import release as rules
from ..rules.law import LAW
from ..rules.lots import SEED_BYTES, commitment
from ..rules.release_record import plan_digest
from ..rules.return_hours import ReturnHours
from ..rules.transcripts import instant, second_of
from ..workflow import PLAN_WORKFLOW

# Of batches and freed seats: not taken back by the centre.
WAITING = {"withdrawn_because": ""}
_REFUSALS = {
    "one_published_plan_per_centre_service_and_day": DaysPlannedAlready,
    "no_plan_and_draw_on_one_day": DaysDrawnAlready,
}


@transaction.atomic
def draft(
    *,
    centre: Centre,
    service: str,
    first_day: date,
    last_day: date,
    windows: Sequence[tuple[datetime, datetime]],
    actor: Any,
) -> ReleasePlan:
    """Write a plan down without announcing it; the last day is included."""
    plan = ReleasePlan.objects.create(
        centre=centre, service=service, days=DateRange(first_day, last_day + timedelta(days=1))
    )
    ReleaseWindow.objects.bulk_create(
        ReleaseWindow(plan=plan, hours=DateTimeTZRange(start, end)) for start, end in windows
    )
    record(plan, "draft", actor)
    return plan


@dataclass(frozen=True, slots=True)
class WindowPreview:
    """A window and about how many seats open in it; never the seconds."""

    window: ReleaseWindow
    seats: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a draft would do to the slots that are there."""

    windows: tuple[WindowPreview, ...]
    seats: int
    taken: int
    free_now: int  # bookable now; they close until their moment


def preview(plan: ReleasePlan) -> Preview:
    """Say what a plan would open, as far as the slots are there already; changes nothing."""
    slots = slots_of(plan)
    sums = slots.aggregate(
        all_seats=Sum("capacity"), all_taken=Sum("taken"), free=Sum(F("released") - F("taken"))
    )
    waiting = FreedSeat.objects.filter(slot__in=slots, returned_at=None, **WAITING)
    held = waiting.aggregate(all=Sum("seats"))["all"] or 0
    taken = sums["all_taken"] or 0
    seats = (sums["all_seats"] or 0) - taken - held
    return Preview(tuple(_shared_out(plan, seats)), seats, taken, sums["free"] or 0)


def _shared_out(plan: ReleasePlan, seats: int) -> Iterable[WindowPreview]:
    windows = [one for one in plan.windows.all() if one.share]
    shares = sum(one.share for one in windows)
    reached = 0
    for one in windows:
        before = seats * reached // shares
        reached += one.share
        yield WindowPreview(one, seats * reached // shares - before)


@transaction.atomic
def publish(*, plan_id: int, actor: Any) -> ReleasePlan:
    """Announce a plan: close the untaken seats of its days and draw when each opens.

    Raises NoWindow, AnnouncedTooLate, WindowsTooLate, NothingToOpen, DaysPlannedAlready or
    TransitionRefused; then nothing has changed.

    Rule: AT-07
    """
    plan = locked(plan_id)
    now = second_of(database_now())
    _check_windows(plan, now)
    open_slots(
        centre=plan.centre,
        first_day=plan.days.lower,
        last_day=plan.days.upper - timedelta(days=1),
        service=plan.service,
    )
    with constraints.explained(_REFUSALS):
        _announce(plan, now)
        PLAN_WORKFLOW.move(
            plan,
            "publish",
            actor=actor,
            details={"commitment": plan.commitment, "plan_digest": plan.plan_digest},
        )
    return plan


def slot_name(slot: Slot) -> str:
    """Return what transcripts call a slot: its start, which is unique in a plan."""
    return instant(second_of(slot.starts_at))


def locked(plan_id: int) -> ReleasePlan:
    """Lock a plan, against all who would free seats under it; DoesNotExist if there is none."""
    rows = ReleasePlan.objects.select_for_update(of=("self",)).select_related("centre__mission")
    return rows.get(pk=plan_id)


def record(plan: ReleasePlan, step: str, actor: Any) -> None:
    """Write a step into the trail: never a moment, never the seed."""
    audit.record(
        actor=actor,
        action=f"releaseplan.{step}",
        subject=plan,
        mission=plan.centre.mission,
        details={"days": str(plan.days), "service": str(plan.service)},
    )


def _check_windows(plan: ReleasePlan, now: datetime) -> None:
    windows = [one.as_rule() for one in plan.windows.all()]
    if not windows:
        raise NoWindow
    ahead = timedelta(hours=LAW.on(civil_date(now)).value("AT-07", "announced_ahead"))
    if min(one.start for one in windows) < now + ahead:
        raise AnnouncedTooLate(params={"deadline": in_words(now + ahead)})
    first_slot = datetime.combine(plan.days.lower, time(), ALGIERS)
    deadline = first_slot - timedelta(hours=plan.centre.notice_hours)
    if max(one.end for one in windows) > deadline:
        raise WindowsTooLate(params={"deadline": in_words(deadline)})


def _announce(plan: ReleasePlan, now: datetime) -> None:
    """Fix the rule, the windows, the seats and the seed of a draft."""
    law = LAW.on(civil_date(now))
    plan.rule = rules.ReturnRule.by(law).as_json()
    _add_return_windows(plan, rules.ReturnRule.by(law), ReturnHours.by(law))
    seed = secrets.token_bytes(SEED_BYTES)
    announced, slots = plan.announced(), _take_in(plan)
    plan.seed, plan.commitment = seed.hex(), commitment(seed)
    plan.plan_digest = plan_digest(announced, slots.values(), plan.commitment)
    plan.published_at = now
    plan.save()
    by_name = {slot_name(slot): slot for slot in slots}
    ReleaseBatch.objects.bulk_create(
        (
            _batch(plan, by_name[one.seats.slot], one)
            for one in rules.schedule(announced, list(slots.values()), seed)
        ),
        batch_size=1000,
    )


def _batch(plan: ReleasePlan, slot: Slot, drawn: rules.Batch) -> ReleaseBatch:
    numbers = drawn.seats.numbers
    return ReleaseBatch(
        plan=plan,
        slot=slot,
        first_number=numbers[0],
        seats=len(numbers),
        due_at=drawn.opens_at,
    )


def _add_return_windows(plan: ReleasePlan, rule: rules.ReturnRule, hours: ReturnHours) -> None:
    """Let freed seats come back by day, from the first window to beyond the last cancellation."""
    openings = [one.as_rule() for one in plan.windows.all()]
    first_day = civil_date(min(one.start for one in openings))
    last_day = plan.days.upper + rule.longest_return + timedelta(days=1)
    returns = hours.windows(first_day, last_day, share=0, beside=openings)
    ReleaseWindow.objects.bulk_create(
        ReleaseWindow(plan=plan, hours=DateTimeTZRange(one.start, one.end), share=0)
        for one in returns
    )


def slots_of(plan: ReleasePlan) -> QuerySet[Slot]:
    """Return the slots whose seats a plan opens."""
    return plan.centre.slots.filter(
        service=plan.service,
        starts_at__gte=datetime.combine(plan.days.lower, time(), ALGIERS),
        starts_at__lt=datetime.combine(plan.days.upper, time(), ALGIERS),
    )


def _take_in(plan: ReleasePlan) -> dict[Slot, rules.SlotSeats]:
    """Close all untaken seats of the plan's days; seats that come back anyway stay out of it."""
    slots = list(slots_of(plan).order_by("pk").select_for_update())
    waiting: dict[int, int] = {}
    for slot_id, seats in FreedSeat.objects.filter(
        slot__in=slots, returned_at=None, **WAITING
    ).values_list("slot_id", "seats"):
        waiting[slot_id] = waiting.get(slot_id, 0) + seats
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(released=F("taken"))
    for slot_id, seats in kept_seats(slots).items():
        waiting[slot_id] = waiting.get(slot_id, 0) + seats
    taken_in = {}
    for slot in slots:
        numbers = range(slot.taken + 1, slot.capacity - waiting.get(slot.pk, 0) + 1)
        if numbers and not slot.is_suspended:
            taken_in[slot] = rules.SlotSeats(slot_name(slot), tuple(numbers))
    if not taken_in:
        raise NothingToOpen
    return taken_in
