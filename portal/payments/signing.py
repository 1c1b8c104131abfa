"""Signed notices: HMAC-SHA256 over a moment and the body, as most providers do it.

The header reads ``t=<seconds since 1970>,v1=<hex>``.  A notice that is too old is not believed, so
that a copy taken from a log cannot be sent again years later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time

from .providers import NotGenuine

HEADER = "X-Payment-Signature"
OLDEST = 300  # seconds between signing and arriving, and for clocks that differ
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def signature(body: bytes, key: bytes, at: float | None = None) -> str:
    """Return the header of a body signed at `at` (seconds since 1970; default: now)."""
    moment = str(int(time.time() if at is None else at))
    return f"t={moment},v1={_digest(moment, body, key)}"


def check_signature(header: str, body: bytes, key: bytes) -> None:
    """Raise NotGenuine unless `header` signs exactly this body, lately."""
    found = _FORM.fullmatch(header)
    if found is None:
        raise NotGenuine("no signature")
    moment, said = found.groups()
    if not hmac.compare_digest(said, _digest(moment, body, key)):
        raise NotGenuine("another signature")
    if abs(time.time() - int(moment)) > OLDEST:
        raise NotGenuine("an old signature")


def _digest(moment: str, body: bytes, key: bytes) -> str:
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
