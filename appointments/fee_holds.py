"""The service fee of an appointment as it is written and as it ends (AT-02, RD-03).

Written in the statement that books; afterwards locked after the appointment and before payments
and slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal import rows
from portal.dates import civil_date
from portal.outbox import operations as outbox
from portal.outbox.models import Message
from portal.payments import providers

from .enums import HoldState
from .fee_notifications import FeeDue
from .models import Appointment, FeeHold, Payment
from .rules.fee import FeeRule
from .rules.law import LAW


@dataclass(frozen=True, slots=True)
class OfBooking:
    """What a booking writes about the fee: rows as `appointments_take_seats` takes them."""

    holds: list[dict[str, Any]]
    messages: list[Message]


def of_booking(appointments: Sequence[Appointment]) -> OfBooking | None:
    """Return the holds of new appointments; None where nothing can be paid, so nothing is asked.

    The database sets the moment until which each is payable, by its own clock.
    """
    if not providers.is_configured():
        return None
    now = timezone.now()
    holds, messages = [], []
    for appointment in appointments:
        rule = fee_rule(appointment, now)
        hold = FeeHold(
            appointment=appointment,
            amount=rule.amount,
            currency=rule.currency,
            due_at=now + rule.payable_within,
        )
        payable_for = {"payable_for": rule.payable_within.total_seconds()}
        holds.append(rows.as_json(hold) | payable_for)
        messages.append(outbox.unsaved(FeeDue.of(hold)))
    return OfBooking(holds, messages)


def fee_rule(appointment: Appointment, now: datetime) -> FeeRule:
    """Return the rule that the mission of an appointment applies today."""
    ruleset = appointment.application.mission.ruleset_for("RD")
    return FeeRule.by(LAW.on(civil_date(now), ruleset))


def end_with(appointment: Appointment, state: HoldState = HoldState.ENDED) -> None:
    """End the fee of a locked appointment that is given up; what was paid has to go back."""
    hold = (
        FeeHold.objects.select_for_update()
        .filter(appointment=appointment, state__in=[HoldState.OPEN, HoldState.PAID])
        .first()
    )
    if hold is None:
        return
    if hold.paid_by_id is not None:
        payment = Payment.objects.select_for_update().get(pk=hold.paid_by_id)
        owe(payment, hold.amount)
        state = HoldState.ENDED
    hold.state = state
    hold.save(update_fields=["state", "updated_at"])


def owe(payment: Payment, amount: Any) -> None:
    """Mark for staff that a part of a locked payment goes back, never more than came."""
    left = payment.amount - payment.refunded - payment.refund_due
    payment.refund_due += min(amount, left)
    payment.save(update_fields=["refund_due", "updated_at"])
