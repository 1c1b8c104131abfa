"""What the house asks of a payment provider, and which one is chosen.

A provider is a class named by the setting PAYMENT_PROVIDER.  Without one nothing is payable
online, and no place is ever released for want of a payment (RD-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Outcome(StrEnum):
    """What a provider may say of a payment."""

    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Notice:
    """One signed message of a provider; `event` is its own number and comes again on a replay.

    `reference` is ours, as it was given to `begin`; `amount` is in whole units of `currency`.
    """

    event: str
    reference: str
    outcome: Outcome
    amount: Decimal
    currency: str


class NotGenuine(ValueError):  # noqa: N818  # says what the notice is
    """A notice that nobody signed, that was changed or that is too old; nothing is believed."""


class ProviderAway(Exception):  # noqa: N818  # it is away, nobody erred
    """The provider cannot begin a payment now; the person tries again later."""


class Provider(Protocol):
    """One way to pay."""

    name: str

    def begin(self, *, amount: Decimal, currency: str, reference: str, return_url: str) -> str:
        """Return the address at which the payer pays; raises ProviderAway.

        Beginning twice with one `reference` must not collect twice.  Afterwards the payer's
        browser comes to `return_url`, which proves nothing: only a notice does.
        """

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Return what a notice says; raises NotGenuine."""


def is_configured() -> bool:
    """Tell whether anything can be paid online."""
    return bool(settings.PAYMENT_PROVIDER)


def provider() -> Provider:
    """Return the provider of the settings; raises ProviderAway where there is none."""
    if not is_configured():
        raise ProviderAway
    return _loaded(settings.PAYMENT_PROVIDER)


@cache
def _loaded(path: str) -> Provider:
    made: Provider = import_string(path)()
    return made
