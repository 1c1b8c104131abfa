"""What follows a draw: seats are accepted in time, or go to the next who waits (RD-08).

Offered seats are held, not released.  Accepting releases and takes them in one transaction,
through the booking that everybody uses, so that the database judges RD-09 as always.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from applications.models import Application
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import ALGIERS
from portal.outbox.operations import enqueue

from ..draw_facts import slot_key
from ..draw_notifications import DrawMovedUp, DrawOfferExpired
from ..draw_seats import let_go, take_in_added, unoffered
from ..enums import LIVE_STATES, DrawState, RequestState
from ..models import Appointment, Draw, DrawRequest, DrawTraveller, MissedDraw, Slot
from ..refusals import OfferOver
from ..rules.draw import next_from_waiting
from ..rules.draw_inputs import DrawRule, DrawSlot, Request, Traveller
from ..rules.transcripts import second_of
from ..workflow import DRAW_WORKFLOW
from .booking import _BOOKABLE, book_held
from .draw import locked, slots_of
from .draw_results import chunks, offer_ends


@transaction.atomic
def accept(*, request_id: uuid.UUID, owner: User) -> list[Appointment]:
    """Book the offered seats for everybody of the request.

    Accepting twice is accepting once.  Raises OfferOver when the time is over or all was cancelled
    since, and what booking raises (RD-09 if somebody was booked elsewhere meanwhile); the offer
    then stays as it is.

    Rules: RD-08, RD-09, AT-03
    """
    people = _people(request_id, owner)
    list(Application.objects.filter(pk__in=people).order_by("pk").select_for_update())
    request = DrawRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.state == RequestState.ACCEPTED and (booked := _appointments_of(people)):
        return booked
    if request.state != RequestState.OFFERED or not people:
        raise OfferOver
    if request.offer_expires_at is None or request.offer_expires_at <= database_now():
        raise OfferOver
    seats = [part["slot"] for part in request.offered for _seat in range(part["seats"])]
    seats = seats[: len(people)]
    _release(seats)
    appointments = book_held(application_ids=people, slot_ids=seats, owner=owner)
    request.state = RequestState.ACCEPTED
    request.save(update_fields=["state", "updated_at"])
    _begin_anew(request)
    _record(request, "accept", owner)
    return appointments


def _people(request_id: uuid.UUID, owner: User) -> list[uuid.UUID]:
    """Return the applications of a request in their order; DoesNotExist for somebody else's."""
    request = DrawRequest.objects.get(pk=request_id, owner=owner)
    rows = request.travellers.exclude(application=None).order_by("pk")
    return list(rows.values_list("application_id", flat=True))


def _appointments_of(people: Sequence[uuid.UUID]) -> list[Appointment]:
    rows = Appointment.objects.filter(application__in=people, state__in=LIVE_STATES)
    return list(rows.select_related("slot").order_by("slot__starts_at"))


def _release(seats: Sequence[int]) -> None:
    """Turn held seats into released ones, for the booking that follows in this transaction."""
    for pk in sorted(set(seats)):
        count = seats.count(pk)
        Slot.objects.filter(pk=pk).update(released=F("released") + count, held=F("held") - count)


def _begin_anew(request: DrawRequest) -> None:
    keys = request.travellers.exclude(carry_key=None).values_list("carry_key", flat=True)
    MissedDraw.objects.filter(key__in=list(keys)).delete()


# --- by the clock -----------------------------------------------------------------------------


@transaction.atomic
def advance(*, draw_id: uuid.UUID) -> None:
    """Let offers expire, offer free seats to the next, and settle; safe to run again."""
    draw = locked(draw_id)
    if draw.state != DrawState.DRAWN:
        return
    now = second_of(database_now())
    # Requests before slots, as in accepting.
    _expire(draw, now)
    slots = {slot.pk: slot for slot in slots_of(draw).order_by("pk").select_for_update()}
    take_in_added(slots.values())
    _move_up(draw, slots, now)
    offered = draw.requests.filter(state=RequestState.OFFERED).exists()
    if not offered:
        # Whoever waits cannot use these: they are for everybody.
        let_go(slots.values(), unoffered(draw, slots.values()), now)
    if not offered and _nobody_can_come(draw, now):
        draw.settled_at = now
        draw.save(update_fields=["settled_at"])
        DRAW_WORKFLOW.move(draw, "settle", actor=None)


def _expire(draw: Draw, now: datetime) -> None:
    due = draw.requests.filter(state=RequestState.OFFERED, offer_expires_at__lte=now)
    requests = list(due.select_for_update(of=("self",)).select_related("owner").order_by("pk"))
    draw.requests.filter(pk__in=[one.pk for one in requests]).update(
        state=RequestState.EXPIRED, updated_at=now
    )
    for request in requests:
        request.draw = draw
        if request.owner:
            enqueue(DrawOfferExpired.about(request))


def _move_up(draw: Draw, slots: Mapping[int, Slot], now: datetime) -> None:
    """Offer free seats in drawn order; who does not fit, or is booked by now, keeps the place."""
    earliest = now + timedelta(hours=draw.centre.notice_hours)
    coming = {pk: slot for pk, slot in slots.items() if slot.starts_at > earliest}
    free = unoffered(draw, coming.values())
    by_key = {slot_key(slot): slot for slot in coming.values()}
    afternoon = DrawRule.from_json(draw.rule).afternoon_starts
    for some in _waiting(draw) if free else ():
        settled: set[str] = set()
        rows = {row.reference: row for row in some}
        line = [_as_rule(row) for row in some]
        while free:
            freed = [_as_freed(coming[pk], seats) for pk, seats in free.items()]
            offer = next_from_waiting(line, freed, settled, afternoon_starts=afternoon)
            if offer is None:
                break
            settled.add(offer.reference)
            parts = [(by_key[part.slot], part.seats) for part in offer.seats]
            _offer(draw, rows[offer.reference], parts, now)
            for slot, seats in parts:
                free[slot.pk] -= seats
            free = {pk: seats for pk, seats in free.items() if seats}
        if not free:
            return


def _waiting(draw: Draw) -> Iterator[Sequence[DrawRequest]]:
    """Yield who waits and can be booked, in drawn order, some at a time."""
    blocked = (
        DrawTraveller.objects.filter(draw=draw, application__isnull=False)
        .exclude(application__state__in=_BOOKABLE)
        .values("request")
    )
    rows = draw.requests.filter(state=RequestState.WAITING).exclude(owner=None)
    rows = rows.exclude(pk__in=blocked).select_related("owner").prefetch_related("travellers")
    yield from chunks(rows.order_by("waiting_position").iterator(2000))


def _as_rule(row: DrawRequest) -> Request:
    people = tuple(Traveller(one.key, one.missed) for one in row.travellers.all())
    return Request(row.reference, people, row.wishes)


def _as_freed(slot: Slot, seats: int) -> DrawSlot:
    return DrawSlot(slot_key(slot), slot.starts_at, slot.minutes, seats)


def _offer(
    draw: Draw, request: DrawRequest, parts: Sequence[tuple[Slot, int]], now: datetime
) -> None:
    request.draw = draw
    request.state = RequestState.OFFERED
    request.offered = [{"slot": slot.pk, "seats": seats} for slot, seats in parts]
    request.offer_expires_at = offer_ends(draw, parts[0][0], now)
    moved = draw.requests.filter(pk=request.pk, state=RequestState.WAITING).update(
        state=request.state,
        offered=request.offered,
        offer_expires_at=request.offer_expires_at,
        updated_at=now,
    )
    if moved:
        enqueue(DrawMovedUp.offering(request, {slot.pk: slot for slot, _seats in parts}))
        _record(request, "move_up", None)


def _nobody_can_come(draw: Draw, now: datetime) -> bool:
    end = datetime.combine(draw.days.upper, time(), ALGIERS)
    over = end - timedelta(hours=draw.centre.notice_hours) <= now
    return over or not draw.requests.filter(state=RequestState.WAITING).exists()


def _record(request: DrawRequest, step: str, actor: User | None) -> None:
    audit.record(
        actor=actor,
        action=f"drawrequest.{step}",
        subject=request,
        mission=request.draw.centre.mission,
        details={"draw": str(request.draw_id), "reference": request.reference},
    )
