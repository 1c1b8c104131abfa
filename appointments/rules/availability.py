"""Which slots a centre's opening hours give on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.dates import ALGIERS


@dataclass(frozen=True, slots=True)
class Opening:
    """One row of opening hours: from `opens` to `closes` (excluded), local time in Algiers."""

    service: str
    weekday: int  # as date.weekday(): Monday is 0
    opens: time
    closes: time
    counters: int
    minutes: int  # per case
    first_day: date
    end_day: date | None  # the first day on which it no longer holds
    is_exception: bool = False  # takes the place of the usual hours, such as in Ramadan


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A slot that opening hours give; `starts_at` is in UTC."""

    service: str
    starts_at: datetime
    minutes: int
    capacity: int


def slots_on(day: date, openings: Iterable[Opening]) -> Iterator[PlannedSlot]:
    """Yield the slots of `day` in the order of the openings.

    No slot starts at or after the closing time, and none would end after it.  Where exceptional
    hours hold for a service, its usual hours do not.
    Rule: RD-02
    Source: 000; hours are practice and therefore data of the centre
    Boundaries: 09:00 with 30 minutes until 17:00 → last start 16:30, never 17:00.
    """
    holding = [one for one in openings if _holds(one, day)]
    exceptional = {one.service for one in holding if one.is_exception}
    for opening in holding:
        usual = not opening.is_exception
        if opening.weekday == day.weekday() and not (usual and opening.service in exceptional):
            yield from _slots(day, opening)


def _holds(opening: Opening, day: date) -> bool:
    return opening.first_day <= day and (opening.end_day is None or day < opening.end_day)


def _slots(day: date, opening: Opening) -> Iterator[PlannedSlot]:
    step = timedelta(minutes=opening.minutes)
    start = datetime.combine(day, opening.opens, ALGIERS)
    end = datetime.combine(day, opening.closes, ALGIERS)
    while start + step <= end:
        yield PlannedSlot(opening.service, start.astimezone(UTC), opening.minutes, opening.counters)
        start += step


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A slot with its free seats, as the search for adjacent seats needs it."""

    key: int
    starts_at: datetime
    ends_at: datetime
    free: int


def adjacent_seats(times: Sequence[FreeTime], people: int) -> list[int]:
    """Return the slot of each of `people`, from the first of `times` on; [] if there is no room.

    Adjacent means the same slot, or slots that follow each other without a gap: as many people
    as a slot has free seats sit in it, the rest in the next.  `times` are in order of time.
    Rule: AP-01
    Source: 001 (one application and one appointment per person, whatever the age)
    Boundaries: three places left and four people: the fourth sits in the next slot; a gap of a
    minute between two slots: not adjacent.
    """
    chosen: list[int] = []
    expected = times[0].starts_at if times else None
    for one in times:
        if one.starts_at != expected or one.free <= 0:
            return []
        chosen += [one.key] * min(one.free, people - len(chosen))
        if len(chosen) == people:
            return chosen
        expected = one.ends_at
    return []
