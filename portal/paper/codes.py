"""Codes of papers: 140 random bits in seven groups of four, as people type them."""

from __future__ import annotations

import secrets

from portal.forms.digits import western_digits

# Crockford's base 32: no I, L, O or U, so nothing is mistaken for 1 or 0.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 28, 4
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """Return a code such as 7K3M-92QX-…, which nobody can guess."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def grouped(signs: str) -> str:
    """Set a code in groups."""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def as_read(text: str) -> str:
    """Return letters and digits alone, with those put right that are easily misread."""
    signs = "".join(sign for sign in western_digits(text).upper() if sign.isalnum())
    return signs.translate(_MISREAD)


def is_code(signs: str) -> bool:
    """Tell whether what was read has the form of a code."""
    return len(signs) == LENGTH and set(signs) <= set(ALPHABET)
