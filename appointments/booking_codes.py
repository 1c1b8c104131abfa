"""A mailed code before a booking is confirmed (AT-06): six digits, ten minutes, five tries, once.

It belongs to one session, one slot and the travellers it was asked for.  The shared store keeps a
keyed hash of it and forgets it by its own clock, so a web node with a wrong clock changes nothing.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from applications.models import Application
from portal.attempts import store, take
from portal.encryption import lookup_key
from portal.outbox.operations import enqueue

from .notifications import BookingCode
from .refusals import CodeExpired, CodeWrong, TooManyCodes

LIFETIME = timedelta(minutes=10)
TRIES = 5
SENDINGS = 3  # of one wish within the lifetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a code is good for."""

    session: str
    slot_id: int
    applications: Sequence[Application]

    @property
    def name(self) -> str:
        """A hash that is the same for the same wish, and tells nothing of it."""
        people = sorted(str(one.pk) for one in self.applications)
        return lookup_key("booking code", self.session, str(self.slot_id), *people).hex()

    def key(self, part: str) -> str:
        """Return the name in the store of one part of what is kept."""
        return f"{settings.STORE_PREFIX}:booking-code:{part}:{self.name}"


def send(wish: Wish, *, language: str) -> None:
    """Mail a fresh code to the holder of the account; the one before stops working.

    Raises TooManyCodes, or redis.RedisError while the store is away.
    """
    kept = store()
    sendings = kept.incr(wish.key("sendings"))
    kept.expire(wish.key("sendings"), LIFETIME, nx=True)
    if sendings > SENDINGS:
        raise TooManyCodes
    code = f"{secrets.randbelow(1_000_000):06d}"
    pipeline = kept.pipeline(transaction=True)
    pipeline.set(wish.key("code"), _sealed(wish, code), ex=LIFETIME)
    pipeline.delete(wish.key("tries"))
    pipeline.execute()
    owner = wish.applications[0].owner
    with transaction.atomic():
        enqueue(
            BookingCode.bearing(
                code=code, recipient=owner.email, language=language, wish=secrets.token_hex(8)
            )
        )


def use(wish: Wish, code: str) -> None:
    """Use a code up; returns if it was the right one, for the first and only time.

    Raises CodeWrong, or CodeExpired if it is too old, used, or was tried too often;
    redis.RedisError while the store is away.
    """
    kept = store()
    tries = kept.incr(wish.key("tries"))
    kept.expire(wish.key("tries"), LIFETIME)
    sealed = kept.get(wish.key("code"))
    if tries > TRIES:
        kept.delete(wish.key("code"))
        raise CodeExpired
    if sealed is None:
        raise CodeExpired
    if not hmac.compare_digest(sealed, _sealed(wish, _digits(code))):
        raise CodeWrong
    # Of two who send the right code at once, one finds it gone; or the next one, which stays.
    if not take(wish.key("code"), sealed):
        raise CodeExpired


def _sealed(wish: Wish, code: str) -> str:
    return lookup_key("booking code", wish.name, code).hex()


def _digits(typed: str) -> str:
    """Read a code as typed: in any digits, with blanks between them."""
    return "".join(str(int(sign)) for sign in typed if sign.isdecimal())
