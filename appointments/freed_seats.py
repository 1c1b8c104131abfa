"""Seats that are given back: they come back later, at a moment that nobody can choose (AT-07).

So nobody can arrange to hand a seat over.  Where a release plan holds the day its seed draws the
moment, which can be checked afterwards; elsewhere a seed that is thrown away does, where the
centre's switch says so.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Sum

from portal.database_clock import database_now
from portal.dates import civil_date

from .enums import DRAW_IN_FORCE, DRAW_TAKES_REQUESTS, PLAN_IN_FORCE, FreedBy, Switch
from .models import Centre, Draw, FreedSeat, ReleasePlan, Slot, is_on
from .refusals import HeldBack
from .rules.law import LAW
from .rules.lots import SEED_BYTES
from .rules.release import NoWindowLeft, ReturnRule, return_moment
from .rules.release import ReleasePlan as Announced
from .rules.return_hours import ReturnHours
from .rules.transcripts import second_of

# Shared with others who free seats, but not with whoever closes the plan and reveals its seed.
_PLAN_OF_A_DAY = """
    SELECT * FROM appointments_releaseplan
    WHERE centre_id = %s AND service = %s AND days @> %s::date AND state = ANY(%s) FOR SHARE
"""
_DRAW_OF_A_DAY = """
    SELECT id, state FROM appointments_draw
    WHERE centre_id = %s AND service = %s AND days @> %s::date AND state = ANY(%s) FOR SHARE
"""


def give_back(slot: Slot, *, seats: int = 1) -> None:
    """Give seats of `slot` back, inside the transaction that frees them.

    They are bookable again at a moment drawn by AT-07: by the plan of the day if there is one,
    else by the centre's switch.  A slot that has begun, or a centre that switched the rule off,
    gets them back at once.
    """
    now = second_of(database_now())
    draw = _draw_of(slot) if slot.starts_at > now else None
    plan = None if draw else plan_of(slot)
    if _closed_by_maintenance(slot):
        Slot.objects.filter(pk=slot.pk).update(
            taken=F("taken") - seats, released=F("released") - seats
        )
        return
    if draw is not None:
        _leave_to(draw, slot, seats)
        return
    if slot.starts_at <= now or not (plan or returns_at_random(slot, now)):
        Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - seats)
        return
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - seats, released=F("released") - seats)
    hold_back(slot, plan, seats=seats, freed_at=now)


def hold_days_of(slots: Sequence[Slot]) -> None:
    """Lock what holds the days of `slots`, for whoever locks several slots and gives some back.

    Plans and draws come before slots in the order of the house.
    """
    for slot in slots:
        if _draw_of(slot) is None:
            plan_of(slot)


def _closed_by_maintenance(slot: Slot) -> bool:
    """Lock the slot and tell whether a maintenance window holds it: then nothing in it opens."""
    rows = Slot.objects.select_for_update().values_list("is_suspended", flat=True)
    return bool(rows.get(pk=slot.pk))


def _draw_of(slot: Slot) -> Draw | None:
    """Return the draw that holds the day of `slot`; it cannot close or end meanwhile (RD-08)."""
    day = civil_date(slot.starts_at)
    found = Draw.objects.raw(
        _DRAW_OF_A_DAY, [slot.centre_id, slot.service, day, [str(one) for one in DRAW_IN_FORCE]]
    )
    return next(iter(found), None)


def _leave_to(draw: Draw, slot: Slot, seats: int) -> None:
    """Leave freed seats to the draw that holds the day.

    Before closing they are drawn for; from then on they wait for the next on the waiting list.
    """
    held = 0 if draw.state in DRAW_TAKES_REQUESTS else seats
    Slot.objects.filter(pk=slot.pk).update(
        taken=F("taken") - seats, released=F("released") - seats, held=F("held") + held
    )


def hold_back(
    slot: Slot,
    plan: ReleasePlan | None,
    *,
    seats: int,
    freed_at: datetime,
    kind: FreedBy = FreedBy.CANCELLING,
) -> FreedSeat:
    """Write down that unreleased seats of `slot` open later; draws the moment."""
    event = uuid.uuid4()
    slot.refresh_from_db(fields=["released"])
    drawn = _drawn_by(plan, event, freed_at) if plan else None
    return FreedSeat.objects.create(
        event=event,
        plan=plan if drawn else None,
        slot=slot,
        kind=kind,
        first_number=slot.released + 1,
        seats=seats,
        freed_at=freed_at,
        return_at=drawn or _drawn_by_day(slot, event, freed_at),
    )


def hold_back_all(seats: Mapping[Slot, int], *, freed_at: datetime) -> None:
    """Let unreleased seats of locked slots open at moments that nobody can choose."""
    events = {slot: uuid.uuid4() for slot in seats}
    FreedSeat.objects.bulk_create(
        (
            FreedSeat(
                event=event,
                slot=slot,
                kind=FreedBy.ADDING,
                first_number=slot.released + 1,
                seats=seats[slot],
                freed_at=freed_at,
                return_at=_drawn_by_day(slot, event, freed_at),
            )
            for slot, event in events.items()
        ),
        batch_size=1000,
    )


def plan_of(slot: Slot) -> ReleasePlan | None:
    """Return the plan that holds the day of `slot`; it cannot close before the transaction ends."""
    day = civil_date(slot.starts_at)
    found = ReleasePlan.objects.raw(
        _PLAN_OF_A_DAY, [slot.centre_id, slot.service, day, [str(one) for one in PLAN_IN_FORCE]]
    )
    return next(iter(found), None)


def plans_in_force(centre: Centre) -> list[ReleasePlan | Draw]:
    """Return the published plans and the draws of `centre` that hold the seats of their days."""
    plans = ReleasePlan.objects.filter(centre=centre, state__in=PLAN_IN_FORCE)
    draws = Draw.objects.filter(centre=centre, state__in=DRAW_IN_FORCE)
    return [*plans, *draws.only("centre", "service", "days")]


def holds(plans: Sequence[ReleasePlan | Draw], service: str, starts_at: datetime) -> bool:
    """Tell whether one of `plans` opens the seats of a slot."""
    day = civil_date(starts_at)
    return any(one.service == service and one.days.lower <= day < one.days.upper for one in plans)


def check_not_held(slot: Slot, *, capacity: int, released: int) -> None:
    """Raise HeldBack if seats would open by hand that open at a random moment.

    A plan opens all seats of its days; elsewhere only those that wait to come back are held.
    """
    before = Slot.objects.values_list("released", flat=True).get(pk=slot.pk)
    if holds(plans_in_force(slot.centre), slot.service, slot.starts_at):
        if released != min(before, capacity):
            raise HeldBack
    elif before < released and released > capacity - waiting_seats(slot):
        raise HeldBack


def returns_at_random(slot: Slot, now: datetime) -> bool:
    """Tell whether the centre's switch sends freed seats of today back at random."""
    return is_on(slot.centre_id, Switch.RETURNS_AT_RANDOM, civil_date(now))


def comes_back_later(slot: Slot) -> bool:
    """Tell whether a seat of `slot` that is given back now opens at a later moment."""
    now = database_now()
    if slot.starts_at <= now:
        return False
    return _is_held(slot) or returns_at_random(slot, now)


def _is_held(slot: Slot) -> bool:
    """Tell whether a release plan or a draw holds the day of `slot`."""
    of_the_day = {
        "centre": slot.centre_id,
        "service": slot.service,
        "days__contains": civil_date(slot.starts_at),
    }
    return (
        ReleasePlan.objects.filter(**of_the_day, state__in=PLAN_IN_FORCE).exists()
        or Draw.objects.filter(**of_the_day, state__in=DRAW_IN_FORCE).exists()
    )


def waiting_seats(slot: Slot) -> int:
    """Return how many freed seats of `slot` are still to come back."""
    waiting = FreedSeat.objects.filter(slot=slot, returned_at=None, withdrawn_because="")
    return int(waiting.aggregate(all=Sum("seats"))["all"] or 0)


def _drawn_by(plan: ReleasePlan, event: uuid.UUID, freed_at: datetime) -> datetime | None:
    try:
        return return_moment(plan.announced(), plan.seed_bytes, str(event), freed_at)
    except NoWindowLeft:
        return None


def _drawn_by_day(slot: Slot, event: uuid.UUID, freed_at: datetime) -> datetime:
    """Draw by day hours and a seed that nobody keeps."""
    today = civil_date(freed_at)
    law = LAW.on(today)
    rule = ReturnRule.by(law)
    last_day = civil_date(freed_at + rule.longest_return)
    windows = ReturnHours.by(law).windows(today, last_day, share=1)
    announced = Announced(str(slot.centre_id), today, tuple(windows), rule)
    return return_moment(announced, secrets.token_bytes(SEED_BYTES), str(event), freed_at)
