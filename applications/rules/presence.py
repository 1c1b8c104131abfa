"""Days of presence as merged intervals, counted by prefix sums and never one by one.

Days are ordinals (`date.toordinal`): the 90/180 rule asks for some hundred window counts, and
each costs one bisection here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Span = tuple[int, int]  # first and last ordinal, both included


def share_days(spans: list[Span]) -> bool:
    """Tell whether two of the sorted `spans` share more than the day on which they meet."""
    reach = spans[0][0] if spans else 0
    for first, last in spans:
        if first < reach:
            return True
        if last > reach:
            reach = last
    return False


class Presence:
    """The days on which somebody was, or will be, in the area."""

    __slots__ = ("_before", "firsts", "lasts")

    def __init__(self, spans: Iterable[Span]) -> None:
        """Merge `spans`: a day that several of them hold counts once (ST-02)."""
        firsts: list[int] = []
        lasts: list[int] = []
        before = [0]
        for first, last in sorted(spans):
            if lasts and first <= lasts[-1] + 1:
                if last > lasts[-1]:
                    before[-1] += last - lasts[-1]
                    lasts[-1] = last
            else:
                firsts.append(first)
                lasts.append(last)
                before.append(before[-1] + last - first + 1)
        self.firsts, self.lasts, self._before = firsts, lasts, before

    def __contains__(self, day: int) -> bool:
        index = bisect_right(self.firsts, day) - 1
        return index >= 0 and day <= self.lasts[index]

    def spans(self) -> Iterator[Span]:
        """Walk through the merged spans in order."""
        return zip(self.firsts, self.lasts, strict=True)

    def up_to(self, day: int) -> int:
        """Count the days of presence on or before `day`."""
        index = bisect_right(self.firsts, day) - 1
        if index < 0:
            return 0
        return self._before[index] + min(day, self.lasts[index]) - self.firsts[index] + 1

    def within(self, first: int, last: int) -> int:
        """Count the days of presence from `first` to `last`, both included."""
        return self.up_to(last) - self.up_to(first - 1)

    def used(self, day: int, window: int) -> int:
        """Count the days of presence in the `window` days that end with `day`."""
        return self.up_to(day) - self.up_to(day - window)

    def room(self, entry: int, limit: int, window: int) -> int:
        """Return how many days one may stay from `entry` on without a break.

        Days that leave the window during the stay are given back.  The count of the last day
        grows by at most one per day stayed and never falls, so the answer is bisected.
        """

        def used_on_last_day(days: int) -> int:
            return days + self.within(entry + days - window, entry - 1)

        return bisect_right(range(1, limit + 1), limit, key=used_on_last_day)

    def earliest_entry(self, day: int, wanted: int, limit: int, window: int) -> int:
        """Return the first day from `day` on from which `wanted` days without a break are lawful.

        Between two stays the window only empties, so each gap is bisected; within a stay its
        first day is the best.  Behind the last stay a whole window later everything is free.
        """
        while True:
            if self.room(day, limit, window) >= wanted:
                return day
            if day in self:
                day = self.lasts[bisect_right(self.firsts, day) - 1] + 1
                continue
            following = bisect_left(self.firsts, day)
            end = self.firsts[following] if following < len(self.firsts) else day + window + 1
            days = range(day, end)
            index = bisect_left(
                days, True, key=lambda entry: self.room(entry, limit, window) >= wanted
            )
            if index < len(days):
                return days[index]
            day = end

    def overstays(self, since: int, until: int, limit: int, window: int) -> list[Span]:
        """Return the spans of days between `since` and `until` that are unlawful one by one.

        Within one span of presence the count never falls from day to day, so its unlawful days
        are the end of it; the left edge of the window is followed by one pointer.
        """
        found: list[Span] = []
        firsts, lasts, before = self.firsts, self.lasts, self._before
        left = 0
        for index, first in enumerate(firsts):
            if first > until:
                break
            last = min(lasts[index], until)
            edge = last - window
            while lasts[left] <= edge:
                left += 1
            gone = before[left] + max(0, edge - firsts[left] + 1)
            if before[index] + last - first + 1 - gone <= limit or last < since:
                continue
            days = range(max(first, since), last + 1)
            start = bisect_right(days, limit, key=lambda day: self.used(day, window))
            found.append((days[start], last))
        return found
