"""References that people read aloud, write on paper and type again."""

import secrets

# Crockford's base 32: no I, L, O or U, so nothing is mistaken for 1 or 0.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_reference(prefix: str) -> str:
    """Return a random reference such as ``A-7K3M-92QX`` (40 bits: not guessable in order)."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{prefix}-{signs[:4]}-{signs[4:]}"


def as_typed(text: str) -> str:
    """Bring a reference that somebody typed into the form it was given out in."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    prefix, rest = signs[:1], signs[1:].translate(_MISREAD)
    return f"{prefix}-{rest[:4]}-{rest[4:]}"
