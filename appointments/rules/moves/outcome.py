"""What the planner answers: a frozen plan that can be stored, hashed and read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from .facts import MoveRules

FORMAT = 1  # of `Plan.as_json`; raise it when stored plans must not be mistaken for new ones


@dataclass(frozen=True, slots=True)
class Move:
    """One appointment and its new slot; `reason` and `conflicts` are codes (see `explain`)."""

    id: str
    centre: str
    service: str
    old: datetime
    slot: int
    new: datetime
    reason: str
    family: str = ""
    arrival: int = 0
    conflicts: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """How far the new time is from the old one; negative if it is earlier."""
        return int((self.new - self.old).total_seconds() // 60)

    @property
    def pinned(self) -> bool:
        """Whether staff chose the slot by hand."""
        return self.reason == "MOVED_BY_HAND"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One appointment without a new slot; one more seat in `wanted` would give it one.

    `wanted` is None where the calendar has no slot at all that the rules allow.
    """

    id: str
    centre: str
    service: str
    old: datetime
    reason: str
    family: str = ""
    arrival: int = 0
    wanted: int | None = None
    wanted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Seats that would have to be added to one slot to place everybody."""

    centre: str
    service: str
    slot: int
    start: datetime
    seats: int


@dataclass(frozen=True)
class Plan:
    """Who moves where, who cannot, and what that would take.

    `bound` is the least total displacement in minutes that any plan could have, even one that
    tears families apart; None if such a plan would place more people.  Who is unplaced counts as
    waiting until the calendar ends, so that leaving out the hardest cases never pays.
    """

    moment: datetime
    rules: MoveRules
    moves: tuple[Move, ...]
    unplaced: tuple[Unplaced, ...]
    needs: tuple[Need, ...] = ()
    bound: int | None = None
    _by_id: dict[str, Move] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def total(self) -> int:
        """All displacements together, in minutes."""
        return sum(abs(move.minutes) for move in self.moves)

    @property
    def proven(self) -> bool:
        """Whether the total is certainly the least possible one."""
        return self.bound is not None and self.bound == self.total

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical form: equal plans, and only they, have equal hashes."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def move(self, appointment: str) -> Move | None:
        """Return the move of one appointment, if it has one."""
        if not self._by_id:
            self._by_id.update((move.id, move) for move in self.moves)
        return self._by_id.get(appointment)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain values, to be stored."""
        return {
            "format": FORMAT,
            "moment": _plain(self.moment),
            "notice": int(self.rules.notice.total_seconds()),
            "earlier_same_day": sorted(self.rules.earlier_same_day),
            "bound": self.bound,
            "moves": [_row(move, _MOVE) for move in self.moves],
            "unplaced": [_row(item, _UNPLACED) for item in self.unplaced],
            "needs": [_row(need, _NEED) for need in self.needs],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """Read a plan that `as_json` wrote; ValueError for another format."""
        if stored.get("format") != FORMAT:
            raise ValueError("this plan was stored in another format")
        return cls(
            moment=datetime.fromisoformat(stored["moment"]),
            rules=MoveRules(
                notice=timedelta(seconds=stored["notice"]),
                earlier_same_day=frozenset(stored["earlier_same_day"]),
            ),
            moves=tuple(Move(**_values(row, _MOVE)) for row in stored["moves"]),
            unplaced=tuple(Unplaced(**_values(row, _UNPLACED)) for row in stored["unplaced"]),
            needs=tuple(Need(**_values(row, _NEED)) for row in stored["needs"]),
            bound=stored["bound"],
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one appointment since the earlier plan; None: no new time, or not in it.

    `cause` is a code that `explain.what_changed` puts into words.
    """

    id: str
    before: Move | None
    after: Move | None
    cause: str


@dataclass(frozen=True, slots=True)
class Replan:
    """The new plan, and all that differs from the earlier one, in order of appointment."""

    plan: Plan
    changes: tuple[Change, ...]

    @property
    def kept(self) -> int:
        """How many planned times stay as they were."""
        changed = sum(change.after is not None for change in self.changes)
        return len(self.plan.moves) - changed


_MOMENTS = {"old", "new", "start", "wanted_at"}
_WHO = ("id", "centre", "service", "old", "reason", "family", "arrival")
_MOVE = (*_WHO, "slot", "new", "conflicts")
_UNPLACED = (*_WHO, "wanted", "wanted_at")
_NEED = ("centre", "service", "slot", "start", "seats")


def _row(item: Move | Unplaced | Need, names: tuple[str, ...]) -> list[Any]:
    values = [getattr(item, name) for name in names]
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _values(row: list[Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _revived(name, value) for name, value in zip(names, row, strict=True)}


def _revived(name: str, value: Any) -> Any:
    if name in _MOMENTS and value is not None:
        return datetime.fromisoformat(value)
    return tuple(value) if name == "conflicts" else value
