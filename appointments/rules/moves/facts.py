"""What the planner is given: who must move, where seats are free, and by which rules.

All moments are aware datetimes; nothing here reads a clock or a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.dates import civil_date
from portal.rules.parameters import Ruleset

from ..law import LAW
from ..maintenance import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One appointment that must move.

    `arrival` orders bookings: the smaller came first.  `family` groups people who came together;
    whoever stood side by side before stays so.  `pinned` is the slot that staff chose by hand.
    `may_be_earlier` says that the person agreed to any earlier time.  `notice` is longer notice
    for this person alone (by letter, from far away).
    """

    id: str
    start: datetime
    minutes: int
    centre: str
    service: str
    arrival: int
    family: str = ""
    pinned: int | None = None
    may_be_earlier: bool = False
    notice: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A slot of the calendar with its free seats; full slots (`free` 0) belong in the list too.

    The planner needs full slots to know which ones follow each other, and where seats could be
    added.  Slots that touch a window are ignored, whoever lists them.
    """

    id: int
    start: datetime
    minutes: int
    centre: str
    service: str
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRules:
    """The settings that staff may change for one maintenance.

    `notice` counts from `MoveFacts.moment` to the new time; `earlier_same_day` names the centres
    that allow an earlier time on the same day.
    """

    notice: timedelta
    earlier_same_day: frozenset[str] = frozenset()

    @classmethod
    def by_law(
        cls, moment: datetime, centres: Iterable[str] = (), ruleset: Ruleset = Ruleset.SEED
    ) -> MoveRules:
        """Return the rules as the table has them on the day of `moment`, for `centres`."""
        law = LAW.on(civil_date(moment), ruleset)
        allowed = law.value("RD-06", "earlier_same_day")
        return cls(
            notice=timedelta(hours=law.value("RD-06", "move_notice")),
            earlier_same_day=frozenset(centres) if allowed else frozenset(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """Everything a plan depends on; `moment` is when it would be applied.

    Raises ValueError for naive or fractional moments, ids given twice, or seats below zero.
    """

    moment: datetime
    affected: tuple[Affected, ...]
    slots: tuple[FreeSlot, ...]
    rules: MoveRules
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("the moment of applying needs a zone")
        _once("appointment", [item.id for item in self.affected])
        _once("slot", [slot.id for slot in self.slots])
        if any(slot.free < 0 for slot in self.slots):
            raise ValueError("a slot cannot have fewer than no free seats")


def _once(what: str, ids: list[str] | list[int]) -> None:
    if len(set(ids)) != len(ids):
        raise ValueError(f"one {what} is listed twice")


def minute(moment: datetime) -> int:
    """Return `moment` in whole minutes since 1970; ValueError if naive or between minutes."""
    if moment.tzinfo is None:
        raise ValueError("a move needs aware datetimes")
    minutes, rest = divmod(moment.timestamp(), 60)
    if rest:
        raise ValueError(f"{moment} does not start on a full minute")
    return int(minutes)
