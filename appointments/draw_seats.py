"""The seats that a draw holds: taken in at closing, let go when nobody of it can use them.

`Slot.held` counts them; `taken ≤ released` and `released + held ≤ capacity` always hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from .enums import RequestState
from .freed_seats import hold_back_all, returns_at_random
from .kept_seats import kept_seats
from .models import Draw, DrawRequest, FreedSeat, Slot


def coming_back(slots: Iterable[Slot] | QuerySet[Slot]) -> dict[int, int]:
    """Return by slot how many freed seats come back by themselves: no draw holds those."""
    rows = FreedSeat.objects.filter(slot__in=slots, returned_at=None, withdrawn_because="")
    return dict(
        rows.order_by().values("slot").annotate(all=Sum("seats")).values_list("slot", "all")
    )


def _not_for_a_draw(slots: Sequence[Slot]) -> dict[int, int]:
    """Return by slot the seats that no draw holds: they come back by themselves, wait for people
    whom a maintenance moved away, or lie in a maintenance window.
    """
    closed = Counter(coming_back(slots))
    closed.update(kept_seats(slots))
    closed.update({slot.pk: slot.capacity for slot in slots if slot.is_suspended})
    return closed


def take_in(slots: Iterable[Slot]) -> list[Slot]:
    """Hold all unreleased seats of locked `slots`; returns the slots that have any."""
    slots = list(slots)
    closed = _not_for_a_draw(slots)
    for slot in slots:
        slot.held = max(0, slot.capacity - slot.released - closed.get(slot.pk, 0))
    Slot.objects.bulk_update(slots, ["held"], batch_size=1000)
    return [slot for slot in slots if slot.held]


def take_in_added(slots: Iterable[Slot]) -> None:
    """Hold seats that locked `slots` got after closing, such as a counter more, for who waits."""
    slots = list(slots)
    closed = _not_for_a_draw(slots)
    added = {
        slot: slot.capacity - slot.released - slot.held - closed.get(slot.pk, 0) for slot in slots
    }
    grown = [slot for slot, seats in added.items() if seats > 0]
    for slot in grown:
        slot.held += added[slot]
    Slot.objects.bulk_update(grown, ["held"], batch_size=1000)


def let_go(slots: Iterable[Slot], seats: Mapping[int, int], now: datetime) -> int:
    """Give held seats of locked `slots` back to everybody; returns how many.

    Where the centre's switch says so they open at a random moment, so that nobody can wait for
    them at the door (AT-07).
    """
    going = [slot for slot in slots if seats.get(slot.pk)]
    at_random = bool(going) and returns_at_random(going[0], now)
    for slot in going:
        slot.held -= seats[slot.pk]
        if not at_random or slot.starts_at <= now:
            slot.released += seats[slot.pk]
    Slot.objects.bulk_update(going, ["held", "released"], batch_size=1000)
    if at_random:
        later = {slot: seats[slot.pk] for slot in going if slot.starts_at > now}
        hold_back_all(later, freed_at=now)
    return sum(seats[slot.pk] for slot in going)


def unoffered(draw: Draw, slots: Iterable[Slot]) -> dict[int, int]:
    """Return by slot how many held seats are offered to nobody."""
    offered: Counter[int] = Counter()
    rows = DrawRequest.objects.filter(draw=draw, state=RequestState.OFFERED)
    for parts in rows.values_list("offered", flat=True):
        for part in parts:
            offered[part["slot"]] += part["seats"]
    free = {slot.pk: slot.held - offered[slot.pk] for slot in slots}
    return {pk: seats for pk, seats in free.items() if seats > 0}
