"""The service fee as its person reads it: what to pay until when, and what became of it (AT-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from portal.database_clock import database_now
from portal.formats import money
from portal.payments import providers

from .enums import HoldState, PaymentState
from .models import Appointment, FeeHold, Payment
from .rules.fee import is_in_time


@dataclass(frozen=True, slots=True)
class FeeShown:
    """What a page says of the fee of one appointment; amounts are ready to be read.

    `together` is how many fees the button pays and `total` what they come to; `back` is what has
    to be paid back, `returned` what was, both empty if nothing.  With `at_the_desk` the
    appointment comes before the end of the time to pay, so that no clock releases it.
    """

    state: HoldState
    amount: str
    due_at: datetime
    at_the_desk: bool
    can_pay: bool
    together: int
    total: str
    failed: bool
    differs: bool
    back: str
    returned: str
    receipt: Payment | None


def fee_of(appointment: Appointment) -> FeeShown | None:
    """Return what is to be shown; None where no fee was asked for in advance."""
    hold = FeeHold.objects.filter(appointment=appointment).first()
    if hold is None:
        return None
    payments = list(Payment.objects.filter(Q(holds=hold) | Q(kept=hold)).distinct())
    now = database_now()
    is_open = hold.state == HoldState.OPEN and is_in_time(hold.due_at, now)
    is_over = hold.state == HoldState.OPEN and not is_open
    beside = _open_beside(appointment, hold, now) if is_open else []
    return FeeShown(
        # The moment decides, also in the seconds before the task has released the place.
        state=HoldState.EXPIRED if is_over else HoldState(hold.state),
        amount=money(hold.amount, hold.currency),
        due_at=hold.due_at,
        at_the_desk=hold.due_at >= appointment.slot.starts_at,
        can_pay=is_open and providers.is_configured(),
        together=len(beside),
        total=_money(beside, hold.currency),
        failed=is_open and any(one.state == PaymentState.FAILED for one in payments),
        differs=any(one.state == PaymentState.DIFFERS for one in payments),
        back=_money([one.refund_due for one in payments], hold.currency),
        returned=_money([one.refunded for one in payments], hold.currency),
        receipt=next((one for one in payments if one.pk == hold.paid_by_id), None),
    )


def _open_beside(appointment: Appointment, hold: FeeHold, now: datetime) -> list[Decimal]:
    """Return the open fees of the account at this centre, which are paid in one go."""
    return list(
        FeeHold.objects.filter(
            appointment__application__owner=appointment.application.owner_id,
            appointment__slot__centre=appointment.slot.centre_id,
            currency=hold.currency,
            state=HoldState.OPEN,
            due_at__gt=now,
        ).values_list("amount", flat=True)
    )


def _money(amounts: list[Decimal], currency: str) -> str:
    total = sum(amounts, Decimal(0))
    return money(total, currency) if total else ""
