"""What the page of an appointment says of its moves: the last one at length, all in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from .enums import MaintenanceReason, MoveKind
from .models import Appointment, AppointmentMove
from .own_choice import choosing_together, open_choice, open_offers
from .wording import MOVES


@dataclass(frozen=True, slots=True)
class MovedShown:
    """The new time that the administration gave, as long as it is the present one."""

    old: datetime
    new: datetime
    reason: str
    why: str
    choice_until: datetime | None  # None: the choice is used or over
    together: int  # people who choose together
    is_noted: bool


@dataclass(frozen=True, slots=True)
class OfferShown:
    """An old time that can be taken back."""

    old: datetime
    present: datetime
    until: datetime
    people: int


@dataclass(frozen=True, slots=True)
class PastMove:
    """One line of the history."""

    at: datetime
    what: str
    old: datetime
    new: datetime


def moved(appointment: Appointment, history: Sequence[AppointmentMove]) -> MovedShown | None:
    """Return the move by the administration that gave the appointment its present time."""
    last = history[-1] if history else None
    if last is None or last.kind != MoveKind.MAINTENANCE or not appointment.is_booked:
        return None
    choice = open_choice(appointment)
    return MovedShown(
        old=last.old_slot.starts_at,
        new=last.new_slot.starts_at,
        reason=_reason(last),
        why=_why(last),
        choice_until=choice.choice_until if choice else None,
        together=len(choosing_together(appointment)) if choice else 0,
        is_noted=last.opened_at is not None,
    )


def offered_back(appointment: Appointment) -> OfferShown | None:
    """Return the old time that waits for this person; None if there is none."""
    offers = open_offers(appointment, timezone.now())
    own = next((one for one in offers if one.move.appointment_id == appointment.pk), None)
    if own is None:
        return None
    old, present = own.move.old_slot.starts_at, appointment.slot.starts_at
    return OfferShown(old, present, min(one.until for one in offers), len(offers))


def moves_of(appointment: Appointment) -> list[AppointmentMove]:
    """Return all moves of an appointment, the first one first; one query."""
    rows = appointment.moves.select_related("old_slot", "new_slot", "plan__maintenance")
    return list(rows.defer("plan__plan").order_by("version"))


def past_moves(history: Sequence[AppointmentMove]) -> list[PastMove]:
    """Return the moves in words."""
    return [
        PastMove(
            one.moved_at,
            str(MoveKind(one.kind).label),
            one.old_slot.starts_at,
            one.new_slot.starts_at,
        )
        for one in history
    ]


def _reason(move: AppointmentMove) -> str:
    return str(MaintenanceReason(move.plan.maintenance.reason).label) if move.plan else ""


def _why(move: AppointmentMove) -> str:
    wording = MOVES.get(move.why)
    hours = move.plan.notice_hours if move.plan else 0
    return str(wording.sentence) % {"hours": hours} if wording else ""
