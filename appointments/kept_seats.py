"""Seats that wait for the people a maintenance moved away from them (RD-06).

A maintenance that is shortened or called off leaves their old times free again.  They are offered
back first, and only what nobody takes back opens for everybody; until then these seats stay
closed (`released` does not count them) and every way that lets seats in leaves them alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F

from .enums import AppointmentState, MoveKind, MovePlanState, OfferState
from .models import AppointmentMove, Slot

ANSWERED = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED)


def kept_seats(slots: Iterable[Slot]) -> dict[int, int]:
    """Return by slot how many seats wait for whom an applied plan moved away; one query.

    It counts everybody who is still expected, is not back at the old time, and has not answered
    an offer of it yet (`ReturnOffer`); with no offer made, they wait for one.
    """
    moves = AppointmentMove.objects.filter(
        old_slot__in=[slot.pk for slot in slots],
        kind=MoveKind.MAINTENANCE,
        plan__state=MovePlanState.APPLIED,
        appointment__state=AppointmentState.BOOKED,
    )
    moves = moves.exclude(appointment__slot=F("old_slot")).exclude(offer__state__in=ANSWERED)
    counted = (
        moves.order_by().values("old_slot").annotate(people=Count("appointment", distinct=True))
    )
    return dict(counted.values_list("old_slot", "people"))
