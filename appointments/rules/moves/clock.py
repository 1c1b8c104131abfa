"""From moments to minutes and days, and from an appointment to a person on the line."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.dates import civil_date

from .facts import Affected, MoveFacts, minute
from .line import Leave, Person


class Clock:
    """Days and ends of notice, each computed once per moment."""

    def __init__(self, facts: MoveFacts) -> None:
        self.facts = facts
        self.ready = self.end_of(facts.rules.notice)
        self._day: dict[datetime, int] = {}

    def end_of(self, notice: timedelta) -> int:
        """Return the first full minute after `notice` from the moment of applying."""
        return -int(-(self.facts.moment + notice).timestamp() // 60)

    def day(self, moment: datetime) -> int:
        """Return the number of the day in Algiers."""
        found = self._day.get(moment)
        if found is None:
            found = self._day[moment] = civil_date(moment).toordinal()
        return found

    def person(self, item: Affected) -> Person:
        """Return who stands on the line for an appointment.

        Whoever needs longer notice than others is never moved to an earlier day, and not to an
        earlier time unless that notice ends before the day of the old time begins.
        """
        old, day = minute(item.start), self.day(item.start)
        own = item.notice > self.facts.rules.notice
        at = max(old, self.end_of(item.notice) if own else self.ready)
        leave = self._leave(item) if at == old else Leave.NEVER
        if own and leave:
            same = self.day(self.facts.moment + item.notice) < day
            leave = Leave.SAME_DAY if same else Leave.NEVER
        return Person(old, at, day, leave, (item.arrival, item.id))

    def _leave(self, item: Affected) -> Leave:
        if item.may_be_earlier:
            return Leave.ANY_DAY
        allowed = item.centre in self.facts.rules.earlier_same_day
        return Leave.SAME_DAY if allowed else Leave.NEVER
