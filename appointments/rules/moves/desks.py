"""From facts to lines: one line per centre and service, in whole minutes and numbered days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from portal.dates import civil_date

from ..maintenance import Window
from .facts import Affected, FreeSlot, MoveFacts, minute
from .families import Block
from .line import Leave, Person, Place


@dataclass(slots=True)
class Desk:
    """One centre and service: its slots that the rules allow, and the people to place there.

    `items[n]` is the appointment of `people[n]`, `slots[p]` the slot of `places[p]`; slots are
    in order of time, people in order of old time, then of booking.  `blocks` hold families;
    whoever is in none is single.  `pins` are people whose slot staff chose, `refused` those
    whose choice cannot be kept.
    """

    centre: str
    service: str
    items: list[Affected]
    people: list[Person]
    slots: list[FreeSlot]
    places: list[Place]
    ends: list[int]
    blocks: list[Block] = field(default_factory=list)
    pins: dict[int, FreeSlot] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)

    def waiting(self) -> list[int]:
        """Return the numbers of the people without a choice by hand."""
        fixed = self.pins.keys() | self.refused.keys()
        return [number for number in range(len(self.items)) if number not in fixed]

    def singles(self) -> list[int]:
        """Return the numbers of the people who move alone."""
        grouped = {number for block in self.blocks for number in block.members}
        return [number for number in self.waiting() if number not in grouped]


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


def desks_of(facts: MoveFacts) -> list[Desk]:
    """Return the desks with people to move, in order of centre and service."""
    clock = Clock(facts)
    items: dict[tuple[str, str], list[Affected]] = defaultdict(list)
    slots: dict[tuple[str, str], list[FreeSlot]] = defaultdict(list)
    for item in facts.affected:
        items[item.centre, item.service].append(item)
    for slot in facts.slots:
        slots[slot.centre, slot.service].append(slot)
    return [_desk(key, items[key], slots.get(key, []), clock) for key in sorted(items)]


def _desk(key: tuple[str, str], items: list[Affected], slots: list[FreeSlot], clock: Clock) -> Desk:
    pairs = sorted(((clock.person(item), item) for item in items), key=_turn)
    open_slots = [slot for slot in slots if not in_window(slot, clock.facts.windows)]
    open_slots.sort(key=lambda slot: slot.start)
    if len({slot.start for slot in open_slots}) < len(open_slots):
        raise ValueError(f"{key[0]} {key[1]}: two slots start at one time")
    late = [(minute(slot.start), slot) for slot in open_slots]
    usable = [(at, slot) for at, slot in late if at >= clock.ready]
    desk = Desk(
        *key,
        items=[item for _, item in pairs],
        people=[person for person, _ in pairs],
        slots=[slot for _, slot in usable],
        places=[Place(at, clock.day(slot.start), slot.free) for at, slot in usable],
        ends=[at + slot.minutes for at, slot in usable],
    )
    _keep_pins(desk, open_slots)
    _form_blocks(desk)
    return desk


def _turn(pair: tuple[Person, Affected]) -> tuple[int, int, tuple[int, str]]:
    person, _ = pair
    return person.at, person.old, person.rank


def in_window(slot: FreeSlot, windows: Iterable[Window]) -> bool:
    """Tell whether a slot touches a window: nobody is moved into one, or half into one."""
    end = slot.start + timedelta(minutes=slot.minutes)
    return any(slot.start < window.end and window.start < end for window in windows)


def _keep_pins(desk: Desk, open_slots: list[FreeSlot]) -> None:
    """Give pinned people their seats first, in order of booking."""
    by_id = {slot.id: slot for slot in open_slots}
    left = {slot.id: slot.free for slot in open_slots}
    place_of = {slot.id: number for number, slot in enumerate(desk.slots)}
    pinned = [n for n, item in enumerate(desk.items) if item.pinned is not None]
    for number in sorted(pinned, key=lambda n: desk.people[n].rank):
        slot = _chosen(desk.items[number], by_id)
        if slot is None:
            desk.refused[number] = "PIN_NOT_POSSIBLE"
        elif not left[slot.id]:
            desk.refused[number] = "PIN_FULL"
        else:
            left[slot.id] -= 1
            desk.pins[number] = slot
            if slot.id in place_of:
                desk.places[place_of[slot.id]].free -= 1


def _chosen(item: Affected, by_id: dict[int, FreeSlot]) -> FreeSlot | None:
    return None if item.pinned is None else by_id.get(item.pinned)


def _form_blocks(desk: Desk) -> None:
    """Find who stood side by side before, and what is fixed about them by hand."""
    place_of = {slot.id: number for number, slot in enumerate(desk.slots)}
    families: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(desk.items):
        if item.family:
            families[item.family].append(number)
    for numbers in families.values():
        for chain in _chains(numbers, desk.items):
            _form_block(desk, chain, place_of)


def _form_block(desk: Desk, chain: list[int], place_of: dict[int, int]) -> None:
    fixed = [desk.pins[number].id for number in chain if number in desk.pins]
    free = [n for n in chain if n not in desk.pins and n not in desk.refused]
    beside = [place_of[slot] for slot in fixed if slot in place_of]
    whole = len(beside) == len(fixed) and _linked(desk, beside)
    if len(chain) > 1 and (not whole or len(fixed) + len(free) < len(chain)):
        desk.torn.update(chain)
    if len(free) > 1 or (free and beside and whole):
        desk.blocks.append(Block(free, beside if whole else []))


def _linked(desk: Desk, numbers: list[int]) -> bool:
    used = sorted(set(numbers))
    return all(
        later == sooner + 1 and desk.ends[sooner] == desk.places[later].at
        for sooner, later in pairwise(used)
    )


def _chains(numbers: list[int], items: list[Affected]) -> Iterable[list[int]]:
    """Split a family into those who stood side by side: in one slot, or one after the other."""
    ordered = sorted(numbers, key=lambda number: (items[number].start, number))
    chain: list[int] = []
    for number in ordered:
        if chain:
            before = items[chain[-1]]
            end = before.start + timedelta(minutes=before.minutes)
            if items[number].start not in (before.start, end):
                yield chain
                chain = []
        chain.append(number)
    if chain:
        yield chain
