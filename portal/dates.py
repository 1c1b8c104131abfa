"""Civil dates: the one place where months are added and working days are counted.

Every day rule of the house uses the calendar date in Algiers (CV-02).  Nothing here reads
a clock except `today_in`, which takes the instant from its caller in tests.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ALGIERS = ZoneInfo("Africa/Algiers")
AUTHORITY_ZONES = {
    "DE": ZoneInfo("Europe/Berlin"),
    "FR": ZoneInfo("Europe/Paris"),
    "DZ": ALGIERS,
}
# CV-05: Friday and Saturday, as `date.weekday()` counts.
ALGERIAN_WEEKEND = frozenset({4, 5})


def add_months(day: date, months: int) -> date:
    """Go to the same day number `months` later, or to the last day of that month.

    Always call it forward from the event: 31 Aug + 6 is 28 Feb, and going back from 28 Feb
    would not find 31 Aug again.  Raises OverflowError beyond the year 9999.
    Source: CV-03; Reg. (EEC, Euratom) 1182/71 art. 3(2)(c).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{day} + {months} months leaves the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Add whole years by the same reading: 29 Feb 2016 + 10 years is 28 Feb 2026 (CV-03)."""
    return add_months(day, 12 * years)


def civil_date(moment: datetime, zone: ZoneInfo = ALGIERS) -> date:
    """Return the calendar date of an aware `moment` in `zone` (CV-02).

    Raises ValueError for a naive datetime: a moment without a zone has no date.
    """
    if moment.tzinfo is None:
        raise ValueError("a civil date needs an aware datetime")
    return moment.astimezone(zone).date()


def end_of_deadline(last_day: date, state: str) -> datetime:
    """Return the first instant after a deadline owed to an authority in `state`.

    `state` is DE, FR or DZ.  The deadline ends at the local midnight there, which in summer
    is 23:00 in Algiers (CV-02).  The result is in UTC.
    """
    midnight = datetime.combine(last_day + timedelta(days=1), time(), AUTHORITY_ZONES[state])
    return midnight.astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class DateRange:
    """Days from `first` to `last`, both included; `last` None means open (CV-04).

    Raises ValueError if the range would end before it starts.
    """

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"{self.first} to {self.last}: ends before it starts")

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def __iter__(self) -> Iterator[date]:
        if self.last is None:
            raise ValueError("an open range has no last day to walk to")
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)

    def __len__(self) -> int:
        if self.last is None:
            raise ValueError("an open range has no length")
        return (self.last - self.first).days + 1

    def overlaps(self, other: DateRange) -> bool:
        """Tell whether the two ranges share at least one day."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int, language: str = "en_US") -> dict[date, str]:
    return dict(holidays.country_holidays(country, years=year, language=language))


def public_holidays(year: int, country: str = "DZ", language: str = "en") -> dict[date, str]:
    """Return the public holidays of `country` in `year` with their names.

    In French or Arabic where the calendar has these names, else in English.

    The Islamic dates are estimates that can be off by a day (CV-05): centres keep a table of
    closures that may both add days and take them away.
    """
    named = language if language in ("fr", "ar") else "en_US"
    return dict(_public_holidays(country, year, named))


def is_working_day(
    day: date,
    *,
    closed: Collection[date] = (),
    opened: Collection[date] = (),
) -> bool:
    """Tell whether Algerian offices work on `day` (CV-05).

    `closed` and `opened` are the overrides of a centre; an override wins over the calendar,
    and a closure wins over an opening.
    """
    if day in closed:
        return False
    if day in opened:
        return True
    return day.weekday() not in ALGERIAN_WEEKEND and day not in _public_holidays("DZ", day.year)
