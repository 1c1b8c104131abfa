"""The service fee paid in advance: how much, until when (RD-03, AT-02).

It is the fee of the provider's service, never a price of the booking, which is free (AT-01).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from portal.rules.parameters import Law

_CURRENCIES = {"euros": "EUR"}


@dataclass(frozen=True, slots=True)
class FeeRule:
    """What the law of a day says of the service fee; `currency` is an ISO 4217 code."""

    amount: Decimal
    currency: str
    payable_within: timedelta
    reminded_before: timedelta

    @classmethod
    def by(cls, law: Law) -> FeeRule:
        """Read the rule from the law of a day; raises LawError where it is silent."""
        fee = law.need("RD-03", "service_fee")
        return cls(
            amount=Decimal(str(fee.value)),
            currency=_CURRENCIES[fee.unit],
            payable_within=timedelta(hours=law.value("RD-03", "payable_within")),
            reminded_before=timedelta(hours=law.value("AT-02", "reminded_before")),
        )


def is_in_time(due_at: datetime, moment: datetime) -> bool:
    """Tell whether a fee that comes in at `moment` keeps the place.

    Rule: RD-03
    Source: 002 (the service fee is paid in advance); provider practice
    Boundaries: 71:59:59 after booking: kept; 72:00:00: released (half-open).
    """
    return moment < due_at
