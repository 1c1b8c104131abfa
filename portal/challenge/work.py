"""Work for the person's device: find the number whose key the server made (altcha's second form).

The work is signed, so that nobody makes it easier; it is checked by one hash. A browser needs
HTTPS for it, or the machine it runs on itself.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import altcha.v2 as altcha

from portal.encryption import lookup_key
from portal.rules.challenge import Measures

from .occasions import Occasion
from .refusals import ChallengeExpired, ChallengeWrong

ALGORITHM = "PBKDF2/SHA-256"


def make(occasion: Occasion, measures: Measures, *, now: datetime) -> dict[str, Any]:
    """Return new work, as the script in static/js/challenge-worker.js takes it."""
    made = altcha.create_challenge(
        ALGORITHM,
        measures.rounds,
        counter=secrets.randbelow(measures.tries),
        expires_at=now + measures.lasts,
        data={"occasion": occasion.name},
        hmac_secret=lookup_key("challenge", "work"),
        hmac_key_secret=lookup_key("challenge", "key of the work"),
    )
    return made.to_dict()


def nonce_of(occasion: Occasion, sent: str) -> str:
    """Return the signed nonce of work that was done, by which it is known again.

    The nonce, not the text: with one more blank the text would be another one and still be right.
    Raises ChallengeWrong or ChallengeExpired.
    """
    found = altcha.verify_solution(
        sent,
        lookup_key("challenge", "work"),
        hmac_key_secret=lookup_key("challenge", "key of the work"),
    )
    if found.expired:
        raise ChallengeExpired
    if not found.verified:
        raise ChallengeWrong
    parameters = altcha.Payload.from_base64(sent).challenge.parameters
    if parameters.data != {"occasion": occasion.name}:
        raise ChallengeExpired
    return str(parameters.nonce)
