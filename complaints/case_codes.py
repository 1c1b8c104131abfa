"""A mailed code that opens the page of a case: six digits, ten minutes, five tries, once.

Whoever asks gives a number and an e-mail address, and is answered alike whether the two belong
together or not.  What is asked is known to one session by an unguessable name; the shared store
keeps a keyed hash of the code under it and forgets it by its own clock.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from portal.attempts import Counter, count, network_of, store
from portal.encryption import lookup_key
from portal.outbox.operations import enqueue
from portal.references import as_typed

from .conversation_notifications import CaseCode
from .models import Case
from .operations.arrival import Person
from .refusals import CodeExpired, CodeWrong, TooManyCodes

LIFETIME = timedelta(minutes=10)
TRIES = 5
WINDOW = timedelta(hours=1)
PER_PAIR = 5  # codes for one number and address within the window
PER_NETWORK = 60  # a network is many people


def send(*, reference: str, email: str, address: str, language: str) -> str:
    """Mail a code if number and e-mail address belong together; return the name of the attempt.

    The mail goes to the address that the case has.  Raises TooManyCodes, or redis.RedisError
    while the store is away.
    """
    _count(reference, email, address)
    case, attempt = _case_of(reference, email), secrets.token_hex(16)
    code = f"{secrets.randbelow(1_000_000):06d}"
    # What belongs to nobody is kept too, so that trying a code takes the same way.
    kept = f"{_sealed(attempt, code)}:{case.pk if case else ''}"
    store().set(_key("code", attempt), kept, ex=LIFETIME)
    with transaction.atomic():
        enqueue(
            CaseCode.bearing(
                code=code,
                recipient=case.email if case else email,
                language=language,
                attempt=attempt,
                mission_id=case.mission_id if case else None,
            )
        )
        if case is None:
            # The same statements, so that the time of the answer tells nothing.
            transaction.set_rollback(True)
    return attempt


def use(attempt: str, code: str) -> str:
    """Use a code up; return the number of the case it opens, for the first and only time.

    Raises CodeWrong, or CodeExpired if it is too old, used, or was tried too often;
    redis.RedisError while the store is away.
    """
    here = store()
    tries = here.incr(_key("tries", attempt))
    here.expire(_key("tries", attempt), LIFETIME)
    kept = here.get(_key("code", attempt))
    if tries > TRIES or kept is None:
        here.delete(_key("code", attempt))
        raise CodeExpired
    sealed, _colon, case_id = kept.partition(":")
    if not hmac.compare_digest(sealed, _sealed(attempt, _digits(code))) or not case_id:
        raise CodeWrong
    # Of two who send the right code at once, one finds it gone.
    if not here.delete(_key("code", attempt)):
        raise CodeExpired
    return str(case_id)


def _case_of(reference: str, email: str) -> Case | None:
    case = Case.objects.filter(reference=as_typed(reference)).first()
    wanted = Person(name="", email=email).key
    if case is None or not case.email:
        return None
    return case if hmac.compare_digest(bytes(case.person_key), wanted) else None


def _count(reference: str, email: str, address: str) -> None:
    pair = lookup_key("case code asked", as_typed(reference), email).hex()
    per_pair, per_network = count(
        [
            Counter("case-code", pair, WINDOW),
            Counter("case-code-network", network_of(address), WINDOW),
        ]
    )
    if per_pair > PER_PAIR or per_network > PER_NETWORK:
        raise TooManyCodes


def _key(part: str, attempt: str) -> str:
    return f"{settings.STORE_PREFIX}:case-code:{part}:{attempt}"


def _sealed(attempt: str, code: str) -> str:
    return lookup_key("case code", attempt, code).hex()


def _digits(typed: str) -> str:
    """Read a code as typed: in any digits, with blanks between them."""
    return "".join(str(int(sign)) for sign in typed if sign.isdecimal())
