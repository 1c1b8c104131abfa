"""Random release: at which second seats open, and freed seats come back (AT-07).

The windows are published; the seconds in them follow from a secret seed whose commitment is
published with the plan.  `release_record` proves afterwards what was done.  The recipe is in
docs/fairness.md.  Every centre is served by the same rule under a key of its own (RD-08).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from portal.rules.parameters import Law

from .lots import Lots, derived_key
from .transcripts import instant, read_day, read_instant, second_of, text, whole_number

VERSION = "guichet-release-1"


class NoWindowLeft(ValueError):  # noqa: N818 (says what is missing, like a refusal)
    """No published window lies late enough for a freed seat to come back in."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A published window [`start`, `end`) of aware moments in whole seconds.

    `share` weighs how many of the seats open in it: equal shares spread them evenly, and a share
    of 0 keeps a window for freed seats.  Raises ValueError for an empty window or negative share.
    """

    start: datetime
    end: datetime
    share: int = 1

    def __post_init__(self) -> None:
        if instant(self.end) <= instant(self.start) or self.share < 0:
            raise ValueError(f"{self.start} to {self.end}: empty, or a share below 0")

    def as_json(self) -> dict[str, Any]:
        """Return plain values, moments in UTC."""
        return {"start": instant(self.start), "end": instant(self.end), "share": self.share}


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """When freed seats come back, how seats are bundled, and how late beat may be (AT-07)."""

    seats_opened_together: int
    shortest_return: timedelta
    longest_return: timedelta
    tolerance: timedelta

    @classmethod
    def by(cls, law: Law) -> ReturnRule:
        """Read the rule from the law of a day; raises LawError where it is silent."""
        return cls(
            law.value("AT-07", "seats_opened_together"),
            timedelta(minutes=law.value("AT-07", "shortest_return")),
            timedelta(minutes=law.value("AT-07", "longest_return")),
            timedelta(seconds=law.value("AT-07", "release_tolerance")),
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values; spans in seconds."""
        return {
            "seats_opened_together": self.seats_opened_together,
            "shortest_return": int(self.shortest_return.total_seconds()),
            "longest_return": int(self.longest_return.total_seconds()),
            "tolerance": int(self.tolerance.total_seconds()),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ReturnRule:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        spans = ("shortest_return", "longest_return", "tolerance")
        return cls(
            whole_number(value["seats_opened_together"]),
            *(timedelta(seconds=whole_number(value[name])) for name in spans),
        )


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What is published beforehand for one centre: `windows` from `day` on, and the rule.

    A plan has a seed of its own.  Freed seats need windows too: publish enough of them to reach
    `longest_return` beyond the last moment at which seats may be freed under this plan.
    Raises ValueError if windows overlap or none has a share.
    """

    centre: str
    day: date
    windows: tuple[Window, ...]
    rule: ReturnRule

    def __post_init__(self) -> None:
        in_time = sorted(self.windows)
        if any(later.start < earlier.end for earlier, later in pairwise(in_time)):
            raise ValueError("two windows overlap")
        if not any(window.share for window in in_time):
            raise ValueError("no window has a share of the seats")
        if self.rule.seats_opened_together < 1:
            raise ValueError("seats open at least one at a time")
        object.__setattr__(self, "windows", tuple(in_time))

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "centre": self.centre,
            "day": self.day.isoformat(),
            "windows": [window.as_json() for window in self.windows],
            "rule": self.rule.as_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ReleasePlan:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        windows = tuple(
            Window(read_instant(one["start"]), read_instant(one["end"]), whole_number(one["share"]))
            for one in value["windows"]
        )
        rule = ReturnRule.from_json(value["rule"])
        return cls(text(value["centre"]), read_day(value["day"]), windows, rule)


@dataclass(frozen=True, slots=True, order=True)
class SlotSeats:
    """Numbered seats of one slot, such as 1, 2, 3; ValueError for none or a repeated number."""

    slot: str
    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.numbers or len(set(self.numbers)) < len(self.numbers):
            raise ValueError(f"{self.slot}: no seat, or one twice")
        object.__setattr__(self, "numbers", tuple(sorted(self.numbers)))

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"slot": self.slot, "numbers": list(self.numbers)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> SlotSeats:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        return cls(text(value["slot"]), tuple(map(whole_number, value["numbers"])))


@dataclass(frozen=True, slots=True)
class Batch:
    """Neighbouring seats of one slot that open together at `opens_at` (UTC)."""

    seats: SlotSeats
    opens_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**self.seats.as_json(), "opens_at": instant(self.opens_at)}


def schedule(plan: ReleasePlan, seats: Sequence[SlotSeats], seed: bytes) -> tuple[Batch, ...]:
    """Draw for all seats when they open; sorted by moment.  The order of `seats` changes nothing.

    The batches are shuffled and dealt to the windows in proportion to their shares of the seats;
    within its window each batch opens at any second with equal chance.
    Raises ValueError for a slot named twice, or a seed that has not 32 bytes.

    Rule: AT-07
    Source: 002 (slots opened gradually and at random)
    Boundaries: the first second of a window may be drawn, its end may not; the same seed gives
    the same schedule, another seed another one.
    """
    if len({one.slot for one in seats}) < len(seats):
        raise ValueError("a slot is named twice")
    lots = _lots(plan, seed)
    batches = sorted(_batches(seats, plan.rule.seats_opened_together))
    shuffled = sorted(batches, key=lambda one: lots.number("order", one.slot, one.numbers[0]))
    drawn = (
        Batch(one, _second_in([window], lots, "moment", one.slot, one.numbers[0]))
        for one, window in _dealt(shuffled, plan.windows)
    )
    return tuple(sorted(drawn, key=lambda batch: (batch.opens_at, batch.seats)))


def return_moment(plan: ReleasePlan, seed: bytes, event_id: str, freed_at: datetime) -> datetime:
    """Return when a seat freed at `freed_at` opens again (UTC).

    Any second with equal chance, inside the published windows, from the shortest delay up to the
    longest (excluded).  If no window lies there, in the first one after that.  `event_id` names
    the cancellation and is given by the server, so that nobody can try for a better moment.
    Raises NoWindowLeft if the plan has no later window; ValueError for a naive moment.

    Rule: AT-07
    Source: 002; AT-02 and AT-03 send unpaid and cancelled seats here
    Boundaries: `freed_at` counts by its whole second; that second + the shortest delay is the
    first that may be drawn.
    """
    freed = second_of(freed_at)
    start, end = freed + plan.rule.shortest_return, freed + plan.rule.longest_return
    later = [
        Window(max(window.start, start), window.end)
        for window in plan.windows
        if window.end > start
    ]
    near = [Window(one.start, min(one.end, end)) for one in later if one.start < end]
    if not later:
        raise NoWindowLeft(f"no window of {plan.centre} ends after {start}")
    return _second_in(near or later[:1], _lots(plan, seed), "return", event_id)


def _lots(plan: ReleasePlan, seed: bytes) -> Lots:
    return Lots(derived_key(seed, VERSION, plan.centre, plan.day.isoformat()))


def _batches(seats: Iterable[SlotSeats], together: int) -> Iterator[SlotSeats]:
    for one in seats:
        for first in range(0, len(one.numbers), together):
            yield SlotSeats(one.slot, one.numbers[first : first + together])


def _dealt(
    batches: Sequence[SlotSeats], windows: Sequence[Window]
) -> Iterator[tuple[SlotSeats, Window]]:
    """Deal out in order: a batch goes to the window into whose part its first seat falls."""
    seats = sum(len(batch.numbers) for batch in batches)
    shares = sum(window.share for window in windows)
    ends = [seats * reached // shares for reached in accumulate(one.share for one in windows)]
    before = 0
    for batch in batches:
        yield batch, next(one for one, end in zip(windows, ends, strict=True) if before < end)
        before += len(batch.numbers)


def _second_in(windows: Sequence[Window], lots: Lots, *labels: str | int) -> datetime:
    lengths = [int((window.end - window.start).total_seconds()) for window in windows]
    second = lots.below(sum(lengths), *labels)
    for window, length in zip(windows, lengths, strict=True):
        if second < length:
            return read_instant(instant(window.start)) + timedelta(seconds=second)
        second -= length
    raise AssertionError("a lot lies below its bound")
