"""Booking, cancelling and closing appointments.  Each function is one transaction.

Locks are taken in one order everywhere, so that nothing deadlocks: applications, then
appointments, then slots in the order of their ids.  The slot comes last because it is what
everybody wants: its row stays locked from the last statement to the commit, and no longer.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from applications.enums import ApplicationState, VisaClass
from applications.models import Application
from applications.operations import expect_on, record_counter_step
from applications.workflow import APPLICATION_WORKFLOW
from portal import constraints
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.outbox.operations import enqueue

from ..enums import LIVE_STATES, AppointmentState, Service
from ..models import Appointment, Slot
from ..notifications import AppointmentCancelled, BookingConfirmed
from ..refusals import (
    AlreadyBooked,
    NotBegun,
    NotReadyToBook,
    SlotTaken,
    SlotUnknown,
    TooLateToCancel,
    TravellerAlreadyBooked,
    WalkInOnly,
)
from ..rules.duty import DutyFacts, duty_verdict
from ..workflow import APPOINTMENT_WORKFLOW

_BOOKABLE = (ApplicationState.SUBMITTED, ApplicationState.NOT_ACCEPTED)


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
    if application.state == ApplicationState.BOOKED:
        raise AlreadyBooked
    if is_walk_in(application):
        raise WalkInOnly
    if application.state not in _BOOKABLE:
        raise NotReadyToBook
    slot = _slot_for(application, slot_id)
    if not _is_open(slot):
        raise SlotTaken
    return slot


@transaction.atomic
def book(*, application_id: uuid.UUID, slot_id: int, owner: User) -> Appointment:
    """Bind one free seat of a slot to the traveller of an application of `owner`.

    Sending the same booking twice gives the same appointment.  Raises a `Refused` of
    `appointments.refusals`; then nothing has changed.
    Rules: RD-01, RD-09, AT-03.
    """
    application = _own_application(application_id, owner)
    if application.state == ApplicationState.BOOKED:
        return _booked_already(application, slot_id)
    slot = offered_slot(application=application, slot_id=slot_id)
    appointment = _insert_appointment(application, slot)
    APPLICATION_WORKFLOW.move(application, "book", actor=owner)
    expect_on(application=application, day=civil_date(slot.starts_at))
    audit.record(
        actor=owner,
        action="appointment.book",
        subject=appointment,
        mission=application.mission,
        details={"slot": slot.pk},
    )
    enqueue(BookingConfirmed.about(appointment))
    _take_seat(slot)
    return appointment


@transaction.atomic
def cancel(*, appointment_id: uuid.UUID, owner: User) -> Appointment:
    """Give the seat back; the application can be booked again (AT-03: only cancel, no edit).

    Cancelling twice is cancelling once.  Raises TooLateToCancel, or TransitionRefused.
    """
    appointment = _lock_appointment(appointment_id)
    if appointment.application.owner_id != owner.pk:
        raise Appointment.DoesNotExist
    if appointment.state == AppointmentState.CANCELLED:
        return appointment
    if appointment.is_live and appointment.slot.starts_at <= timezone.now():
        raise TooLateToCancel
    return _cancel(appointment, actor=owner, reason="")


@transaction.atomic
def cancel_by_staff(*, appointment: Appointment, actor: User, reason: str) -> Appointment:
    """Cancel for the centre, with a reason; the applicant is told."""
    return _cancel(_lock_appointment(appointment.pk), actor=actor, reason=reason)


@transaction.atomic
def close(*, appointment: Appointment, step: str, actor: User, reason: str = "") -> Appointment:
    """Record what came of an appointment: serve, miss or not_accept.

    The application follows: handed in, ready to book again, or not accepted (PA-12).  Raises
    NotBegun for a traveller who could still come.
    """
    appointment = _lock_appointment(appointment.pk)
    if step == "miss" and appointment.slot.starts_at > timezone.now():
        raise NotBegun
    APPOINTMENT_WORKFLOW.move(appointment, step, actor=actor, reason=reason)
    application = appointment.application
    if step == "miss":
        APPLICATION_WORKFLOW.move(application, "unbook", actor=actor, reason=reason)
        expect_on(application=application, day=None)
    else:
        follow = {"serve": "file", "not_accept": "not_accept"}[step]
        record_counter_step(application=application, step=follow, actor=actor, reason=reason)
    return appointment


def _own_application(application_id: uuid.UUID, owner: User) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("mission", "owner")
        .get(pk=application_id, owner=owner)
    )


def _booked_already(application: Application, slot_id: int) -> Appointment:
    """Answer a double click with the appointment it made; refuse another slot."""
    appointment = application.appointments.filter(state__in=LIVE_STATES, slot_id=slot_id).first()
    if appointment is None:
        raise AlreadyBooked
    return appointment


def _slot_for(application: Application, slot_id: int) -> Slot:
    slot = (
        Slot.objects.select_related("centre")
        .filter(
            pk=slot_id,
            centre__mission=application.mission,
            centre__is_active=True,
            service=service_for(application),
        )
        .first()
    )
    if slot is None:
        raise SlotUnknown
    return slot


def _is_open(slot: Slot) -> bool:
    earliest = timezone.now() + timedelta(hours=slot.centre.notice_hours)
    return slot.free > 0 and slot.starts_at >= earliest


def _insert_appointment(application: Application, slot: Slot) -> Appointment:
    appointment = Appointment(
        application=application,
        slot=slot,
        state_code=application.mission.state,
        traveller_key=application.traveller_key,
    )
    with constraints.explained(
        {
            "one_live_appointment_per_application": AlreadyBooked,
            "one_live_appointment_per_traveller_and_state": TravellerAlreadyBooked,
        },
        savepoint=False,
    ):
        appointment.save(force_insert=True)
    return appointment


def _take_seat(slot: Slot) -> None:
    taken = Slot.objects.filter(pk=slot.pk, taken__lt=F("released")).update(taken=F("taken") + 1)
    if not taken:
        raise SlotTaken


def _lock_appointment(appointment_id: uuid.UUID) -> Appointment:
    application_id = Appointment.objects.values_list("application_id", flat=True).get(
        pk=appointment_id
    )
    Application.objects.select_for_update().get(pk=application_id)
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("slot__centre", "application__mission", "application__owner")
        .get(pk=appointment_id)
    )


def _cancel(appointment: Appointment, *, actor: User, reason: str) -> Appointment:
    APPOINTMENT_WORKFLOW.move(appointment, "cancel", actor=actor, reason=reason)
    appointment.version += 1
    appointment.save(update_fields=["version", "updated_at"])
    APPLICATION_WORKFLOW.move(appointment.application, "unbook", actor=actor, reason=reason)
    expect_on(application=appointment.application, day=None)
    enqueue(AppointmentCancelled.about(appointment))
    Slot.objects.filter(pk=appointment.slot_id).update(taken=F("taken") - 1)
    return appointment
