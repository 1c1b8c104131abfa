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
        reach, total = -1, 0  # the last day so far, and the days so far
        for first, last in sorted(spans):
            if firsts and first <= reach + 1:
                if last > reach:
                    total += last - reach
                    lasts[-1] = reach = last
                    before[-1] = total
            else:
                total += last - first + 1
                reach = last
                firsts.append(first)
                lasts.append(last)
                before.append(total)
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
        are the end of it.  The left edge of the window only moves on: one pointer follows it
        for the last day of each span, another for the spans that must be walked.
        """
        found: list[Span] = []
        firsts, lasts, before = self.firsts, self.lasts, self._before
        tail = walked = 0
        for index, last in enumerate(lasts):
            first = firsts[index]
            if first > until:
                break
            if last > until:
                last = until
            edge = last - window
            while lasts[tail] <= edge:
                tail += 1
            gone = before[tail]
            if edge >= firsts[tail]:
                gone += edge - firsts[tail] + 1
            if before[index] + last - first + 1 - gone <= limit or last < since:
                continue
            day = first if first > since else since
            day, walked = self._first_over(index, day, limit, window, walked)
            found.append((day, last))
        return found

    def _first_over(
        self, index: int, day: int, limit: int, window: int, left: int
    ) -> tuple[int, int]:
        """Find the first unlawful day from `day` on in span `index`, which is known to have one.

        `left` is a span that has not left the window before `day`; the one that is about to
        leave it on the day found is returned beside that day.  While days of absence leave the
        window the count rises, while days of presence leave it the count stands.
        """
        firsts, lasts, before = self.firsts, self.lasts, self._before
        edge = day - window  # the last day that is out of the window
        while lasts[left] <= edge:
            left += 1
        gone = before[left]
        if edge >= firsts[left]:
            gone += edge - firsts[left] + 1
        spare = limit - (before[index] + day - firsts[index] + 1 - gone)
        while spare >= 0:
            absent = firsts[left] - 1 - edge
            if absent > 0:
                if absent > spare:
                    return day + spare + 1, left
                spare -= absent
            day += lasts[left] - edge
            edge = lasts[left]
            left += 1
        return day, left
