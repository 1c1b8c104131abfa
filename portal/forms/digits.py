"""Digits as people type them in Algeria: Western, Arabic-Indic or Persian."""

from __future__ import annotations

import unicodedata


def western_digits(text: str) -> str:
    """Replace every decimal digit of any script by its Western form: ٢٠٢٦ becomes 2026."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
