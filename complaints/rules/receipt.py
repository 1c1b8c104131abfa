"""When two texts are one complaint: CP-05."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from portal.dates import civil_date

from .law import LAW


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts differ in nothing but spaces, case and the way accents are stored."""
    return _plain(one) == _plain(other)


def is_repetition(first: datetime, again: datetime) -> bool:
    """Tell whether the same text of the same person, sent `again`, is the first one once more.

    Rule: CP-05
    Source: CP-05 (same person, same text within minutes: one record)
    Boundaries: two minutes later: one record; ten minutes: one record; ten minutes and a second:
    two; a day later: two.
    """
    minutes: int = LAW.on(civil_date(first)).value("CP-05", "one_record_within")
    return abs(again - first) <= timedelta(minutes=minutes)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
