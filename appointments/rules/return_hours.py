"""The hours of the day in which freed seats may come back (AT-07)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.dates import ALGIERS
from portal.rules.parameters import Law

from .release import Window


@dataclass(frozen=True, slots=True)
class ReturnHours:
    """From `first` (included) to `end` (excluded), whole hours on the clock of Algiers."""

    first: int
    end: int

    @classmethod
    def by(cls, law: Law) -> ReturnHours:
        """Read the hours from the law of a day; raises LawError where it is silent."""
        return cls(law.value("AT-07", "returns_from"), law.value("AT-07", "returns_until"))

    def windows(
        self, first_day: date, last_day: date, *, share: int, beside: Iterable[Window] = ()
    ) -> list[Window]:
        """Return one window a day, both days included, cut where `beside` has windows already.

        Rule: AT-07
        Source: practice of the house: nobody needs to look at night
        """
        taken = sorted(beside)
        days = (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))
        return [
            Window(start, end, share)
            for day in days
            for start, end in _left(_at(day, self.first), _at(day, self.end), taken)
        ]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ALGIERS)


def _left(
    start: datetime, end: datetime, taken: Iterable[Window]
) -> Iterator[tuple[datetime, datetime]]:
    for one in taken:
        if one.end <= start or one.start >= end:
            continue
        if one.start > start:
            yield start, one.start
        start = max(start, one.end)
    if start < end:
        yield start, end
