"""The people one account files for: guardians of minors, and who needs a second look.

The reference date is the day of the question: nobody is a minor for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.dates import add_years
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Law, ParameterRow


class Kinship(StrEnum):
    """What a traveller is to the holder of the account, as far as a rule asks."""

    FAMILY = "family"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom an account files for; `birth_date` None: not said yet."""

    kinship: Kinship
    birth_date: date | None = None


def is_minor(birth_date: date | None, law: Law) -> bool:
    """Parents file for minors; the day of the eighteenth birthday is the first of an adult.

    Rule: AP-01
    Source: 001
    Boundaries: the day before the 18th birthday → minor; on it → adult; born on 29 Feb → adult
        on 28 Feb; birth not said → nobody is called a minor
    """
    return birth_date is not None and law.reference_date < add_years(birth_date, _adult(law).value)


def guardian_missing(
    birth_date: date | None, guardian: date | None, law: Law, *, has_guardian: bool
) -> Finding | None:
    """A minor's application is signed by an adult of the household who has care of the child.

    `guardian` is the guardian's birth date.

    Rule: AP-01
    Source: 001
    Boundaries: adult without guardian → fine; newborn with an adult → fine; minor without
        anybody → GUARDIAN_NEEDED; minor with a brother of 17 → GUARDIAN_NOT_ADULT
    """
    if not is_minor(birth_date, law):
        return None
    row = _adult(law)
    if not has_guardian:
        return Finding.by(row, "GUARDIAN_NEEDED", Severity.BLOCKING, age=row.value)
    if guardian is None or is_minor(guardian, law):
        return Finding.by(row, "GUARDIAN_NOT_ADULT", Severity.BLOCKING, age=row.value)
    return None


def unrelated_adults(people: Iterable[Person], law: Law) -> Finding | None:
    """More unrelated adults than a number in one account are looked at, and never blocked.

    Rule: AT-05
    Source: 002
    Boundaries: 4 children by one guardian → nothing; 3 unrelated adults → nothing; 4 → review;
        an unrelated person without a birth date counts as an adult
    """
    row = law.need("AT-05", "unrelated_adults_per_account")
    adults = [
        person
        for person in people
        if person.kinship is Kinship.UNRELATED and not is_minor(person.birth_date, law)
    ]
    if len(adults) <= row.value:
        return None
    params = {"adults": len(adults), "limit": row.value}
    return Finding.by(row, "MANY_UNRELATED_ADULTS", Severity.REVIEW, **params)


def _adult(law: Law) -> ParameterRow:
    return law.need("AP-01", "adult_from_age")
