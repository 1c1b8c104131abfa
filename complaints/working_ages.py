"""How long something waits, in working days of Algeria (CV-05)."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from portal.dates import ALGIERS, civil_date, is_working_day


def working_days_waited(received_at: datetime, today: date) -> int:
    """Count the working days after the day of arrival, today included; the day itself is none.

    Arrived on a Thursday, looked at on the Sunday after: one.
    """
    first = civil_date(received_at)
    return sum(
        bisect_right(days, today) - bisect_right(days, first)
        for days in map(_working_days, range(first.year, today.year + 1))
    )


def waits_longer_since(today: date, days: int) -> datetime:
    """Return the moment: what came before it waits more than `days` working days by now."""
    day, left = today, days + 1
    while (known := bisect_right(_working_days(day.year), day)) < left:
        left -= known
        day = date(day.year - 1, 12, 31)
    first = _working_days(day.year)[known - left]
    return datetime.combine(first, time(), ALGIERS)


@lru_cache(maxsize=32)
def _working_days(year: int) -> tuple[date, ...]:
    day, found = date(year, 1, 1), []
    while day.year == year:
        if is_working_day(day):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)
