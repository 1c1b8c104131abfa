"""When two texts are one complaint, and two letters one appeal: CP-05, RC-02."""

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


def one_letter_within(arrived: datetime) -> int:
    """Return within how many days a second letter about one decision is asked about.

    Rule: RC-02
    Source: house practice; no source speaks of a letter that comes twice
    Boundaries: by mail on the 1st and by post on the 15th: asked about; on the 16th: not.
    """
    days: int = LAW.on(civil_date(arrived)).value("RC-02", "one_letter_within")
    return days


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
