"""Whom the administration moved may choose another time once, or say that it is seen (RD-07).

Nobody else changes a time (AT-03).  Families that were moved together choose together, and sit
side by side.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.outbox.operations import confirm_opened
from portal.suspension import Action, check

from ..choice_refusals import NoChoice, SameTime, TimeGone
from ..enums import MoveKind
from ..maintenance_refusals import TimeInMaintenance
from ..models import Appointment, AppointmentMove, Slot
from ..own_choice import choosing_together, open_choice
from ..refusals import NoAdjacentSeats, SlotUnknown
from ..rules.availability import FreeTime, adjacent_seats
from .moving import Cause, lock_household, move_people

_SPAN = timedelta(hours=12)  # adjacent slots never reach over a night


def offered(*, appointments: list[Appointment], slot_id: int) -> list[tuple[Appointment, Slot]]:
    """Return who would sit where from `slot_id` on; locks and changes nothing.

    Raises what choosing it would raise: SlotUnknown for another centre or service,
    TimeInMaintenance, TimeGone, NoAdjacentSeats, SameTime.
    """
    present = appointments[0].slot
    first = Slot.objects.select_related("centre").filter(pk=slot_id).first()
    same_desk = first and (first.centre_id, first.service) == (present.centre_id, present.service)
    if first is None or not same_desk or not first.centre.is_active:
        raise SlotUnknown
    if all(one.slot_id == first.pk for one in appointments):
        raise SameTime
    if first.is_suspended:
        raise TimeInMaintenance
    earliest = timezone.now() + timedelta(hours=first.centre.notice_hours)
    if not first.free or first.starts_at < earliest:
        raise TimeGone
    slots = Slot.objects.select_related("centre").filter(
        centre=first.centre_id,
        service=first.service,
        starts_at__gte=first.starts_at,
        starts_at__lt=first.starts_at + _SPAN,
    )
    by_id = {slot.pk: slot for slot in slots.order_by("starts_at")}
    times = [FreeTime(one.pk, one.starts_at, one.ends_at, one.free) for one in by_id.values()]
    seats = adjacent_seats(times, len(appointments))
    if not seats:  # to one person alone that means that somebody was faster, just now
        raise NoAdjacentSeats if len(appointments) > 1 else TimeGone
    return [(one, by_id[pk]) for one, pk in zip(appointments, seats, strict=True)]


@transaction.atomic
def choose(*, appointment_id: uuid.UUID, slot_id: int, owner: User) -> list[Appointment]:
    """Use the one choice: give the seats back and take those from `slot_id` on.

    Choosing the same time twice is choosing once.  Raises NoChoice, what `offered` raises, or
    Suspended while the centre is closed; then nothing has changed, and the choice stays open.

    Rules: RD-07, AT-03, AT-07
    """
    wanted = Appointment.objects.get(pk=appointment_id, application__owner=owner)
    party = Appointment.objects.filter(pk=wanted.pk)
    if wanted.party is not None:
        party = Appointment.objects.filter(party=wanted.party, application__owner=owner)
    locked = {one.pk: one for one in lock_household(party.values_list("pk", flat=True))}
    own = locked[wanted.pk]
    now = database_now()
    move = open_choice(own, now)
    if move is None:
        if _chose_it(own, slot_id):
            return [own]
        raise NoChoice
    centre = own.slot.centre
    check(Action.BOOKING, mission_id=centre.mission_id, centre_id=centre.pk)
    together = [locked[one.pk] for one in choosing_together(own, now)]
    pairs = offered(appointments=together, slot_id=slot_id)
    use_up(together, at=now)
    cause = Cause(kind=MoveKind.CHOICE, plan=move.plan, actor=owner, at=now)
    move_people(pairs=pairs, cause=cause, take=_take)
    return [one for one, _slot in pairs]


def use_up(appointments: Iterable[Appointment], *, at: datetime) -> None:
    """Note that the choice of locked appointments is used: a time chosen, or cancelled."""
    for one in appointments:
        move = open_choice(one, at)
        if move is not None:
            AppointmentMove.objects.filter(pk=move.pk).update(chosen_at=at)


def cancel_instead(appointment: Appointment, *, actor: User) -> bool:
    """Use the choice of a locked appointment up by cancelling; it is no disadvantage (RD-07).

    Inside the caller's transaction, before it cancels.  Tells whether there was a choice.
    """
    now = database_now()
    if open_choice(appointment, now) is None:
        return False
    use_up([appointment], at=now)
    audit.record(
        actor=actor,
        action="appointment.cancel_after_move",
        subject=appointment,
        reason="RD-07",
        mission=appointment.application.mission,
    )
    return True


def _chose_it(appointment: Appointment, slot_id: int) -> bool:
    last = appointment.moves.order_by("-version").first()
    return last is not None and last.kind == MoveKind.CHOICE and last.new_slot_id == slot_id


def _take(seats: Mapping[int, int]) -> None:
    """Take free seats; raises TimeGone if one is gone since it was looked at."""
    for pk in sorted(seats):
        free = Slot.objects.filter(pk=pk, is_suspended=False, taken__lte=F("released") - seats[pk])
        if not free.update(taken=F("taken") + seats[pk]):
            raise TimeGone


@transaction.atomic
def note_seen(*, appointment_id: uuid.UUID, owner: User) -> None:
    """Note that the person has seen the new time, by a button: looking changes nothing.

    It counts on the messages of that version, too.  Pressing it again changes nothing.
    """
    own = Appointment.objects.select_for_update(of=("self",)).get(
        pk=appointment_id, application__owner=owner
    )
    seen = own.moves.filter(version=own.version, opened_at=None).update(opened_at=database_now())
    if seen:
        confirm_opened(subject_ref=f"appointment:{own.pk}", version=own.version)


@transaction.atomic
def allow_earlier(*, appointment_id: uuid.UUID, earlier_ok: bool, owner: User) -> Appointment:
    """Note whether an earlier time would suit, should a maintenance move the appointment (RD-06).

    A plan that was confirmed by then keeps what it was made from.
    """
    row = Appointment.objects.select_for_update(of=("self",)).get(
        pk=appointment_id, application__owner=owner
    )
    if row.earlier_ok != earlier_ok:
        row.earlier_ok = earlier_ok
        row.save(update_fields=["earlier_ok"])
        audit.record(
            actor=owner,
            action="appointment.earlier",
            subject=row,
            mission=row.application.mission,
            details={"earlier_ok": earlier_ok},
        )
    return row
