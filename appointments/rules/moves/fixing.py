"""What is settled before anything is computed: choices by hand, and what an earlier plan gave."""

from __future__ import annotations

from collections.abc import Mapping

from .desk import Desk
from .facts import FreeSlot


def fix(desk: Desk, open_slots: list[FreeSlot], kept: Mapping[str, int]) -> None:
    """Give seats to choices by hand first, then to what is kept; each in order of booking.

    A choice without a seat is refused.  What cannot be kept is planned again.
    """
    by_id = {slot.id: slot for slot in open_slots}
    left = {slot.id: slot.free for slot in open_slots}
    chosen = {n: item.pinned for n, item in enumerate(desk.items) if item.pinned is not None}
    for number in _in_turn(desk, chosen):
        slot = by_id.get(chosen[number])
        if slot is None:
            desk.refused[number] = "PIN_NOT_POSSIBLE"
        elif not left[slot.id]:
            desk.refused[number] = "PIN_FULL"
        else:
            left[slot.id] -= 1
            desk.fixed[number] = slot
    before = {n: kept[item.id] for n, item in enumerate(desk.items) if item.id in kept}
    for number in _in_turn(desk, before):
        slot = by_id.get(before[number])
        if number not in chosen and slot is not None and left[slot.id]:
            left[slot.id] -= 1
            desk.fixed[number] = slot
            desk.kept.add(number)
            desk.seated.add(desk.items[number].id)
    for place, slot in zip(desk.places, desk.slots, strict=True):
        place.free = left[slot.id]


def _in_turn(desk: Desk, numbers: Mapping[int, int]) -> list[int]:
    return sorted(numbers, key=lambda number: desk.people[number].rank)
