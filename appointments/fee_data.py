"""What service fees and payments hold about a person, and when it ends (DP-04).

A fee ends with its appointment.  A payment follows once it has no fee left; as long as something
has to be paid back it stays, also without the account it came from.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.rules.law import LAW
from applications.rules.retention import Kept, kept_since
from portal.accounts.models import User
from portal.audit.erasure import erase_history
from portal.data_rights.purges import Purge, register_purge, start_of
from portal.data_rights.sections import register_section
from portal.paper.seals import forget_seals

from .enums import PaymentState
from .fee_receipts import subject_ref
from .models import FeeHold, Payment


def register() -> None:
    """Tell the registries; called once the apps are ready."""
    register_section("service_fees", fees_of, subjects=lambda user: [_holds_of(user)])
    register_section("payments", payments_of, subjects=lambda user: [_payments_of(user)])
    register_purge(
        Purge(
            name="payment",
            title=_("Payments of service fees"),
            rows=Payment.objects.all,
            due=old_payments,
            remove=remove_payments,
        )
    )


def fees_of(user: User) -> list[dict[str, Any]]:
    """Return the fees that were asked for the person's appointments."""
    return [
        {
            "appointment": row.appointment.reference,
            "amount": str(row.amount),
            "currency": row.currency,
            "due_at": row.due_at,
            "state": row.state,
            "paid_by": row.paid_by and row.paid_by.reference,
            "reminded_at": row.reminded_at,
        }
        for row in _holds_of(user).select_related("appointment", "paid_by")
    ]


def payments_of(user: User) -> list[dict[str, Any]]:
    """Return the payments of the account; what the provider holds beyond them it must say."""
    return [
        {
            "reference": row.reference,
            "provider": row.provider,
            "centre": row.centre.code,
            "amount": str(row.amount),
            "currency": row.currency,
            "state": row.state,
            "refund_due": str(row.refund_due),
            "refunded": str(row.refunded),
            "begun_at": row.begun_at,
            "paid_at": row.paid_at,
        }
        for row in _payments_of(user).select_related("centre")
    ]


def forget_fees(appointment_ids: Sequence[uuid.UUID]) -> None:
    """Delete the fees of appointments that are about to be deleted, and their history."""
    rows = FeeHold.objects.filter(appointment__in=appointment_ids)
    keys = list(rows.values_list("pk", flat=True))
    rows.delete()
    erase_history(FeeHold, keys)


def old_payments(today: date) -> QuerySet[Payment]:
    """Payments as old as appointments may be, without a fee, of which nothing is owed back."""
    first = kept_since(Kept.APPOINTMENT, today, LAW.on(today))
    rows = Payment.objects.filter(
        updated_at__lt=start_of(first), refund_due=0, holds=None, kept=None
    )
    return rows.exclude(state=PaymentState.DIFFERS)


def remove_payments(rows: Sequence[Payment]) -> int:
    """Delete locked payments with their notices, receipts and history."""
    keys = [row.pk for row in rows]
    forget_seals(subject_refs=[subject_ref(row) for row in rows])
    Payment.objects.filter(pk__in=keys).delete()
    erase_history(Payment, keys)
    return len(keys)


def _holds_of(user: User) -> QuerySet[FeeHold]:
    return FeeHold.objects.filter(appointment__application__owner=user).order_by("due_at")


def _payments_of(user: User) -> QuerySet[Payment]:
    return Payment.objects.filter(owner=user).order_by("begun_at")
