"""Old times that are free again are offered back to who was moved away from them (RD-07).

A maintenance that is called off or shortened opens its slots again and keeps these seats closed
(`kept_seats`).  Beat offers them, once for each move, and gives back (AT-07) what nobody takes:
declined, not answered in time, or its person has cancelled or chosen another time.  Locks:
applications, appointments, offers, what holds the days, slots by id.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Entry
from portal.database_clock import database_now
from portal.outbox import operations as outbox
from portal.suspension import Action, check

from ..choice_notifications import OldTimeOffered
from ..choice_refusals import OfferIsOver
from ..enums import MoveKind, MovePlanState, OfferState
from ..kept_seats import moved_away
from ..models import Appointment, AppointmentMove, FreedSeat, ReleaseBatch, ReturnOffer, Slot
from ..own_choice import open_offers
from ..rules.moves.return_offer import offer_until
from ..suspended_slots import let_in_unkept
from ..workflow import OFFER_WORKFLOW
from .moving import Cause, lock_household, move_people

_AT_ONCE = 500  # moves in one transaction
_TOLD = (
    "old_slot",
    "plan",
    "appointment__slot__centre",
    "appointment__application__mission",
    "appointment__application__owner",
)


# --- offered --------------------------------------------------------------------------------------


def offer_due() -> int:
    """Offer every old time that is free again; returns how many people are asked.

    Safe to run again, and at the same time: a move has one offer.
    """
    asked = 0
    while (found := _offer_some()) is not None:
        asked += found
    return asked


@transaction.atomic
def _offer_some() -> int | None:
    """Do it for some; None when there is nothing left to do."""
    now = database_now()
    moves = list(
        _due(now).select_related(*_TOLD).order_by("plan", "appointment__party", "pk")[:_AT_ONCE]
    )
    if not moves:
        return None
    whole = _whole_families(moves)
    slots = _locked_slots({move.old_slot_id for move in whole})
    # What was closed again meanwhile waits until it is open once more.
    whole = [move for move in whole if not slots[move.old_slot_id].is_suspended]
    offers = _judged(whole, _room(slots.values()), now)
    ReturnOffer.objects.bulk_create(offers)
    asked = [one for one in offers if one.state == OfferState.OPEN]
    outbox.enqueue_all(OldTimeOffered.offering(one, one.move.appointment) for one in asked)
    Entry.objects.bulk_create([_line(one) for one in asked])
    spared = {one.move.old_slot_id for one in offers if one.state != OfferState.OPEN}
    let_in_unkept([slots[pk] for pk in sorted(spared)], now=now)
    return len(asked)


def _judged(
    moves: Sequence[AppointmentMove], room: Counter[int], now: datetime
) -> list[ReturnOffer]:
    """Return the offers of moves whose slots are locked, first come first served: open or not."""
    # Who waited for the locks may find that somebody else has offered some.
    made = set(ReturnOffer.objects.filter(move__in=moves).values_list("move", flat=True))
    standing = set(moved_away().filter(pk__in=[m.pk for m in moves]).values_list("pk", flat=True))
    offers: list[ReturnOffer] = []
    for _key, some in groupby(moves, _family):
        group = [move for move in some if move.pk not in made]
        wanted = [move for move in group if move.pk in standing]
        needed = Counter(move.old_slot_id for move in wanted)
        until = _until(wanted, now)
        if any(room[pk] < seats for pk, seats in needed.items()):
            until = None
        if until is not None:
            room.subtract(needed)
        offers += [_offer(move, until if move.pk in standing else None, now) for move in group]
    return offers


def _due(now: datetime) -> QuerySet[AppointmentMove]:
    """Return the moves away from slots that are open again, and whose end is not known yet."""
    return AppointmentMove.objects.filter(
        kind=MoveKind.MAINTENANCE,
        plan__state=MovePlanState.APPLIED,
        offer=None,
        old_slot__is_suspended=False,
        old_slot__starts_at__gt=now,
    )


def _family(move: AppointmentMove) -> tuple[str, str]:
    return str(move.plan_id), str(move.appointment.party or move.appointment_id)


def _whole_families(moves: Sequence[AppointmentMove]) -> list[AppointmentMove]:
    """Leave out a family of which only a part may have been read."""
    if len(moves) < _AT_ONCE:
        return list(moves)
    return [move for move in moves if _family(move) != _family(moves[-1])] or list(moves)


def _until(moves: Sequence[AppointmentMove], now: datetime) -> datetime | None:
    """Return until when a family may answer: the nearest of its old times decides."""
    found = [offer_until(move.old_slot.starts_at, now) for move in moves]
    known = [one for one in found if one is not None]
    return min(known) if known and len(known) == len(found) else None


def _offer(move: AppointmentMove, until: datetime | None, now: datetime) -> ReturnOffer:
    state = OfferState.OPEN if until else OfferState.NOT_OFFERED
    return ReturnOffer(move=move, state=state, offered_at=now, until=until or now)


def _room(slots: Iterable[Slot]) -> Counter[int]:
    """Return by slot how many closed seats come in by no other way."""
    rows = list(slots)
    room = Counter({slot.pk: slot.capacity - slot.released - slot.held for slot in rows})
    waiting = {"slot__in": rows, "withdrawn_because": ""}
    for coming in (
        ReleaseBatch.objects.filter(opened_at=None, **waiting),
        FreedSeat.objects.filter(returned_at=None, **waiting),
    ):
        sums = coming.order_by().values("slot").annotate(all=Sum("seats"))
        room.subtract(dict(sums.values_list("slot", "all")))
    return room


# --- answered -------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, appointment_id: uuid.UUID, owner: User) -> list[Appointment]:
    """Take the old time back, with everybody of the party to whom theirs is offered.

    The seats given up come back by AT-07.  Accepting twice is accepting once.  Raises OfferIsOver,
    or Suspended while the centre is closed; then nothing has changed.

    Rules: RD-07, AT-07
    """
    own, offers, people, now = _locked_offers(appointment_id, owner)
    if not offers:
        if _is_back(own):
            return [own]
        raise OfferIsOver
    centre = own.slot.centre
    check(Action.BOOKING, mission_id=centre.mission_id, centre_id=centre.pk)
    for one in offers:
        _answer(one, "accept", owner, now)
    move = offers[0].move
    cause = Cause(kind=MoveKind.RETURN, plan=move.plan, actor=owner, at=now)
    pairs = [(people[one.move.appointment_id], one.move.old_slot) for one in offers]
    move_people(pairs=pairs, cause=cause, take=_take_kept)
    return [one for one, _slot in pairs]


@transaction.atomic
def decline(*, appointment_id: uuid.UUID, owner: User) -> None:
    """Keep the new time; the old one goes back to everybody (AT-07).  Raises OfferIsOver."""
    _own, offers, _people, now = _locked_offers(appointment_id, owner)
    if not offers:
        raise OfferIsOver
    for one in offers:
        _answer(one, "decline", owner, now)
    _let_in([one.move.old_slot_id for one in offers], now)


def _locked_offers(
    appointment_id: uuid.UUID, owner: User
) -> tuple[Appointment, list[ReturnOffer], dict[uuid.UUID, Appointment], datetime]:
    """Lock a household and its open offers; returns them with who they are for, and the moment."""
    wanted = Appointment.objects.get(pk=appointment_id, application__owner=owner)
    party = Q(pk=wanted.pk)
    if wanted.party is not None:
        party |= Q(party=wanted.party, application__owner=owner)
    ids = Appointment.objects.filter(party).values_list("pk", flat=True)
    people = {one.pk: one for one in lock_household(ids)}
    now = database_now()
    seen = [one.pk for one in open_offers(people[wanted.pk], now)]
    rows = ReturnOffer.objects.filter(pk__in=seen).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    # What lapsed while this waited for the locks is open no more.
    offers = [one for one in open_offers(people[wanted.pk], now) if one.pk in seen]
    return people[wanted.pk], offers, people, now


def _answer(offer: ReturnOffer, step: str, actor: User | None, now: datetime) -> None:
    ReturnOffer.objects.filter(pk=offer.pk).update(answered_at=now)
    OFFER_WORKFLOW.move(offer, step, actor=actor, details={"move": offer.move_id})


def _is_back(appointment: Appointment) -> bool:
    last = appointment.moves.order_by("-version").first()
    return last is not None and last.kind == MoveKind.RETURN


def _take_kept(seats: Mapping[int, int]) -> None:
    """Turn closed seats into taken ones; raises OfferIsOver if there is none any more."""
    for pk in sorted(seats):
        kept = Slot.objects.filter(
            pk=pk,
            is_suspended=False,
            released__lte=F("capacity") - F("held") - seats[pk],
        )
        taken = kept.update(released=F("released") + seats[pk], taken=F("taken") + seats[pk])
        if not taken:
            raise OfferIsOver


# --- by the clock ---------------------------------------------------------------------------------


@transaction.atomic
def end_due() -> int:
    """End offers that were not answered in time, or that nobody can answer any more.

    Their seats open for everybody by AT-07.  Returns how many there were; safe to run again.
    """
    now = database_now()
    rows = ReturnOffer.objects.filter(state=OfferState.OPEN)
    over = Q(until__lte=now) | Q(move__old_slot__is_suspended=True)
    due = rows.filter(over | ~Q(move__in=moved_away()))
    locked = due.select_for_update(of=("self",), skip_locked=True).select_related(
        "move__appointment__application"
    )
    offers = list(locked.order_by("pk")[:_AT_ONCE])
    for one in offers:
        _answer(one, "lapse", None, now)
    _let_in([one.move.old_slot_id for one in offers], now)
    return len(offers)


def _let_in(slot_ids: Iterable[int], now: datetime) -> None:
    let_in_unkept(list(_locked_slots(slot_ids).values()), now=now)


def _locked_slots(slot_ids: Iterable[int]) -> dict[int, Slot]:
    rows = Slot.objects.filter(pk__in=list(slot_ids)).order_by("pk")
    return {slot.pk: slot for slot in rows.select_for_update(of=("self",))}


def _line(offer: ReturnOffer) -> Entry:
    details = {"move": offer.move_id, "until": offer.until.isoformat(timespec="seconds")}
    return audit.unsaved(actor=None, action="returnoffer.offer", subject=offer, details=details)
