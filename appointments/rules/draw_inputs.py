"""What goes into a draw: the announcement, the public value, the requests, the seats.

Each writes itself as plain JSON for the transcript and reads itself back from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from portal.rules.parameters import Law

from .transcripts import instant, read_day, read_instant, text, whole_number


class DayPart(StrEnum):
    """Which half of a day a household can come."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Preferences:
    """When a household can come; None means that any day, or any weekday, is good.

    `weekdays` count as `date.weekday()`: Monday is 0.  A day must satisfy all three.
    """

    days: frozenset[date] | None = None
    weekdays: frozenset[int] | None = None
    part: DayPart = DayPart.ANY

    def allow(self, day: date, part: DayPart) -> bool:
        """Tell whether the household can come on `day` in that half of it."""
        return (
            (self.days is None or day in self.days)
            and (self.weekdays is None or day.weekday() in self.weekdays)
            and self.part in (DayPart.ANY, part)
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values, sorted."""
        return {
            "days": None if self.days is None else sorted(day.isoformat() for day in self.days),
            "weekdays": None if self.weekdays is None else sorted(self.weekdays),
            "part": self.part.value,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Preferences:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        days, weekdays = value["days"], value["weekdays"]
        return cls(
            None if days is None else frozenset(map(read_day, days)),
            None if weekdays is None else frozenset(map(whole_number, weekdays)),
            DayPart(value["part"]),
        )


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person in a request.

    `key` is a pseudonym made for this draw alone, the same wherever the same person appears in
    it; `missed` counts the person's earlier draws that gave nothing and still count.
    """

    key: str
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A household that wants to come together, or not at all: one traveller or more.

    `reference` is opaque and given by the server: whoever could choose it could choose a lot.
    Raises ValueError without travellers, or for a negative number of missed draws.
    """

    reference: str
    travellers: tuple[Traveller, ...]
    preferences: Preferences = Preferences()

    def __post_init__(self) -> None:
        if not self.travellers or any(person.missed < 0 for person in self.travellers):
            raise ValueError(f"request {self.reference}: no traveller, or missed draws below zero")

    @property
    def size(self) -> int:
        """How many seats it needs."""
        return len(self.travellers)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; the travellers by their keys."""
        people = sorted(self.travellers, key=lambda person: (person.key, person.missed))
        return {
            "reference": self.reference,
            "travellers": [{"key": one.key, "missed": one.missed} for one in people],
            "preferences": self.preferences.as_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Request:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        people = tuple(
            Traveller(text(one["key"]), whole_number(one["missed"])) for one in value["travellers"]
        )
        preferences = Preferences.from_json(value["preferences"])
        return cls(text(value["reference"]), people, preferences)


@dataclass(frozen=True, slots=True)
class DrawSlot:
    """A slot whose `seats` are drawn; `starts_at` is an aware moment.

    Raises ValueError for a naive start, or a length or number of seats below one.
    """

    key: str
    starts_at: datetime
    minutes: int
    seats: int

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.minutes < 1 or self.seats < 1:
            raise ValueError(f"slot {self.key}: naive start, no length or no seat")

    def as_json(self) -> dict[str, Any]:
        """Return plain values, the start in UTC."""
        starts_at = instant(self.starts_at)
        return {
            "key": self.key,
            "starts_at": starts_at,
            "minutes": self.minutes,
            "seats": self.seats,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DrawSlot:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        minutes, seats = whole_number(value["minutes"]), whole_number(value["seats"])
        return cls(text(value["key"]), read_instant(value["starts_at"]), minutes, seats)


@dataclass(frozen=True, slots=True)
class DrawRule:
    """The numbers of the rule (RD-08), as the table had them when the draw was announced."""

    tickets_per_missed_draw: int
    most_tickets: int
    afternoon_starts: time  # in Algiers

    @classmethod
    def by(cls, law: Law) -> DrawRule:
        """Read the rule from the law of a day; raises LawError where it is silent."""
        return cls(
            law.value("RD-08", "tickets_per_missed_draw"),
            law.value("RD-08", "most_tickets"),
            time.fromisoformat(law.value("RD-08", "afternoon_starts")),
        )

    def tickets(self, request: Request) -> int:
        """Return how many tickets a household has: one, and more for what its members missed.

        The missed draws are averaged over the household and rounded down: taking in somebody
        unlucky gives no more than it takes from that person.
        Boundaries: members with 1, 1, 1, 0 missed draws: 1 ticket; 1, 1, 1, 1: 2 tickets.
        """
        missed = sum(person.missed for person in request.travellers) // request.size
        return min(1 + missed * self.tickets_per_missed_draw, self.most_tickets)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "tickets_per_missed_draw": self.tickets_per_missed_draw,
            "most_tickets": self.most_tickets,
            "afternoon_starts": self.afternoon_starts.strftime("%H:%M"),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DrawRule:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        starts = datetime.strptime(value["afternoon_starts"], "%H:%M").time()
        per_draw = whole_number(value["tickets_per_missed_draw"])
        return cls(per_draw, whole_number(value["most_tickets"]), starts)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is published before the first request: it cannot be changed afterwards.

    `commitment` is `lots.commitment` of the secret seed; `source` names the public value that
    nobody knows yet (such as “result of the national lottery of 4 January”), named at
    `announced_at`; requests close at `closes_at`, excluded.
    """

    draw_id: str
    centre: str
    service: str
    first_day: date
    last_day: date
    commitment: str
    source: str
    announced_at: datetime
    closes_at: datetime
    rule: DrawRule

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "draw_id": self.draw_id,
            "centre": self.centre,
            "service": self.service,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "commitment": self.commitment,
            "source": self.source,
            "announced_at": instant(self.announced_at),
            "closes_at": instant(self.closes_at),
            "rule": self.rule.as_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Announcement:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        texts = ("draw_id", "centre", "service", "commitment", "source")
        return cls(
            **{name: text(value[name]) for name in texts},
            first_day=read_day(value["first_day"]),
            last_day=read_day(value["last_day"]),
            announced_at=read_instant(value["announced_at"]),
            closes_at=read_instant(value["closes_at"]),
            rule=DrawRule.from_json(value["rule"]),
        )


@dataclass(frozen=True, slots=True)
class PublicValue:
    """The value of the announced source as an agent typed it; it came to be at `value_at`."""

    source: str
    announced_at: datetime
    value: str
    value_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "source": self.source,
            "announced_at": instant(self.announced_at),
            "value": self.value,
            "value_at": instant(self.value_at),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PublicValue:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        announced, came = read_instant(value["announced_at"]), read_instant(value["value_at"])
        return cls(text(value["source"]), announced, text(value["value"]), came)


def in_order(
    requests: Sequence[Request], slots: Sequence[DrawSlot]
) -> tuple[list[Request], list[DrawSlot]]:
    """Sort requests by reference and slots by start, so that the order of arrival is lost.

    Raises ValueError for a reference, key or start that occurs twice.
    """
    _only_once("reference", [request.reference for request in requests])
    _only_once("slot", [slot.key for slot in slots])
    _only_once("start", [instant(slot.starts_at) for slot in slots])
    by_reference = sorted(requests, key=lambda request: request.reference)
    return by_reference, sorted(slots, key=lambda slot: slot.starts_at)


def _only_once(name: str, values: Sequence[str]) -> None:
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise ValueError(f"{name} {twice} occurs twice")
