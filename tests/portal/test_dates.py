"""Civil dates: CV-02 to CV-05."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dates import (
    DateRange,
    add_months,
    add_years,
    civil_date,
    end_of_deadline,
    is_working_day,
    public_holidays,
)

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param("2025-08-31", 6, "2026-02-28", id="CV-03 31 Aug + 6 is 28 Feb"),
        pytest.param("2023-08-31", 6, "2024-02-29", id="CV-03 31 Aug + 6 is 29 Feb in a leap year"),
        pytest.param(
            "2026-02-28", 6, "2026-08-28", id="CV-03 28 Feb + 6 does not stick to the end"
        ),
        pytest.param("2025-11-30", 3, "2026-02-28", id="CV-03 30 Nov + 3"),
        pytest.param("2025-12-15", 1, "2026-01-15", id="CV-03 over the year's end"),
        pytest.param("2026-08-31", -6, "2026-02-28", id="CV-03 backward, for AP-02 alone"),
        pytest.param("2026-05-05", 0, "2026-05-05", id="CV-03 nothing added"),
    ],
)
def test_months_go_to_the_same_day_number_or_the_last_day(
    day: str, months: int, expected: str
) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def _walked(day: date, months: int) -> date:
    """Walk month by month on paper, keeping the day number wished for."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    wished = day.day
    while wished > monthrange(year, month)[1]:
        wished -= 1
    return date(year, month, wished)


@given(days, st.integers(0, 400))
def test_adding_months_agrees_with_walking_month_by_month(day: date, months: int) -> None:
    assert add_months(day, months) == _walked(day, months)


@given(days, st.integers(0, 400))
def test_a_later_event_never_gives_an_earlier_day(day: date, months: int) -> None:
    assert add_months(day, months) <= add_months(day + timedelta(days=1), months)


def test_years_clamp_the_29th_of_february() -> None:
    assert add_years(date(2016, 2, 29), 10) == date(2026, 2, 28)
    assert add_years(date(2016, 2, 29), 4) == date(2020, 2, 29)


@pytest.mark.parametrize("months", [12, -12 * 9999])
def test_leaving_the_calendar_is_an_error(months: int) -> None:
    with pytest.raises(OverflowError, match="calendar"):
        add_months(date(9999, 6, 1), months)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2025-12-02T00:30+01:00", "2025-12-02", id="CV-02 H21"),
        pytest.param("2025-11-30T23:30+00:00", "2025-12-01", id="CV-02 H22"),
        pytest.param("2025-07-01T22:59+00:00", "2025-07-01", id="CV-02 no summer time"),
        pytest.param("2025-07-01T23:00+00:00", "2025-07-02", id="CV-02 midnight in July"),
    ],
)
def test_a_moment_has_its_date_in_algiers(moment: str, expected: str) -> None:
    assert civil_date(datetime.fromisoformat(moment)) == date.fromisoformat(expected)


def test_a_naive_moment_has_no_date() -> None:
    with pytest.raises(ValueError, match="aware"):
        civil_date(datetime(2025, 12, 2, 0, 30))


@pytest.mark.parametrize(
    ("last_day", "state", "ends_in_algiers"),
    [
        pytest.param(date(2026, 7, 1), "DE", (2026, 7, 1, 23), id="CV-02 Berlin in summer 23:00"),
        pytest.param(date(2026, 12, 1), "DE", (2026, 12, 2, 0), id="CV-02 Berlin in winter 24:00"),
        pytest.param(date(2026, 7, 1), "FR", (2026, 7, 1, 23), id="CV-02 Paris in summer 23:00"),
        pytest.param(date(2026, 7, 1), "DZ", (2026, 7, 2, 0), id="CV-02 Algiers at midnight"),
    ],
)
def test_a_deadline_ends_at_the_authoritys_midnight(
    last_day: date, state: str, ends_in_algiers: tuple[int, int, int, int]
) -> None:
    algiers = timezone(timedelta(hours=1))
    end = end_of_deadline(last_day, state)
    assert end == datetime(*ends_in_algiers, tzinfo=algiers)
    assert end.tzinfo is UTC


def test_a_document_is_good_on_its_last_day() -> None:
    card = DateRange(date(2026, 1, 1), date(2026, 9, 30))  # CV-04
    assert date(2026, 9, 30) in card
    assert date(2026, 10, 1) not in card
    assert date(2025, 12, 31) not in card
    assert date(2099, 1, 1) in DateRange(date(2026, 1, 1))
    assert len(card) == 273
    assert sum(1 for _ in card) == 273


def test_a_range_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before"):
        DateRange(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize("use", [len, list])
def test_an_open_range_has_no_end_to_count_to(use: type) -> None:
    with pytest.raises(ValueError, match="open"):
        use(DateRange(date(2026, 1, 1)))


@given(days, st.integers(0, 40), days, st.integers(0, 40))
def test_ranges_overlap_when_they_share_a_day(
    first: date, length: int, second: date, other: int
) -> None:
    one = DateRange(first, first + timedelta(days=length))
    two = DateRange(second, second + timedelta(days=other))
    assert one.overlaps(two) == bool(set(one) & set(two))
    assert one.overlaps(DateRange(second)) == (one.last >= second)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param("2025-12-04", True, id="CV-05 a Thursday"),
        pytest.param("2025-12-05", False, id="CV-05 a Friday"),
        pytest.param("2025-12-06", False, id="CV-05 a Saturday"),
        pytest.param("2025-12-07", True, id="CV-05 a Sunday"),
        pytest.param("2026-07-05", False, id="CV-05 Independence Day on a Sunday"),
        pytest.param("2026-01-12", False, id="CV-05 Yennayer"),
    ],
)
def test_working_days_of_algeria(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is working


def test_a_centres_own_days_win_over_the_calendar() -> None:
    christmas, holiday = date(2025, 12, 25), date(2026, 7, 5)
    assert is_working_day(christmas)
    assert not is_working_day(christmas, closed={christmas})
    assert is_working_day(holiday, opened={holiday})
    assert not is_working_day(holiday, closed={holiday}, opened={holiday})


def test_the_holiday_table_cannot_be_spoiled_by_a_reader() -> None:
    public_holidays(2026).clear()
    assert date(2026, 7, 5) in public_holidays(2026)
