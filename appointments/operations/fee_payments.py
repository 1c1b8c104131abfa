"""Paying the service fee: begun by the person, settled by notices of the provider (AT-02, RD-03).

Locks: the fees by id, then the payment.  An appointment is never locked here: whether its place
is kept stands in the row of its fee alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.outbox.operations import enqueue
from portal.paper.seals import issue_seal
from portal.payments import providers
from portal.payments.providers import Notice, Outcome

from ..enums import HoldState, NoticeResult, PaymentState
from ..fee_holds import owe
from ..fee_notifications import FeePaid
from ..fee_receipts import RECEIPT, facts, subject_ref
from ..models import Appointment, FeeHold, Payment, PaymentNotice
from ..refusals import CannotPayNow, FeeNeedsReason, FeeNotOpen, NothingToPayBack
from ..rules.fee import is_in_time

COUNTER = "counter"
_AWAITED = (PaymentState.BEGUN, PaymentState.FAILED)


def begin_payment(*, appointment_id: uuid.UUID, owner: User, return_url: str) -> str:
    """Return the address at which `owner` pays all open fees of the account at this centre.

    Beginning again goes on with the same payment, so that nobody pays twice.  Raises FeeNotOpen
    where nothing is to be paid any more, or CannotPayNow while the provider is away.
    """
    payment = _begun(appointment_id, owner)
    try:
        return providers.provider().begin(
            amount=payment.amount,
            currency=payment.currency,
            reference=payment.reference,
            return_url=return_url,
        )
    except providers.ProviderAway as error:
        raise CannotPayNow from error


@transaction.atomic
def _begun(appointment_id: uuid.UUID, owner: User) -> Payment:
    appointment = Appointment.objects.select_related("slot__centre").get(
        pk=appointment_id, application__owner=owner
    )
    holds = _open_holds(appointment, owner)
    if appointment.pk not in {one.appointment_id for one in holds}:
        raise FeeNotOpen
    if not providers.is_configured():
        raise CannotPayNow
    wanted = {one.pk for one in holds}
    for payment in Payment.objects.filter(holds__in=wanted, state__in=_AWAITED).distinct():
        if set(payment.holds.values_list("pk", flat=True)) == wanted:
            return payment
    return _new_payment(appointment, holds, owner, providers.provider().name)


def _open_holds(appointment: Appointment, owner: User) -> list[FeeHold]:
    """Lock what can still be paid with the fee of `appointment`: one centre, one currency."""
    holds = list(
        FeeHold.objects.select_for_update(of=("self",))
        .filter(
            appointment__application__owner=owner,
            appointment__slot__centre=appointment.slot.centre,
            state=HoldState.OPEN,
        )
        .order_by("pk")
    )
    own = next((one for one in holds if one.appointment_id == appointment.pk), None)
    now = database_now()
    return [
        one for one in holds if own and one.currency == own.currency and is_in_time(one.due_at, now)
    ]


def _new_payment(
    appointment: Appointment, holds: Sequence[FeeHold], owner: User, provider: str
) -> Payment:
    payment = Payment.objects.create(
        owner=owner,
        centre=appointment.slot.centre,
        provider=provider,
        amount=sum((one.amount for one in holds), Decimal(0)),
        currency=holds[0].currency,
    )
    payment.holds.set(holds)
    return payment


@transaction.atomic
def record_at_counter(*, hold: FeeHold, actor: Any, reason: str) -> Payment:
    """Write down that the fee of one appointment was paid at the counter, and on what proof.

    Raises FeeNeedsReason, or FeeNotOpen where it is settled, or the time for it is over.
    """
    if not reason.strip():
        raise FeeNeedsReason
    hold = FeeHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    now = database_now()
    if hold.state != HoldState.OPEN or not is_in_time(hold.due_at, now):
        raise FeeNotOpen
    appointment = Appointment.objects.select_related("slot__centre", "application__owner").get(
        pk=hold.appointment_id
    )
    payment = _new_payment(appointment, [hold], appointment.application.owner, COUNTER)
    _settle(payment, [hold], now, actor=actor, reason=reason.strip())
    return payment


@transaction.atomic
def record_refund(*, payment: Payment, actor: Any, reason: str) -> Payment:
    """Write down that what was due went back to the payer, and how.

    Raises FeeNeedsReason or NothingToPayBack.
    """
    if not reason.strip():
        raise FeeNeedsReason
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if not payment.refund_due and payment.state != PaymentState.DIFFERS:
        raise NothingToPayBack
    back = payment.refund_due or payment.amount - payment.refunded
    _pay_back(payment, back)
    _record(payment, "refund", actor, reason.strip(), back)
    return payment


# --- Notices --------------------------------------------------------------------------------------


@transaction.atomic
def take_notice(provider: str, notice: Notice) -> None:
    """Settle what a genuine notice of a provider says; the same notice again changes nothing.

    A notice about no payment of ours, or about another amount, keeps no place and is kept for
    staff; one that was overtaken by another is only written down.
    """
    row, is_new = PaymentNotice.objects.get_or_create(
        provider=provider,
        event=notice.event,
        defaults={
            "reference": notice.reference,
            "outcome": notice.outcome,
            "amount": notice.amount,
            "currency": notice.currency,
            "result": NoticeResult.UNKNOWN,
        },
    )
    if not is_new:
        return
    known = Payment.objects.filter(provider=provider, reference=notice.reference).first()
    if known is None:
        audit.record(actor=None, action="payment.unknown", subject=row)
        return
    holds = list(known.holds.select_for_update(of=("self",)).order_by("pk"))
    payment = Payment.objects.select_for_update().get(pk=known.pk)
    row.payment = payment
    row.result = _STEPS[notice.outcome](payment, holds, notice)
    row.save(update_fields=["payment", "result"])


def _paid(payment: Payment, holds: Sequence[FeeHold], notice: Notice) -> NoticeResult:
    if payment.state not in _AWAITED:
        return NoticeResult.OUT_OF_ORDER
    if (notice.amount, notice.currency) != (payment.amount, payment.currency):
        payment.state = PaymentState.DIFFERS
        payment.save(update_fields=["state", "updated_at"])
        _record(payment, "differs", None, "", notice.amount)
        return NoticeResult.DIFFERS
    _settle(payment, holds, database_now(), actor=None, reason="")
    return NoticeResult.TAKEN


def _failed(payment: Payment, holds: Sequence[FeeHold], notice: Notice) -> NoticeResult:
    if payment.state != PaymentState.BEGUN:
        return NoticeResult.OUT_OF_ORDER
    payment.state = PaymentState.FAILED
    payment.save(update_fields=["state", "updated_at"])
    return NoticeResult.TAKEN


def _refunded(payment: Payment, holds: Sequence[FeeHold], notice: Notice) -> NoticeResult:
    """Write down what went back.  A place that was kept stays kept: a person decides that."""
    fits = 0 < notice.amount <= payment.amount - payment.refunded
    if notice.currency != payment.currency or not fits:
        return NoticeResult.DIFFERS
    _pay_back(payment, notice.amount)
    _record(payment, "refund", None, "", notice.amount)
    return NoticeResult.TAKEN


_STEPS = {Outcome.PAID: _paid, Outcome.FAILED: _failed, Outcome.REFUNDED: _refunded}


# --- What follows ---------------------------------------------------------------------------------


def _settle(
    payment: Payment, holds: Sequence[FeeHold], now: datetime, *, actor: Any, reason: str
) -> None:
    """Keep the places whose fee is still awaited; what came for others has to go back."""
    payment.state, payment.paid_at = PaymentState.PAID, now
    payment.save(update_fields=["state", "paid_at", "updated_at"])
    kept = [one for one in holds if one.state == HoldState.OPEN and is_in_time(one.due_at, now)]
    for hold in kept:
        hold.state, hold.paid_by = HoldState.PAID, payment
        hold.save(update_fields=["state", "paid_by", "updated_at"])
    owe(payment, payment.amount - sum((one.amount for one in kept), Decimal(0)))
    _record(payment, "pay", actor, reason, payment.amount)
    if payment.owner is None:
        return
    appointments = kept_by(payment)
    if appointments:
        issue_seal(
            kind=RECEIPT,
            subject_ref=subject_ref(payment),
            facts=facts(payment, appointments),
            reference=payment.reference,
            language=payment.owner.language,
        )
    enqueue(FeePaid.of(payment, appointments, payment.owner.language))


def kept_by(payment: Payment) -> list[Appointment]:
    """Return the appointments that a payment kept, also if they were cancelled afterwards."""
    rows = Appointment.objects.filter(fee_hold__paid_by=payment)
    return list(rows.select_related("fee_hold").order_by("reference"))


def _pay_back(payment: Payment, amount: Decimal) -> None:
    payment.refunded += amount
    payment.refund_due = max(Decimal(0), payment.refund_due - amount)
    if payment.refunded == payment.amount:
        payment.state = PaymentState.REFUNDED
    payment.save(update_fields=["refunded", "refund_due", "state", "updated_at"])


def _record(payment: Payment, what: str, actor: Any, reason: str, amount: Decimal) -> None:
    audit.record(
        actor=actor,
        action=f"payment.{what}",
        subject=payment,
        reason=reason,
        mission=payment.centre.mission,
        details={
            "amount": str(amount),
            "currency": payment.currency,
            "due_back": str(payment.refund_due),
        },
    )
