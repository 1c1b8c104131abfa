"""Times inside announced maintenance windows: nothing in them is free (RD-06).

Suspending closes what is free and keeps who is booked until a plan moves them.  Un-suspending is
the undo: the old seats of people who were moved away stay closed for them (`kept_seats`), and
what is left opens at moments that nobody can choose (AT-07).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from portal.dates import civil_date
from portal.formats import short_date

from .enums import DRAW_IN_FORCE
from .freed_seats import hold_back_all, holds, plans_in_force, returns_at_random
from .kept_seats import kept_seats
from .maintenance_refusals import DrawHoldsTheseTimes
from .models import Centre, Draw, FreedSeat, MaintenanceWindow, ReleaseBatch, Slot

_WAITING = {"withdrawn_because": ""}


def closed_hours(centre: Centre) -> list[Any]:
    """Return the ranges in which a centre is closed; none is announced before the caller ends.

    For whoever creates slots: the centre's row is locked, as in announcing.
    """
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    rows = MaintenanceWindow.objects.filter(centre=centre, in_force=True)
    return list(rows.values_list("hours", flat=True))


def in_hours(starts_at: datetime, closed: Iterable[Any]) -> bool:
    """Tell whether a time lies in one of the ranges [start, end)."""
    return any(hours.lower <= starts_at < hours.upper for hours in closed)


def slots_in(windows: QuerySet[MaintenanceWindow], *, after: datetime) -> QuerySet[Slot]:
    """Return the slots from `after` on that start inside one of `windows`."""
    around = windows.filter(centre=OuterRef("centre"), hours__contains=OuterRef("starts_at"))
    return Slot.objects.filter(Exists(around), starts_at__gte=after)


def suspend(slots: QuerySet[Slot]) -> int:
    """Close everything free in `slots`; returns how many they are.

    Seats of release plans and seats that come back by themselves are left to their moment, which
    then finds the slot suspended (`operations/opening.py`); those of a draw that collects requests
    fall out of it.  Raises DrawHoldsTheseTimes for seats that a closed draw has promised.
    """
    locked = list(slots.order_by("pk").select_for_update(of=("self",)))
    promised = next((slot for slot in locked if slot.held), None)
    if promised is not None:
        raise DrawHoldsTheseTimes(params=_draw_in_words(promised))
    Slot.objects.filter(pk__in=[slot.pk for slot in locked]).update(
        is_suspended=True, released=F("taken")
    )
    return len(locked)


def _draw_in_words(slot: Slot) -> dict[str, str]:
    day = civil_date(slot.starts_at)
    days = Draw.objects.filter(
        centre=slot.centre_id, service=slot.service, days__contains=day, state__in=DRAW_IN_FORCE
    ).values_list("days", flat=True)
    first, end = next(((one.lower, one.upper) for one in days), (day, day + timedelta(days=1)))
    last = end - timedelta(days=1)
    words = short_date(first) if first == last else f"{short_date(first)} – {short_date(last)}"
    return {"centre": slot.centre.name, "days": words}


def un_suspend(slots: QuerySet[Slot], *, now: datetime) -> list[Slot]:
    """Open `slots` again because their window was shortened or called off; returns them, locked.

    Their people come first: seats of those whom an applied plan moved away stay closed until
    their old time was offered back and they answered or did not (`kept_seats`).  Beat offers
    them (`operations/return_offers.py`), and whoever ends an offer calls `let_in_unkept`.
    Everything else that is free comes in at once by `let_in_unkept`.
    """
    locked = list(slots.filter(is_suspended=True).order_by("pk").select_for_update(of=("self",)))
    Slot.objects.filter(pk__in=[slot.pk for slot in locked]).update(is_suspended=False)
    for slot in locked:
        slot.is_suspended = False
    let_in_unkept(locked, now=now)
    return locked


def let_in_unkept(slots: Sequence[Slot], *, now: datetime) -> int:
    """Let in the closed seats of locked `slots` that wait for nobody; returns how many.

    They open at a random moment, or at once where the centre switched that rule off (AT-07).  A
    release plan or a draw that holds the day lets them in itself.  Safe to run again.
    """
    free = _unkept([slot for slot in slots if not slot.is_suspended and slot.starts_at > now])
    by_centre: dict[int, dict[Slot, int]] = defaultdict(dict)
    for slot, seats in free.items():
        by_centre[slot.centre_id][slot] = seats
    return sum(_let_in(some, now) for some in by_centre.values())


def _let_in(free: Mapping[Slot, int], now: datetime) -> int:
    """Do it for the slots of one centre."""
    first = next(iter(free))
    plans = plans_in_force(first.centre)
    unheld = {
        slot: seats
        for slot, seats in free.items()
        if not holds(plans, slot.service, slot.starts_at)
    }
    if unheld and returns_at_random(first, now):
        hold_back_all(unheld, freed_at=now)
    else:
        for slot, seats in unheld.items():
            slot.released += seats
        Slot.objects.bulk_update(unheld, ["released"], batch_size=1000)
    return sum(unheld.values())


def _unkept(slots: Sequence[Slot]) -> dict[Slot, int]:
    """Return the closed seats that neither come by themselves nor wait for somebody."""
    batches = ReleaseBatch.objects.filter(slot__in=slots, opened_at=None, **_WAITING)
    freed = FreedSeat.objects.filter(slot__in=slots, returned_at=None, **_WAITING)
    spoken_for = Counter(kept_seats(slots))
    spoken_for.update(_sums(batches))
    spoken_for.update(_sums(freed))
    closed = {
        slot: slot.capacity - slot.released - slot.held - spoken_for[slot.pk] for slot in slots
    }
    return {slot: seats for slot, seats in closed.items() if seats > 0}


def _sums(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(
        rows.order_by().values("slot").annotate(all=Sum("seats")).values_list("slot", "all")
    )
