"""The proof of a random release: what was announced, drawn and done, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .lots import commitment
from .release import VERSION, ReleasePlan, SlotSeats, return_moment, schedule
from .transcripts import Fault, differences, digest, instant, read_instant, second_of, text


@dataclass(frozen=True, slots=True)
class Opened:
    """Seats that really opened, and when."""

    seats: SlotSeats
    opened_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**self.seats.as_json(), "opened_at": instant(second_of(self.opened_at))}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Opened:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        return cls(SlotSeats.from_json(value), read_instant(value["opened_at"]))


@dataclass(frozen=True, slots=True)
class Returned:
    """Seats that were freed, and when they opened again (None: they never did)."""

    event_id: str
    seats: SlotSeats
    freed_at: datetime
    opened_at: datetime | None

    def as_json(self, opens_at: datetime) -> dict[str, Any]:
        """Return plain values, with the moment that was drawn."""
        return {
            **self.seats.as_json(),
            "event": self.event_id,
            "freed_at": instant(second_of(self.freed_at)),
            "opens_at": instant(opens_at),
            "opened_at": self.opened_at and instant(second_of(self.opened_at)),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Returned:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        opened = value["opened_at"]
        return cls(
            text(value["event"]),
            SlotSeats.from_json(value),
            read_instant(value["freed_at"]),
            None if opened is None else read_instant(opened),
        )


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Seats that did not open because the centre took them back, and why."""

    seats: SlotSeats
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**self.seats.as_json(), "reason": self.reason}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Withdrawn:
        """Read what `as_json` wrote; KeyError, TypeError or ValueError otherwise."""
        return cls(SlotSeats.from_json(value), text(value["reason"]))


def plan_digest(plan: ReleasePlan, seats: Iterable[SlotSeats], committed: str) -> str:
    """Return the hash to publish with the commitment before the first window."""
    return digest(
        f"{VERSION}:plan",
        {
            "plan": plan.as_json(),
            "seats": [one.as_json() for one in sorted(seats)],
            "commitment": committed,
        },
    )


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """All that happened under one plan.  Publish it when its last seat has come back.

    Whoever knows the seed knows every moment to come: never show a record of a plan that still
    has something to open.
    """

    plan: ReleasePlan
    seats: tuple[SlotSeats, ...]
    seed: bytes
    opened: tuple[Opened, ...] = ()
    returned: tuple[Returned, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()

    def transcript(self) -> dict[str, Any]:
        """Return what is published, as plain values; NoWindowLeft for a return without window."""
        committed = commitment(self.seed)
        return {
            "version": VERSION,
            "plan": self.plan.as_json(),
            "seats": [one.as_json() for one in sorted(self.seats)],
            "commitment": committed,
            "plan_digest": plan_digest(self.plan, self.seats, committed),
            "seed": self.seed.hex(),
            "schedule": [one.as_json() for one in schedule(self.plan, self.seats, self.seed)],
            "opened": [one.as_json() for one in sorted(self.opened, key=_when)],
            "returned": [
                one.as_json(self.drawn_for(one)) for one in sorted(self.returned, key=_freed)
            ],
            "withdrawn": [
                one.as_json() for one in sorted(self.withdrawn, key=lambda one: one.seats)
            ],
        }

    def drawn_for(self, returned: Returned) -> datetime:
        """Return the moment that was drawn for freed seats."""
        return return_moment(self.plan, self.seed, returned.event_id, returned.freed_at)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ReleaseRecord:
        """Read the inputs of a transcript; KeyError, TypeError or ValueError otherwise."""
        return cls(
            ReleasePlan.from_json(value["plan"]),
            tuple(map(SlotSeats.from_json, value["seats"])),
            bytes.fromhex(value["seed"]),
            tuple(map(Opened.from_json, value["opened"])),
            tuple(map(Returned.from_json, value["returned"])),
            tuple(map(Withdrawn.from_json, value["withdrawn"])),
        )


def verify_release(
    transcript: Mapping[str, Any], published: Mapping[str, str] | None = None
) -> list[Fault]:
    """Draw all moments again from the revealed seed, and name all that differs.

    `published` may hold what was written down beforehand: ``commitment`` and ``plan_digest``.
    Without it a transcript is only shown to be consistent in itself.  Never raises.

    Codes: ``unreadable``; ``different``, ``missing``, ``unknown`` with the path of the field;
    ``not_as_published``; and for what was done ``too_early``, ``too_late`` (by more than the
    tolerance of the plan), ``not_opened``, ``opened_twice``, ``not_in_plan`` with the seat.
    """
    try:
        record = ReleaseRecord.from_json(transcript)
        redrawn = record.transcript()
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return [Fault("unreadable", "", found=str(error))]
    faults = [*differences(redrawn, dict(transcript)), *_late_or_early(record)]
    for name in ("commitment", "plan_digest") if published is not None else ():
        assert published is not None
        if published.get(name) != redrawn[name]:
            faults.append(Fault("not_as_published", name, published.get(name), redrawn[name]))
    return faults


def _when(one: Opened) -> tuple[datetime, SlotSeats]:
    return one.opened_at, one.seats


def _freed(one: Returned) -> tuple[datetime, str]:
    return one.freed_at, one.event_id


def _late_or_early(record: ReleaseRecord) -> Iterator[Fault]:
    tolerance = record.plan.rule.tolerance
    withdrawn = {seat for one in record.withdrawn for seat in _seats(one.seats)}
    yield from _first_openings(record, tolerance, withdrawn)
    for one in record.returned:
        path = f"returned {one.event_id}"
        if one.opened_at is not None:
            yield from _compared(path, record.drawn_for(one), one.opened_at, tolerance)
        elif not withdrawn.issuperset(_seats(one.seats)):
            yield Fault("not_opened", path, instant(record.drawn_for(one)))


def _first_openings(
    record: ReleaseRecord, tolerance: timedelta, withdrawn: set[str]
) -> Iterator[Fault]:
    batches = schedule(record.plan, record.seats, record.seed)
    due = {seat: batch.opens_at for batch in batches for seat in _seats(batch.seats)}
    seen: set[str] = set()
    for one in record.opened:
        for seat in _seats(one.seats):
            if seat in seen:
                yield Fault("opened_twice", seat, found=instant(one.opened_at))
            elif seat not in due:
                yield Fault("not_in_plan", seat, found=instant(one.opened_at))
            else:
                yield from _compared(seat, due[seat], one.opened_at, tolerance)
            seen.add(seat)
    for seat in sorted(due.keys() - seen - withdrawn):
        yield Fault("not_opened", seat, instant(due[seat]))


def _compared(
    path: str, drawn: datetime, opened: datetime, tolerance: timedelta
) -> Iterator[Fault]:
    if opened < drawn:
        yield Fault("too_early", path, instant(drawn), instant(opened))
    elif opened > drawn + tolerance:
        yield Fault("too_late", path, instant(drawn), instant(opened))


def _seats(seats: SlotSeats) -> Iterator[str]:
    return (f"{seats.slot} seat {number}" for number in seats.numbers)
