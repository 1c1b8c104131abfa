"""How an appointment ends: cancelled, served, missed or not accepted.

Each function is one transaction.  Locks are taken in one order everywhere: applications, then
appointments, then slots in the order of their ids.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from applications.models import Application
from applications.operations import expect_on, record_counter_step
from applications.workflow import APPLICATION_WORKFLOW
from portal.accounts.models import User
from portal.outbox.operations import enqueue
from portal.suspension import Action, check

from .. import fee_holds
from ..enums import AppointmentState, HoldState
from ..fee_notifications import FeeNotPaid
from ..freed_seats import give_back
from ..models import Appointment
from ..notifications import AppointmentCancelled
from ..refusals import NotBegun, TooLateToCancel
from ..workflow import APPOINTMENT_WORKFLOW
from .counter_choice import cancel_instead


@transaction.atomic
def cancel(*, appointment_id: uuid.UUID, owner: User) -> Appointment:
    """Give the seat back; the application can be booked again (AT-03: only cancel, no edit).

    The seat itself comes back later, at a moment that nobody can choose (AT-07).

    Cancelling twice is cancelling once.  Raises TooLateToCancel, TransitionRefused, or Suspended
    while the centre is closed for maintenance (RD-05).
    """
    appointment = lock_appointment(appointment_id)
    if appointment.application.owner_id != owner.pk:
        raise Appointment.DoesNotExist
    if appointment.state == AppointmentState.CANCELLED:
        return appointment
    centre = appointment.slot.centre
    check(Action.BOOKING, mission_id=centre.mission_id, centre_id=centre.pk)
    if appointment.is_booked and appointment.slot.starts_at <= timezone.now():
        raise TooLateToCancel
    cancel_instead(appointment, actor=owner)
    return _cancel(appointment, actor=owner, reason="")


@transaction.atomic
def cancel_by_staff(*, appointment: Appointment, actor: User, reason: str) -> Appointment:
    """Cancel for the centre, with a reason; the applicant is told."""
    return _cancel(lock_appointment(appointment.pk), actor=actor, reason=reason)


def cancel_unpaid(*, appointment: Appointment) -> Appointment:
    """Release the seat of a locked appointment whose service fee was not paid in time (RD-03).

    Inside the caller's transaction.  The applicant is told, and can book again; the seat comes
    back at a random later moment (AT-07).
    """
    expired = HoldState.EXPIRED
    return _cancel(appointment, actor=None, reason="RD-03", told=FeeNotPaid, fee=expired)


@transaction.atomic
def close(*, appointment: Appointment, step: str, actor: User, reason: str = "") -> Appointment:
    """Record what came of an appointment: serve, miss or not_accept.

    The application follows: handed in, ready to book again, or not accepted (PA-12).  Raises
    NotBegun for a traveller who could still come.
    """
    appointment = lock_appointment(appointment.pk)
    if step == "miss" and appointment.slot.starts_at > timezone.now():
        raise NotBegun
    APPOINTMENT_WORKFLOW.move(appointment, step, actor=actor, reason=reason)
    appointment.closed_at = timezone.now()
    appointment.save(update_fields=["closed_at"])
    application = appointment.application
    if step == "miss":
        APPLICATION_WORKFLOW.move(application, "unbook", actor=actor, reason=reason)
        expect_on(application=application, day=None)
    else:
        follow = {"serve": "file", "not_accept": "not_accept"}[step]
        record_counter_step(application=application, step=follow, actor=actor, reason=reason)
    return appointment


def lock_appointment(appointment_id: uuid.UUID) -> Appointment:
    """Lock an application and its appointment, in the order of the house; returns the latter."""
    application_id = Appointment.objects.values_list("application_id", flat=True).get(
        pk=appointment_id
    )
    Application.objects.select_for_update().get(pk=application_id)
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("slot__centre", "application__mission", "application__owner")
        .get(pk=appointment_id)
    )


def _cancel(
    appointment: Appointment,
    *,
    actor: User | None,
    reason: str,
    told: type[AppointmentCancelled] = AppointmentCancelled,
    fee: HoldState = HoldState.ENDED,
) -> Appointment:
    APPOINTMENT_WORKFLOW.move(appointment, "cancel", actor=actor, reason=reason)
    appointment.version += 1
    appointment.save(update_fields=["version", "updated_at"])
    APPLICATION_WORKFLOW.move(appointment.application, "unbook", actor=actor, reason=reason)
    expect_on(application=appointment.application, day=None)
    enqueue(told.because(appointment, reason))
    fee_holds.end_with(appointment, fee)
    give_back(appointment.slot)
    return appointment
