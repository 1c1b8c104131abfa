from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from portal import formats

DAY = date(2025, 12, 9)
NIGHT = datetime(2025, 11, 30, 23, 30, tzinfo=UTC)  # already 1 December in Algiers


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "mardi 9 décembre 2025"),
        ("ar", "الثلاثاء، 9 ديسمبر 2025"),
        ("de", "Dienstag, 9. Dezember 2025"),
        ("en", "Tuesday 9 December 2025"),
    ],
)
def test_a_weekday_date_reads_as_people_there_write_it(language, expected):
    assert formats.weekday_date(DAY, language) == expected


@pytest.mark.parametrize(
    ("month", "expected"),
    [(1, "جانفي"), (2, "فيفري"), (4, "أفريل"), (6, "جوان"), (7, "جويلية"), (8, "أوت")],
)
def test_arabic_months_are_those_of_algeria(month, expected):
    assert formats.long_date(date(2026, month, 2), "ar") == f"2 {expected} 2026"


def test_the_first_of_a_month_is_an_ordinal_in_french_and_the_others_are_not():
    assert formats.long_date(date(2026, 1, 1), "fr") == "1er janvier 2026"
    assert formats.weekday_date(date(2026, 1, 1), "fr") == "jeudi 1er janvier 2026"
    assert formats.long_date(date(2026, 1, 11), "fr") == "11 janvier 2026"
    assert formats.long_date(date(2026, 1, 1), "en") == "1 January 2026"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "09/12/2025"), ("ar", "09/12/2025"), ("de", "09.12.2025"), ("en", "09/12/2025")],
)
def test_a_short_date_has_western_digits(language, expected):
    assert formats.short_date(DAY, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "00\u00a0h\u00a030"), ("ar", "00:30"), ("de", "00:30\u00a0Uhr"), ("en", "00:30")],
)
def test_a_moment_is_told_by_the_clock_of_algiers(language, expected):
    assert formats.clock(NIGHT, language) == expected
    assert formats.long_date(NIGHT, "en") == "1 December 2025"


def test_a_bare_time_is_taken_as_it_is():
    assert formats.clock(time(8, 5), "fr") == "08\u00a0h\u00a005"


def test_day_and_time_make_one_phrase():
    assert formats.moment(NIGHT, "fr") == "lundi 1er décembre 2025 à 00\u00a0h\u00a030"
    assert formats.moment(NIGHT, "de") == "Montag, 1. Dezember 2025 um 00:30\u00a0Uhr"


def test_the_language_of_the_request_is_the_default():
    with translation.override("de"):
        assert formats.long_date(DAY) == "9. Dezember 2025"
    with translation.override("es"):
        assert formats.long_date(DAY) == "9 décembre 2025"


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_a_month_stands_alone(language):
    expected = {
        "fr": "février 2026",
        "ar": "فيفري 2026",
        "de": "Februar 2026",
        "en": "February 2026",
    }
    assert formats.month_name(date(2026, 2, 1), language) == expected[language]
