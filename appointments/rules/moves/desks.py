"""From facts to desks: one per centre and service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from ..maintenance import Window
from .clock import Clock
from .companions import form_blocks
from .desk import Desk
from .facts import Affected, FreeSlot, MoveFacts, minute
from .fixing import fix
from .line import Person, Place


def desks_of(facts: MoveFacts, kept: Mapping[str, int] | None = None) -> list[Desk]:
    """Return the desks with people to move, in order of centre and service.

    `kept` names the slots that appointments keep from an earlier plan, where seats are left.
    """
    clock = Clock(facts)
    items: dict[tuple[str, str], list[Affected]] = defaultdict(list)
    slots: dict[tuple[str, str], list[FreeSlot]] = defaultdict(list)
    for item in facts.affected:
        items[item.centre, item.service].append(item)
    for slot in facts.slots:
        slots[slot.centre, slot.service].append(slot)
    return [_desk(key, items[key], slots.get(key, []), clock, kept or {}) for key in sorted(items)]


def _desk(
    key: tuple[str, str],
    items: list[Affected],
    slots: list[FreeSlot],
    clock: Clock,
    kept: Mapping[str, int],
) -> Desk:
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
    fix(desk, open_slots, kept)
    form_blocks(desk)
    return desk


def _turn(pair: tuple[Person, Affected]) -> tuple[int, int, tuple[int, str]]:
    person, _ = pair
    return person.at, person.old, person.rank


def in_window(slot: FreeSlot, windows: Iterable[Window]) -> bool:
    """Tell whether a slot touches a window: nobody is moved into one, or half into one."""
    end = slot.start + timedelta(minutes=slot.minutes)
    return any(slot.start < window.end and window.start < end for window in windows)
