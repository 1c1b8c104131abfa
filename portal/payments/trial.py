"""The trial provider: a page of our own on which no money moves, for demonstrations and tests.

It signs notices as a real provider would, and they take the same way in.  Anybody can press "pay"
there, so production refuses it (the check portal.E002, and `begin` itself).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from .providers import NotGenuine, Notice, Outcome, ProviderAway
from .receiving import receive
from .signing import HEADER, check_signature, signature

_SALT = "portal.payments.trial"
PATH = "portal.payments.trial.TrialProvider"


def is_allowed() -> bool:
    """Tell whether this is a place where nobody pays in earnest."""
    return bool(settings.DEBUG or settings.EMBEDDED or settings.TESTING)


def is_chosen() -> bool:
    """Tell whether the trial page exists here."""
    return settings.PAYMENT_PROVIDER == PATH and is_allowed()


@dataclass(frozen=True, slots=True)
class Order:
    """What the trial page was asked to collect."""

    amount: Decimal
    currency: str
    reference: str
    return_url: str


class TrialProvider:
    """Pays, fails or is left, as the person at the page wishes."""

    name = "trial"

    def begin(self, *, amount: Decimal, currency: str, reference: str, return_url: str) -> str:
        """Return the address of the trial page of this order."""
        if not is_allowed():
            raise ProviderAway
        order = signing.dumps([str(amount), currency, reference, return_url], salt=_SALT)
        return settings.BASE_URL + reverse("payments:trial", args=[order])

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Return what a notice of this provider says."""
        if not is_allowed():
            raise NotGenuine("nobody pays in earnest on trial")
        check_signature(headers.get(HEADER, ""), body, _key())
        return _notice(body)


def opened(order: str) -> Order:
    """Return the order of an address of the trial page; raises LookupError for any other."""
    try:
        amount, currency, reference, return_url = signing.loads(order, salt=_SALT, max_age=86_400)
    except signing.BadSignature as error:
        raise LookupError("no such order") from error
    return Order(Decimal(amount), currency, reference, return_url)


def tell(order: Order, outcome: Outcome) -> None:
    """Send the signed notice of an outcome, without the way over the network."""
    body = notice_body(
        event=uuid.uuid4().hex,
        reference=order.reference,
        outcome=outcome,
        amount=str(order.amount),
        currency=order.currency,
    )
    receive(body, {HEADER: signature(body, _key())})


def notice_body(**fields: str) -> bytes:
    """Return the body of a notice."""
    return json.dumps(fields).encode()


def signed(body: bytes, at: float | None = None) -> str:
    """Return the header that makes a body genuine; for the trial page and the tests."""
    return signature(body, _key(), at)


def _key() -> bytes:
    return salted_hmac(_SALT, "notices", algorithm="sha256").digest()


def _notice(body: bytes) -> Notice:
    try:
        said: dict[str, Any] = json.loads(body)
        amount = Decimal(said["amount"])
        if not amount.is_finite() or abs(amount) >= 10**9:
            raise InvalidOperation
        return Notice(
            event=str(said["event"])[:80],
            reference=str(said["reference"])[:40],
            outcome=Outcome(said["outcome"]),
            amount=amount,
            currency=str(said["currency"])[:3],
        )
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise NotGenuine("not readable") from error
