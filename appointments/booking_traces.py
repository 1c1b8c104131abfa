"""What is kept of how a booking was made, so that signals can be counted later (AT-05).

Three things of a booking that succeeded: keyed hashes of the network and of the phone that was
named, and the seconds between showing the last page and its button.  They are written with the
booking or not at all, so an attempt that fails leaves nothing here.  The rows go after 30 days
(DP-04).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from applications.models import Application
from portal.attempts import network_of

from .models import Appointment, BookingTrace

_SALT = "appointments.confirm"
LONGEST = 24 * 3600.0  # seconds; a page that lay open for longer tells nothing


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a booking came from: a network address, and how long its page was looked at."""

    address: str
    seconds: float | None  # see `seconds_since`


def page_opened(application: Application, slot_id: int) -> str:
    """Return what the last page carries along: when it was shown, and for what; signed."""
    return signing.dumps([str(application.pk), slot_id, int(time.time() * 1000)], salt=_SALT)


def seconds_since(opened: str, application: Application, slot_id: int) -> float | None:
    """Return how long the page was looked at: 0 if it was never shown, None if no clock tells.

    Web nodes whose clocks differ, or a clock that went back, make nobody look fast.
    """
    try:
        whose, what, moment = signing.loads(opened, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return 0.0
    if (whose, what) != (str(application.pk), slot_id):
        return 0.0
    passed = time.time() - moment / 1000
    return passed if 0 <= passed <= LONGEST else None


def of_booking(appointments: Sequence[Appointment], origin: Origin) -> list[BookingTrace]:
    """Return the traces of appointments that are about to be written."""
    return [
        BookingTrace(
            appointment=row,
            at=row.booked_at,
            network_key=_hashed("network", network_of(origin.address)),
            phone_key=_hashed("phone", _digits(str(row.application.details.get("phone", "")))),
            seconds=origin.seconds,
        )
        for row in appointments
    ]


def _hashed(kind: str, text: str) -> bytes | None:
    if not text:
        return None
    message = f"signal {kind}\x1f{text}"
    return hmac.digest(settings.LOOKUP_KEY.encode(), message.encode(), "sha256")


def _digits(phone: str) -> str:
    """Return a phone number as it is compared: however it was typed, its last nine digits."""
    return "".join(str(int(sign)) for sign in phone if sign.isdecimal())[-9:]
