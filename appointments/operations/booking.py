"""Booking: seats are bound to travellers in one statement.

Everything is read and judged first, without a lock; then `appointments_take_seats` (migration
0003) checks again what may have changed, writes every row and takes the seats, in one round
trip.  Its locks are taken in the order of the house: applications, appointments, slots by id.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from applications.enums import ApplicationState, VisaClass
from applications.models import Application
from applications.permissions import own_applications
from applications.verdicts import passport_verdict
from applications.workflow import APPLICATION_WORKFLOW
from portal import constraints, rows
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.outbox import operations as outbox
from portal.suspension import Action, check

from .. import fee_holds
from ..booking_traces import Origin, of_booking
from ..enums import LIVE_STATES, Service, Switch
from ..maintenance_refusals import TimeInMaintenance
from ..models import Appointment, BookingTrace, Centre, CentreSwitch, Slot, is_on
from ..notifications import BookingConfirmed
from ..refusals import (
    AlreadyBooked,
    ApplicationChanged,
    NoAdjacentSeats,
    NotReadyToBook,
    SlotTaken,
    SlotUnknown,
    TravellerAlreadyBooked,
    WalkInOnly,
)
from ..rules.availability import FreeTime, adjacent_seats
from ..rules.duty import DutyFacts, duty_verdict

_BOOKABLE = frozenset(APPLICATION_WORKFLOW.transition("book").sources)


@dataclass(frozen=True)
class Seat:
    """One traveller's application and the slot it is to sit in."""

    application: Application
    slot: Slot
    # Whether the centre's switch of today asks for the service fee in advance (AT-02).
    prepaid: bool = False


def service_for(application: Application) -> Service:
    """Return the service at whose desk this kind of application is handed in."""
    short = application.visa_class == VisaClass.SHORT_STAY
    return Service.SHORT_STAY if short else Service.LONG_STAY


def is_walk_in(application: Application) -> bool:
    """Tell whether the file is handed in without an appointment today (RD-01)."""
    facts = DutyFacts(
        filing_date=civil_date(timezone.now()),
        category="retiree_card" if application.retiree_card else application.purpose,
        authority=application.mission.state,
    )
    verdict = duty_verdict(facts, application.mission.ruleset_for("RD"))
    return not verdict.results["required"]


def offered_slot(*, application: Application, slot_id: int) -> Slot:
    """Return a slot that could be booked for `application` now; locks and changes nothing.

    Raises the `Refused` that booking it would raise.  Rules: RD-01, AT-03.
    """
    return offered_seats(applications=[application], slot_id=slot_id)[0].slot


def offered_seats(*, applications: Sequence[Application], slot_id: int) -> list[Seat]:
    """Return adjacent seats that could be booked from `slot_id` on; changes nothing.

    The first travellers sit in the slot itself, those it has no room for in the slots that
    follow without a gap (AP-01).  Raises the `Refused` that booking would raise.
    """
    for application in applications:
        _check_bookable(application)
    slots, prepaid = _slots_from(slot_id, len(applications))
    if not slots or not all(_fits(slots[0], application) for application in applications):
        raise SlotUnknown
    if slots[0].is_suspended:
        raise TimeInMaintenance
    if not _is_open(slots[0]):
        raise SlotTaken
    times = [FreeTime(slot.pk, slot.starts_at, slot.ends_at, slot.free) for slot in slots]
    chosen = adjacent_seats(times, len(applications))
    if not chosen:
        raise NoAdjacentSeats
    by_id = {slot.pk: slot for slot in slots}
    return [Seat(one, by_id[pk], prepaid) for one, pk in zip(applications, chosen, strict=True)]


def book(*, application_id: uuid.UUID, slot_id: int, owner: User) -> Appointment:
    """Bind one free seat of a slot to the traveller of an application of `owner`.

    Sending the same booking twice gives the same appointment.  Raises a `Refused` of
    `appointments.refusals`; then nothing has changed.
    Rules: RD-01, RD-09, AT-03.
    """
    return book_together(application_ids=[application_id], slot_id=slot_id, owner=owner)[0]


def book_together(
    *,
    application_ids: Sequence[uuid.UUID],
    slot_id: int,
    owner: User,
    origin: Origin | None = None,
    read: Sequence[Application] | None = None,
) -> list[Appointment]:
    """Bind adjacent seats to a household, all or none, in the order of `application_ids`.

    `origin` is kept with the booking (AT-05).  Whoever has just read the applications gives them as
    `read`; if they changed meanwhile they are read again.
    Sending the same booking twice gives the same appointments.  Raises a `Refused` of
    `appointments.refusals`, or Suspended while the centre is closed for maintenance (RD-05); then
    nothing has changed.
    Rules: AP-01 (one appointment each), RD-01, RD-09, AT-03.
    """
    for attempt in range(2):
        applications = read if read and not attempt else own_applications(owner, application_ids)
        if any(one.state == ApplicationState.BOOKED for one in applications):
            return _booked_already(applications, slot_id)
        seats = offered_seats(applications=applications, slot_id=slot_id)
        centre = seats[0].slot.centre
        check(Action.BOOKING, mission_id=centre.mission_id, centre_id=centre.pk)
        try:
            return _take(seats, owner, origin)
        except ApplicationChanged:
            # Somebody (a second click, an agent) was faster: judge what is there now.
            continue
    raise ApplicationChanged


def book_held(
    *, application_ids: Sequence[uuid.UUID], slot_ids: Sequence[int], owner: User
) -> list[Appointment]:
    """Bind seats that were held for a household: its travellers to `slot_ids`, one by one.

    The caller has locked the applications and released the seats in its own transaction.
    Raises what `book_together` raises.  Rules: RD-01, RD-08, RD-09, AT-03.
    """
    applications = own_applications(owner, application_ids)
    slots = Slot.objects.select_related("centre").in_bulk(slot_ids)
    for application in applications:
        _check_bookable(application)
    today = civil_date(timezone.now())
    centres = {slot.centre_id for slot in slots.values()}
    prepaid = any(is_on(pk, Switch.PREPAYMENT, today) for pk in centres)
    seats = [Seat(one, slots[pk], prepaid) for one, pk in zip(applications, slot_ids, strict=True)]
    if not all(_fits(seat.slot, seat.application) for seat in seats):
        raise SlotUnknown
    return _take(seats, owner)


def _check_bookable(application: Application) -> None:
    if application.state == ApplicationState.BOOKED:
        raise AlreadyBooked
    if is_walk_in(application):
        raise WalkInOnly
    if application.state not in _BOOKABLE:
        raise NotReadyToBook


def _fits(slot: Slot, application: Application) -> bool:
    centre = slot.centre
    return (
        centre.is_active
        and centre.mission_id == application.mission_id
        and slot.service == service_for(application)
    )


def _is_open(slot: Slot) -> bool:
    earliest = timezone.now() + timedelta(hours=slot.centre.notice_hours)
    return slot.free > 0 and slot.starts_at >= earliest


# --- reading: one statement for the times ---------------------------------------------------------

_SLOT = rows.Columns(Slot, "s")
_CENTRE = rows.Columns(Centre, "c")
_PREPAYMENT = rows.Columns(CentreSwitch, "w")

# Beside the centre stands its switch of AT-02 if it is on today, so that asking costs no statement.
_WITH_CENTRE = """
    JOIN appointments_centre c ON c.id = s.centre_id
    LEFT JOIN appointments_centreswitch w
      ON w.centre_id = c.id AND w.name = %s AND w.is_on AND w.valid @> %s::date
"""
_ONE_SLOT = rows.select(
    f"FROM appointments_slot s {_WITH_CENTRE} WHERE s.id = %s", _SLOT, _CENTRE, _PREPAYMENT
)
# A day at most, since adjacent slots never reach over a night.
_SLOTS_FROM = rows.select(
    f"""
    FROM appointments_slot f
    JOIN appointments_slot s ON s.centre_id = f.centre_id AND s.service = f.service
      AND s.starts_at >= f.starts_at AND s.starts_at < f.starts_at + interval '12 hours'
    {_WITH_CENTRE} WHERE f.id = %s ORDER BY s.starts_at
    """,
    _SLOT,
    _CENTRE,
    _PREPAYMENT,
)


def _slots_from(slot_id: int, people: int) -> tuple[list[Slot], bool]:
    """Return the slot and, for several people, those after it; and whether AT-02 is on today."""
    slots, prepaid = [], False
    sql = _ONE_SLOT if people == 1 else _SLOTS_FROM
    params = [Switch.PREPAYMENT.value, civil_date(timezone.now()), slot_id]
    for slot, centre, switch in rows.read(sql, params, _SLOT, _CENTRE, _PREPAYMENT):
        slot.centre = centre
        slots.append(slot)
        prepaid = switch.pk is not None
    return slots, prepaid


def _booked_already(applications: Sequence[Application], slot_id: int) -> list[Appointment]:
    """Answer a double click with the appointments it made; refuse anything else."""
    live = {
        row.application_id: row
        for row in Appointment.objects.filter(
            application__in=applications, state__in=LIVE_STATES
        ).select_related("slot")
    }
    appointments = [live[one.pk] for one in applications if one.pk in live]
    if len(appointments) != len(applications) or appointments[0].slot_id != slot_id:
        raise AlreadyBooked
    parties = {row.party for row in appointments}
    if len(parties) > 1 or (len(appointments) > 1 and parties == {None}):
        raise AlreadyBooked
    return appointments


# --- writing: one statement -----------------------------------------------------------------------

_REFUSALS = {
    "application_can_be_booked": ApplicationChanged,
    "a_seat_is_free": SlotTaken,
    "one_live_appointment_per_application": AlreadyBooked,
    "one_live_appointment_per_traveller_and_state": TravellerAlreadyBooked,
}


def _take(seats: Sequence[Seat], owner: User, origin: Origin | None = None) -> list[Appointment]:
    party = uuid.uuid4() if len(seats) > 1 else None
    appointments = [_appointment(seat, party) for seat in seats]
    fees = fee_holds.of_booking(appointments) if any(seat.prepaid for seat in seats) else None
    traces = of_booking(appointments, origin) if origin else []
    request = json.dumps(_request(seats, appointments, owner, fees, traces))
    # One statement is a transaction of its own; inside a caller's it needs a savepoint.
    inside = connection.in_atomic_block
    with constraints.explained(_REFUSALS) if inside else constraints.translated(_REFUSALS):
        outbox.announce(_write(request))
    return appointments


def _write(request: str) -> list[int]:
    with connection.cursor() as cursor:
        # It begins with WITH, so that the history of the rows learns who did it (pghistory).
        cursor.execute(
            "WITH told AS (SELECT appointments_take_seats(%s::jsonb) AS id) SELECT id FROM told",
            [request],
        )
        return [row[0] for row in cursor.fetchall()]


def _appointment(seat: Seat, party: uuid.UUID | None) -> Appointment:
    now = timezone.now()
    return Appointment(
        application=seat.application,
        slot=seat.slot,
        state_code=seat.application.mission.state,
        traveller_key=seat.application.traveller_key,
        party=party,
        booked_at=now,
        updated_at=now,
    )


def _request(
    seats: Sequence[Seat],
    appointments: Sequence[Appointment],
    owner: User,
    fees: fee_holds.OfBooking | None = None,
    traces: Sequence[BookingTrace] = (),
) -> dict[str, Any]:
    """Return what `appointments_take_seats` is given."""
    messages = [outbox.unsaved(BookingConfirmed.about(row)) for row in appointments]
    return {
        "owner": owner.pk,
        "from": sorted(_BOOKABLE),
        "to": ApplicationState.BOOKED,
        "at": timezone.now().isoformat(),
        "seats": [_changes(seat) for seat in seats],
        "appointments": [rows.as_json(row) for row in appointments],
        "entries": [rows.as_json(one) for row in appointments for one in _trail(row, owner)],
        "fees": fees.holds if fees else [],
        "traces": [rows.as_json(one) for one in traces],
        "messages": [rows.as_json(one) for one in [*messages, *(fees.messages if fees else [])]],
    }


def _changes(seat: Seat) -> dict[str, Any]:
    """Return what the booking changes in the application; the verdict is that of the day."""
    day = civil_date(seat.slot.starts_at)
    return {
        "application": str(seat.application.pk),
        "version": seat.application.version,
        "slot": seat.slot.pk,
        "day": day.isoformat(),
        "verdict": passport_verdict(seat.application, day).as_json(),
    }


def _trail(appointment: Appointment, owner: User) -> list[Any]:
    application = appointment.application
    return [
        audit.unsaved(
            actor=owner,
            action="application.book",
            subject=application,
            details={"from": application.state, "to": ApplicationState.BOOKED},
        ),
        audit.unsaved(
            actor=owner,
            action="appointment.book",
            subject=appointment,
            mission=application.mission,
            details={"slot": appointment.slot_id},
        ),
    ]
