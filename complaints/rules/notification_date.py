"""The day on which a person says they were told of a decision, found in their own words: RC-06.

It only helps: an officer sees it beside the field, and the automatic answer to a mail says “if”.
Nothing is registered by it, and where two days are named none is taken.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "januar", "january"),
            ("février", "fevrier", "februar", "february"),
            ("mars", "märz", "maerz", "march"),
            ("avril", "april"),
            ("mai", "may"),
            ("juin", "juni", "june"),
            ("juillet", "juli", "july"),
            ("août", "aout", "august"),
            ("septembre", "september"),
            ("octobre", "oktober", "october"),
            ("novembre", "november"),
            ("décembre", "decembre", "dezember", "december"),
        ),
        start=1,
    )
    for name in names
}
_TOLD = (
    r"notifiée?s?|reçue?s?|recue?s?|remise?s?|zugestellt|bekannt ?gegeben|erhalten|eröffnet|"
    r"notified|received"
)
_DAY = r"(\d{1,2})(?:er|\.|/|-)?\s*(\d{1,2}|" + "|".join(_MONTHS) + r")(?:\.|/|-)?\s*(20\d\d)"
# At most a few words between the two: “reçue en main propre le 12.10.2026”, “am 12. Oktober 2026
# zugestellt”.
_AFTER = re.compile(rf"\b(?:{_TOLD})\b\D{{0,40}}?{_DAY}\b", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:am|le|on)\s+{_DAY}\D{{0,20}}?\b(?:{_TOLD})\b", re.IGNORECASE)


def named_day(text: str, today: date) -> date | None:
    """Return the one day up to `today` that `text` ties to a notification; None if in doubt.

    Rule: RC-06
    Source: 001 (details in the decision you received)
    Boundaries: “notifiée le 12 octobre 2026”: that day; “am 12.10.2026 zugestellt”: that day; a
    day without such a word: none; two different days: none; 31 February, a day to come: none.
    """
    head = text[:20_000]
    found = {
        day
        for pattern in (_AFTER, _BEFORE)
        for match in pattern.findall(head)
        if (day := _day(*match)) is not None
    }
    day = found.pop() if len(found) == 1 else None
    return day if day is not None and day <= today else None


def _day(day: str, month: str, year: str) -> date | None:
    try:
        number = int(month) if month.isdecimal() else _MONTHS[month.lower()]
        return date(int(year), number, int(day))
    except ValueError:
        return None
