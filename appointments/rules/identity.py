"""Is a correction at the desk a typing error, or another person? AT-03.

An appointment cannot be handed on.  What the desk may correct is what a person mistypes: a few
signs of a name or number, two names in the wrong fields, day and month in the wrong order.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who an appointment is bound to, as typed from the passport."""

    family_name: str
    given_names: str
    birth_date: date
    passport_number: str


def correction_findings(before: Identity, after: Identity, law: Law) -> tuple[Finding, ...]:
    """Return what speaks against calling `after` a corrected `before`; nothing if it is one.

    Rule: AT-03
    Source: 002 (an appointment cannot be changed or given to somebody else)
    Boundaries: two signs differ: a typing error; three: another person; both the number and the
    birth date differ: another person, however little.
    """
    row = law.need("AT-03", "signs_of_a_typing_error")
    wrong = [
        field
        for field, distance in (
            ("family_name", _names_apart(before, after)),
            ("passport_number", _apart(before.passport_number, after.passport_number)),
            ("birth_date", _days_apart(before.birth_date, after.birth_date)),
        )
        if distance > row.value
    ]
    changed = before.passport_number != after.passport_number
    if changed and before.birth_date != after.birth_date:
        wrong.append("passport_number")
    if not wrong:
        return ()
    fields = tuple(dict.fromkeys(wrong))
    return (Finding.by(row, "ANOTHER_PERSON", Severity.BLOCKING, fields=fields, signs=row.value),)


def _names_apart(before: Identity, after: Identity) -> int:
    straight = _apart(before.family_name, after.family_name) + _apart(
        before.given_names, after.given_names
    )
    swapped = _apart(before.family_name, after.given_names) + _apart(
        before.given_names, after.family_name
    )
    return min(straight, swapped)


def _days_apart(before: date, after: date) -> int:
    """Count the differing signs of two dates; day and month in the wrong order count as one."""
    if (before.year, before.month, before.day) == (after.year, after.day, after.month):
        return min(1, abs((before - after).days))
    return _apart(before.strftime("%Y%m%d"), after.strftime("%Y%m%d"))


def _apart(one: str, other: str) -> int:
    """Return how many signs must be added, left out, replaced or swapped with a neighbour."""
    a, b = _plain(one), _plain(other)
    before_last: list[int] = []
    last = list(range(len(b) + 1))
    for i, sign in enumerate(a, start=1):
        row = [i]
        for j, wanted in enumerate(b, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and sign == b[j - 2] and a[i - 2] == wanted:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())
