"""Who may still choose another time after a move by the administration (RD-07).

Only the latest move counts, and only if the administration made it: whoever chose a time, or took
the old one back, has what they wanted.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from .enums import AppointmentState, MoveKind, OfferState
from .kept_seats import moved_away
from .models import Appointment, AppointmentMove, ReturnOffer


def open_choice(appointment: Appointment, now: datetime | None = None) -> AppointmentMove | None:
    """Return the move after which another time may still be chosen; None if there is none."""
    now = now or timezone.now()
    last = (
        appointment.moves.select_related("plan__maintenance")
        .defer("plan__plan")
        .order_by("-version")
        .first()
    )
    if last is None or not appointment.is_booked or last.kind != MoveKind.MAINTENANCE:
        return None
    if last.chosen_at is not None or last.choice_until is None or last.choice_until <= now:
        return None
    return last


def choosing_together(appointment: Appointment, now: datetime | None = None) -> list[Appointment]:
    """Return whose time is chosen with this one's: those who booked and were moved together.

    Without an open choice nobody.  Rule: RD-07 (families stay together)
    """
    move = open_choice(appointment, now)
    if move is None:
        return []
    if appointment.party is None:
        return [appointment]
    rows = Appointment.objects.filter(
        party=appointment.party, state=AppointmentState.BOOKED
    ).select_related("slot__centre", "application__mission", "application__owner")
    return [one for one in rows.order_by("booked_at", "pk") if _of_the_plan(one, move, now)]


def _of_the_plan(one: Appointment, move: AppointmentMove, now: datetime | None) -> bool:
    own = open_choice(one, now)
    return own is not None and own.plan_id == move.plan_id


def open_offers(appointment: Appointment, now: datetime | None = None) -> list[ReturnOffer]:
    """Return the offer of the old time to this person, and to those of the party, if it is open.

    An offer is stale, and not in it, once its person has cancelled or got another time by choice.
    """
    now = now or timezone.now()
    own = _offers(now).filter(move__appointment=appointment).order_by("-move__version").first()
    if own is None:
        return []
    if appointment.party is None:
        return [own]
    return list(
        _offers(now)
        .filter(move__plan=own.move.plan_id, move__appointment__party=appointment.party)
        .order_by("pk")
    )


def _offers(now: datetime) -> QuerySet[ReturnOffer]:
    rows = ReturnOffer.objects.filter(state=OfferState.OPEN, until__gt=now)
    rows = rows.filter(move__in=moved_away(), move__old_slot__is_suspended=False)
    return rows.select_related("move__old_slot__centre", "move__appointment__application")
