"""The people of one account: AP-01, AT-05."""

from datetime import date

import pytest

from applications.rules.household import (
    Kinship,
    Person,
    guardian_missing,
    is_minor,
    unrelated_adults,
)
from applications.rules.law import LAW

TODAY = date(2026, 11, 22)
LAW_TODAY = LAW.on(TODAY)
ADULT, CHILD = date(1980, 1, 1), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("birth", "day", "minor"),
    [
        (date(2008, 11, 23), TODAY, True),  # the day before the 18th birthday
        (date(2008, 11, 22), TODAY, False),  # the birthday
        (date(2008, 2, 29), date(2026, 2, 27), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (TODAY, TODAY, True),  # AP5: a newborn
        (None, TODAY, False),
    ],
)
def test_ap_01_a_minor_is_somebody_before_the_eighteenth_birthday(birth, day, minor):
    assert is_minor(birth, LAW.on(day)) is minor


@pytest.mark.parametrize(
    ("birth", "guardian", "has_guardian", "code"),
    [
        (ADULT, None, False, None),
        (CHILD, ADULT, True, None),
        (CHILD, date(2008, 11, 22), True, None),
        (CHILD, None, False, "GUARDIAN_NEEDED"),
        (CHILD, date(2008, 11, 23), True, "GUARDIAN_NOT_ADULT"),
        (CHILD, None, True, "GUARDIAN_NOT_ADULT"),
        (None, None, False, None),
    ],
)
def test_ap_01_a_minor_needs_an_adult(birth, guardian, has_guardian, code):
    found = guardian_missing(birth, guardian, LAW_TODAY, has_guardian=has_guardian)
    assert (found and found.code) == code


def people(kinship, *births):
    return [Person(kinship=kinship, birth_date=birth) for birth in births]


@pytest.mark.parametrize(
    ("persons", "adults"),
    [
        ([], None),
        (people(Kinship.FAMILY, ADULT, *[CHILD] * 4), None),
        (people(Kinship.FAMILY, *[ADULT] * 9), None),
        (people(Kinship.UNRELATED, *[ADULT] * 3), None),
        (people(Kinship.UNRELATED, *[ADULT] * 4), 4),
        (people(Kinship.UNRELATED, *[ADULT] * 3, None), 4),
        (people(Kinship.UNRELATED, *[ADULT] * 3, *[CHILD] * 5), None),
        (people(Kinship.UNRELATED, *[ADULT] * 5) + people(Kinship.FAMILY, ADULT), 5),
    ],
)
def test_at_05_more_unrelated_adults_than_the_number_are_looked_at(persons, adults):
    found = unrelated_adults(persons, LAW_TODAY)
    if adults is None:
        assert found is None
    else:
        assert (found.severity, found.params) == ("review", {"adults": adults, "limit": 3})
