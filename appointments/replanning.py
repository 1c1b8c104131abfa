"""Changed hours beside the slots that are open already: compared, looked at, then applied.

A template, an exception or a closure may change after slots were opened and booked.  Nothing
happens to those by itself: a centre manager sees what the hours would give, which booked seats
would no longer fit, and applies it.  A booked seat is never removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from portal.audit import operations as audit

from .capacity import _slot, _slots_of, planned_slots
from .freed_seats import holds, plans_in_force
from .models import Centre, Draw, ReleasePlan, Slot
from .refusals import HoursChanged
from .rules.availability import PlannedSlot
from .suspended_slots import closed_hours


@dataclass(frozen=True, slots=True)
class Difference:
    """A time at which the hours give other seats than there are.

    `taken` of them are booked, or promised to people by a draw: those stay.
    """

    service: str
    starts_at: datetime
    minutes: int
    before: int
    after: int
    taken: int

    @property
    def is_conflict(self) -> bool:
        """Whether more people are booked than the hours would serve."""
        return self.taken > self.after

    @property
    def is_settled(self) -> bool:
        """Whether the slot holds on to its people and is as small as it can be."""
        return self.is_conflict and self.before == self.taken


@dataclass(frozen=True, slots=True)
class Replan:
    """What the hours would change on some days; `fingerprint` tells whether it is still the same.

    `conflicts` are the times at which booked people would be too many, also where nothing of the
    slot can change any more: somebody has to care for these people all the same.
    """

    first_day: date
    last_day: date
    differences: tuple[Difference, ...]
    conflicts: tuple[Difference, ...]
    fingerprint: str

    @property
    def new_seats(self) -> int:
        """How many seats would be added."""
        return sum(max(0, one.after - one.before) for one in self.differences)

    @property
    def lost_seats(self) -> int:
        """How many free seats would go."""
        return sum(max(0, one.before - max(one.after, one.taken)) for one in self.differences)


def compare(*, centre: Centre, today: date) -> Replan:
    """Compare the hours with the open slots, from tomorrow to the horizon; changes nothing."""
    return _compare(centre, today, _slots_of(centre, *_days(centre, today)))


@transaction.atomic
def apply(*, centre: Centre, today: date, seen: str, actor: Any) -> Replan:
    """Give the slots the seats of the hours, but never fewer than are taken.

    `seen` is the fingerprint of the comparison that a person looked at; raises HoursChanged if
    it is another one by now.
    """
    closed = closed_hours(centre)
    slots = _slots_of(centre, *_days(centre, today)).order_by("pk").select_for_update()
    replan = _compare(centre, today, slots)
    if replan.fingerprint != seen:
        raise HoursChanged
    there = {(slot.service, slot.starts_at): slot for slot in slots}
    changed = [(one, there.get((one.service, one.starts_at))) for one in replan.differences]
    plans = plans_in_force(centre)
    Slot.objects.bulk_create(
        [_slot(centre, _planned(one), plans, closed) for one, slot in changed if slot is None],
        batch_size=1000,
    )
    Slot.objects.bulk_update(
        [_resized(slot, one, plans) for one, slot in changed if slot is not None],
        ["capacity", "released", "minutes"],
        batch_size=1000,
    )
    audit.record(
        actor=actor,
        action="centre.replan",
        subject=centre,
        details={
            "changed": len(replan.differences),
            "conflicts": len(replan.conflicts),
            "new_seats": replan.new_seats,
            "lost_seats": replan.lost_seats,
        },
    )
    return replan


def _days(centre: Centre, today: date) -> tuple[date, date]:
    return today + timedelta(days=1), today + timedelta(days=centre.horizon_days)


def _compare(centre: Centre, today: date, slots: Iterable[Slot]) -> Replan:
    first_day, last_day = _days(centre, today)
    wanted = {
        (one.service, one.starts_at): one for one in planned_slots(centre, first_day, last_day)
    }
    there = {(slot.service, slot.starts_at): slot for slot in slots}
    pairs = ((key, there.get(key), wanted.get(key)) for key in sorted(there.keys() | wanted.keys()))
    found = [difference for pair in pairs if (difference := _difference(*pair)) is not None]
    return Replan(
        first_day,
        last_day,
        differences=tuple(one for one in found if not one.is_settled),
        conflicts=tuple(one for one in found if one.is_conflict),
        fingerprint=hashlib.sha256(repr(found).encode()).hexdigest(),
    )


def _difference(
    key: tuple[str, datetime], slot: Slot | None, planned: PlannedSlot | None
) -> Difference | None:
    before, taken = (slot.capacity, slot.taken + slot.held) if slot else (0, 0)
    after = planned.capacity if planned else 0
    minutes = planned.minutes if planned else slot.minutes if slot else 0
    same = before == after and (not planned or not slot or slot.minutes == planned.minutes)
    if same:
        return None
    return Difference(*key, minutes, before, after, taken)


def _planned(one: Difference) -> PlannedSlot:
    return PlannedSlot(one.service, one.starts_at, one.minutes, one.after)


def _resized(slot: Slot, one: Difference, plans: Sequence[ReleasePlan | Draw]) -> Slot:
    """Set the seats; what is not released yet stays so, and what is taken or held stays.

    Where a release plan holds the day it lets added seats in at a random moment (AT-07).
    """
    held_back, before = slot.capacity - slot.released, slot.released
    slot.capacity = max(one.after, slot.taken + slot.held)
    slot.released = max(slot.taken, slot.capacity - held_back)
    if holds(plans, slot.service, slot.starts_at):
        slot.released = min(before, slot.released)
    if slot.is_suspended:
        slot.released = slot.taken
    slot.minutes = one.minutes
    return slot
