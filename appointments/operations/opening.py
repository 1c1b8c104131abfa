"""Seats open when their moment has come: in whatever worker, as often as it is tried (AT-07).

The clock is the database's, so that workers agree; a clock that goes back only makes them wait.
What is due is locked and skipped by others, and marked in the transaction that opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.database_clock import database_now

from ..enums import PLAN_IN_FORCE, FreedBy, PlanState
from ..freed_seats import hold_back, plan_of
from ..kept_seats import kept_seats
from ..models import FreedSeat, ReleaseBatch, ReleasePlan, Slot
from ..rules.transcripts import second_of
from .release import WAITING, slots_of
from .release_ending import advance

AT_ONCE = 200  # rows locked in one transaction
# As transcripts are for everybody, they hold plain English and no translation.
IN_MAINTENANCE = "the slot lies in a maintenance window"


def open_due() -> int:
    """Open all seats whose moment has come; returns how many.  Safe to run again."""
    opened = 0
    for some in (_open_batches, _return_freed):
        while (done := some()) is not None:
            opened += done
    return opened


def advance_plans() -> None:
    """Let in what was added to slots of running plans, then begin, close and reveal plans."""
    for plan in ReleasePlan.objects.filter(state__in=PLAN_IN_FORCE):
        let_in_added(plan)
    unfinished = Q(state__in=PLAN_IN_FORCE) | Q(state=PlanState.CLOSED, revealed_at=None)
    for plan_id in ReleasePlan.objects.filter(unfinished).values_list("pk", flat=True):
        advance(plan_id=plan_id)


@transaction.atomic
def _open_batches() -> int | None:
    now = database_now()
    due = ReleaseBatch.objects.filter(opened_at=None, due_at__lte=now, **WAITING)
    batches = list(due.order_by("due_at").select_for_update(skip_locked=True)[:AT_ONCE])
    rooms = _Rooms([one.slot_id for one in batches])
    for one in batches:
        if rooms.is_suspended(one.slot_id):
            one.withdrawn_because = IN_MAINTENANCE
            continue
        one.opened_at, one.opened_seats = now, rooms.release(one.slot_id, one.seats)
    ReleaseBatch.objects.bulk_update(batches, ["opened_at", "opened_seats", "withdrawn_because"])
    return rooms.save() if batches else None


@transaction.atomic
def _return_freed() -> int | None:
    now = database_now()
    due = FreedSeat.objects.filter(returned_at=None, return_at__lte=now, **WAITING)
    freed = list(due.order_by("return_at").select_for_update(skip_locked=True)[:AT_ONCE])
    rooms = _Rooms([one.slot_id for one in freed])
    for one in freed:
        if rooms.is_suspended(one.slot_id):
            one.withdrawn_because = IN_MAINTENANCE
            continue
        one.returned_at, one.returned_seats = now, rooms.release(one.slot_id, one.seats)
    FreedSeat.objects.bulk_update(freed, ["returned_at", "returned_seats", "withdrawn_because"])
    return rooms.save() if freed else None


class _Rooms:
    """Locked slots, and how many seats each can still release."""

    def __init__(self, slot_ids: Sequence[int]) -> None:
        rows = Slot.objects.filter(pk__in=slot_ids).order_by("pk").select_for_update()
        self._slots = {slot.pk: slot for slot in rows}
        self._released = 0

    def is_suspended(self, slot_id: int) -> bool:
        """Tell whether the slot lies in a maintenance window, so that nothing of it opens."""
        return self._slots[slot_id].is_suspended

    def release(self, slot_id: int, seats: int) -> int:
        """Release seats as far as the slot still has them; returns how many."""
        slot = self._slots[slot_id]
        opened = min(seats, slot.capacity - slot.released - slot.held)
        slot.released += opened
        self._released += opened
        return opened

    def save(self) -> int:
        """Write the slots; returns how many seats opened."""
        Slot.objects.bulk_update(self._slots.values(), ["released"])
        return self._released


def let_in_added(plan: ReleasePlan) -> int:
    """Draw a moment for seats that slots of a running plan got later; returns how many seats.

    Such as a counter more: its seats were not announced, and come in like those given back.
    """
    return sum(_let_in(slot) for slot in _with_unplanned_seats(plan))


@transaction.atomic
def _let_in(slot: Slot) -> int:
    held_by = plan_of(slot)
    Slot.objects.select_for_update().get(pk=slot.pk)
    found = _unplanned(Slot.objects.filter(pk=slot.pk)).first()
    kept = kept_seats([slot]).get(slot.pk, 0)
    seats = max(0, int(getattr(found, "unplanned", 0)) - kept)
    if held_by and seats:
        now = second_of(database_now())
        hold_back(slot, held_by, seats=seats, freed_at=now, kind=FreedBy.ADDING)
    return seats


def _with_unplanned_seats(plan: ReleasePlan) -> list[Slot]:
    return list(_unplanned(slots_of(plan), coming=database_now()).order_by("pk"))


def _unplanned(slots: QuerySet[Slot], coming: datetime | None = None) -> QuerySet[Slot]:
    """Keep slots with seats that neither are released nor have a moment to come."""
    batches = ReleaseBatch.objects.filter(slot=OuterRef("pk"), opened_at=None, **WAITING)
    freed = FreedSeat.objects.filter(slot=OuterRef("pk"), returned_at=None, **WAITING)
    rows = (
        slots.filter(is_suspended=False)
        .annotate(unplanned=F("capacity") - F("released") - _seats_in(batches) - _seats_in(freed))
        .filter(unplanned__gt=0)
    )
    return rows.filter(starts_at__gt=coming) if coming else rows


def _seats_in(rows: QuerySet[Any]) -> Coalesce:
    sums = rows.order_by().values("slot").annotate(all=Sum("seats")).values("all")
    return Coalesce(Subquery(sums), 0)
