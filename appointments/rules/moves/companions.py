"""Who stood side by side before, and what is settled about them already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from .desk import Desk
from .facts import Affected
from .families import Block, Runs, best_run


def form_blocks(desk: Desk) -> None:
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
    if len(chain) < 2:
        return
    beside = _beside(desk, chain, place_of)
    if beside is None:
        _release(desk, chain, place_of)
        beside = _beside(desk, chain, place_of)
    if beside and not _others_may_join(desk, chain, beside):
        beside = None
    free = [n for n in chain if n not in desk.fixed and n not in desk.refused]
    if beside is None or any(number in desk.refused for number in chain):
        desk.torn.update(chain)
    if len(free) > 1 or (free and beside):
        desk.blocks.append(Block(free, beside or []))


def _beside(desk: Desk, chain: list[int], place_of: dict[int, int]) -> list[int] | None:
    """Return the places of those who are fixed, or None if no run can hold them all."""
    slots = [desk.fixed[number] for number in chain if number in desk.fixed]
    if not all(slot.id in place_of for slot in slots):
        return None
    beside = [place_of[slot.id] for slot in slots]
    settled = len(slots) == len(chain)
    return beside if _linked(desk, beside, whole=settled) else None


def _others_may_join(desk: Desk, chain: list[int], beside: list[int]) -> bool:
    """Tell whether the rules let the others sit beside a choice by hand, seats or not.

    A choice that takes one of a family where the others may not go must not leave them without
    any time: it sets that person apart, and says so.
    """
    by_hand = [number for number in chain if number in desk.fixed and number not in desk.kept]
    others = [n for n in chain if n not in desk.fixed and n not in desk.refused]
    if not by_hand or not others:
        return True
    plenty = [replace(place, free=len(chain)) for place in desk.places]
    wishes = [desk.people[number].old for number in others]
    block = Block(others, beside)
    return best_run(desk.people, block, wishes, Runs(plenty, desk.ends)) is not None


def _release(desk: Desk, chain: list[int], place_of: dict[int, int]) -> None:
    """Give back what a family keeps from an earlier plan, as it cannot stay together with it."""
    for number in desk.kept.intersection(chain):
        slot = desk.fixed.pop(number)
        desk.kept.discard(number)
        if slot.id in place_of:
            desk.places[place_of[slot.id]].free += 1


def _linked(desk: Desk, numbers: list[int], *, whole: bool) -> bool:
    """Tell whether the places are one run; gaps may still be filled unless all are `whole`."""
    used = sorted(set(numbers))
    if not used:
        return True
    run = range(used[0], used[-1])
    joined = all(desk.ends[number] == desk.places[number + 1].at for number in run)
    return joined and (not whole or len(used) == len(run) + 1)


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
