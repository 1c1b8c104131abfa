"""Seats that wait for the people a maintenance moved away from them (RD-06).

A maintenance that is shortened or called off leaves their old times free again.  They are offered
back first, and only what nobody takes back opens for everybody; until then these seats stay
closed (`released` does not count them) and every way that lets seats in leaves them alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from .enums import AppointmentState, MoveKind, MovePlanState, OfferState
from .models import AppointmentMove, Slot

ANSWERED = (
    OfferState.ACCEPTED,
    OfferState.DECLINED,
    OfferState.LAPSED,
    OfferState.NOT_OFFERED,
)


def moved_away() -> QuerySet[AppointmentMove]:
    """Return the moves by applied plans whose people could still go back to the old time.

    They are still expected, not back there, and chose no other time since (RD-07).  Who was moved
    twice and took the second move back may take the first one back, too.
    """
    taken_back = AppointmentMove.objects.filter(
        appointment=OuterRef("appointment"),
        old_slot=OuterRef("new_slot"),
        version__lte=OuterRef(OuterRef("version")),
    )
    chosen = AppointmentMove.objects.filter(
        Q(kind=MoveKind.CHOICE) | Q(Exists(taken_back), kind=MoveKind.RETURN),
        appointment=OuterRef("appointment"),
        version__gt=OuterRef("version"),
    )
    moves = AppointmentMove.objects.filter(
        kind=MoveKind.MAINTENANCE,
        plan__state=MovePlanState.APPLIED,
        appointment__state=AppointmentState.BOOKED,
    )
    return moves.exclude(appointment__slot=F("old_slot")).exclude(Exists(chosen))


def kept_seats(slots: Iterable[Slot]) -> dict[int, int]:
    """Return by slot how many seats wait for whom an applied plan moved away; one query.

    It counts everybody who could still go back (`moved_away`) and has not answered an offer of
    the old time yet (`ReturnOffer`); with no offer made, they wait for one.
    """
    moves = moved_away().filter(old_slot__in=[slot.pk for slot in slots])
    moves = moves.exclude(offer__state__in=ANSWERED)
    counted = (
        moves.order_by().values("old_slot").annotate(people=Count("appointment", distinct=True))
    )
    return dict(counted.values_list("old_slot", "people"))
