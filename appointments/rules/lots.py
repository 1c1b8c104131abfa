"""Randomness that can be proved: lots drawn from a secret seed that was committed beforehand.

Everything is HMAC-SHA256 over canonical JSON, so that anyone can redraw the lots with a few lines
of any language.  The recipe is written down in docs/fairness.md; a change here needs a new version
in the labels, for published transcripts must stay checkable.
"""

from __future__ import annotations

import hashlib
import hmac

from .transcripts import canonical

SEED_BYTES = 32
LOT_SPACE = 2**256
_COMMITMENT = b"guichet:commitment:v1\0"


def commitment(seed: bytes) -> str:
    """Return the hash to publish before `seed` is used: SHA-256 in hexadecimal.

    Raises ValueError unless the seed has 32 bytes.
    """
    return hashlib.sha256(_COMMITMENT + _whole(seed)).hexdigest()


def derived_key(seed: bytes, *labels: str) -> bytes:
    """Return the key of 32 bytes for one use of `seed`, named by `labels`.

    Raises ValueError unless the seed has 32 bytes.
    """
    return hmac.digest(_whole(seed), canonical(labels), "sha256")


def _whole(seed: bytes) -> bytes:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    return seed


class Lots:
    """The lots under one key.  Each is found by its labels alone, in whatever order they are drawn.

    Whoever lacks the key cannot tell a lot from chance; whoever has it always draws the same.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def number(self, *labels: str | int) -> int:
        """Return a number from 0 to 2**256 − 1: the lowest of several wins a draw."""
        return int.from_bytes(hmac.digest(self._key, canonical(labels), "sha256"))

    def below(self, bound: int, *labels: str | int) -> int:
        """Return one of 0 … bound − 1, each equally likely; ValueError if there is none.

        Numbers from the incomplete last round are thrown away, so no remainder is favoured.
        """
        if not 0 < bound <= LOT_SPACE:
            raise ValueError(f"no lot below {bound}")
        whole_rounds = LOT_SPACE - LOT_SPACE % bound
        attempt = 0
        while (number := self.number(*labels, attempt)) >= whole_rounds:
            attempt += 1
        return number % bound
