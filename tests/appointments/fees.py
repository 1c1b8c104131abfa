"""Centres that ask for the service fee in advance, and what a provider says of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from appointments.models import Appointment, Centre, CentreSwitch, FeeHold, Payment
from appointments.operations.fee_payments import begin_payment, take_notice
from portal.database_clock import rehearsed
from portal.payments.providers import Notice, Outcome
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, booked

EUROS = Decimal(29)
JUST_BEFORE = timedelta(hours=71, minutes=59, seconds=59)
ON_TIME = timedelta(hours=72)


def prepaid(centre: Centre | None = None) -> Centre:
    """Switch prepayment on at a centre."""
    centre = centre or CentreFactory()
    CentreSwitch.objects.get_or_create(
        centre=centre, name="prepayment", valid=DateRange(None, None)
    )
    return centre


def prepaid_appointment(centre: Centre | None = None, **answers) -> Appointment:
    """Book an appointment for which the service fee is due."""
    centre = centre or prepaid()
    application = ApplicationFactory(submitted=True, mission=centre.mission, **answers)
    return booked(application, SlotFactory(centre=centre))


def begun(appointment: Appointment) -> Payment:
    """Press the button; return the payment it began."""
    owner = appointment.application.owner
    begin_payment(appointment_id=appointment.pk, owner=owner, return_url="http://localhost/")
    return Payment.objects.filter(owner=owner).latest("begun_at")


def told(payment: Payment, outcome: Outcome = Outcome.PAID, **said) -> Notice:
    """Let the provider say what became of a payment; return its notice."""
    fields = {"reference": payment.reference, "amount": payment.amount, "currency": "EUR"}
    notice = Notice(event=uuid.uuid4().hex, outcome=outcome, **(fields | said))
    take_notice(payment.provider, notice)
    return notice


@contextmanager
def after(appointment: Appointment, passed: timedelta) -> Iterator[None]:
    """Live in the moment so long after the booking, on the clock of the database."""
    due_at = FeeHold.objects.get(appointment=appointment).due_at
    with rehearsed(due_at - ON_TIME + passed):
        yield
