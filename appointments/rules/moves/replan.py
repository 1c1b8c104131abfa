"""A plan met by what happened since: whoever can keep the planned time keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .arrangement import NOWHERE
from .clock import Clock
from .desk import Desk
from .desks import desks_of, in_window
from .facts import Affected, FreeSlot, MoveFacts
from .line import Leave, Person
from .outcome import Change, Move, Plan, Replan
from .planner import Served, assemble, serve


def replan(plan: Plan, facts: MoveFacts) -> Replan:
    """Plan again by `facts`, which tell how things stand now, and change as little as possible.

    Every planned time that is still allowed and still has a seat stays; where too few seats
    are left, who booked first stays.  The others are placed among the seats that remain, as
    near as can be.  Only if somebody would find no seat that way, though a new plan has one,
    the whole desk is planned anew.

    Rule: RD-06, RD-08
    Source: 000; 001 (same rules for all, first come within a category)
    Boundaries: nothing changed: nothing moves; one planned seat taken: one person moves; a
    person who cancelled frees a seat and moves nobody.
    """
    causes = dict(_causes(plan, facts))
    kept = {move.id: move.slot for move in plan.moves if move.id not in causes}
    served = []
    for fresh, desk in zip(desks_of(facts), desks_of(facts, kept), strict=True):
        served.append(_served(fresh, desk, facts, kept))
        why = "REPLAN_FOR_OTHERS" if served[-1][0] is fresh else "REPLAN_FAMILY"
        causes |= dict.fromkeys(desk.seated - causes.keys(), why)
    found = _with_reasons(plan, assemble(facts, served))
    return Replan(found, tuple(_changes(plan, found, causes, facts)))


def _served(fresh: Desk, desk: Desk, facts: MoveFacts, kept: Mapping[str, int]) -> Served:
    """Place who has no time left; give families up to a new search, and then the whole desk."""
    best, least = serve(fresh)
    given, _ = serve(desk)
    stuck = _stuck(desk, given)
    while stuck:
        kept = {name: slot for name, slot in kept.items() if name not in stuck}
        desk = _again(facts, desk, kept)
        given, _ = serve(desk)
        stuck = _stuck(desk, given)
    if given.count(NOWHERE) - len(desk.fixed) > best.count(NOWHERE) - len(fresh.fixed):
        return fresh, best, least
    return desk, given, least


def _again(facts: MoveFacts, desk: Desk, kept: Mapping[str, int]) -> Desk:
    key = (desk.centre, desk.service)
    here = replace(
        facts,
        affected=tuple(desk.items),
        slots=tuple(slot for slot in facts.slots if (slot.centre, slot.service) == key),
    )
    return desks_of(here, kept)[0]


def _stuck(desk: Desk, given: list[int]) -> set[str]:
    """Return who keeps a time beside which the rest of the family found no seat."""
    homeless = {
        desk.items[number].family
        for block in desk.blocks
        for number in block.members
        if block.beside and given[number] == NOWHERE
    }
    return {desk.items[n].id for n in desk.kept if desk.items[n].family in homeless - {""}}


def _causes(plan: Plan, facts: MoveFacts) -> Iterator[tuple[str, str]]:
    """Yield whose planned time cannot stay, and why, as far as it shows at once."""
    clock = Clock(facts)
    slots = {slot.id: slot for slot in facts.slots if not in_window(slot, facts.windows)}
    items = {item.id: item for item in facts.affected}
    for move in plan.moves:
        item = items.get(move.id)
        cause = "REPLAN_GONE" if item is None else _cause(move, item, clock, slots.get(move.slot))
        if cause:
            yield move.id, cause


def _cause(move: Move, item: Affected, clock: Clock, slot: FreeSlot | None) -> str:
    if item.pinned is not None or move.pinned:
        return "" if item.pinned == move.slot and move.pinned else "REPLAN_BY_HAND"
    if (move.old, move.centre, move.service) != (item.start, item.centre, item.service):
        return "REPLAN_OLD_TIME"
    if slot is None or slot.start != move.new:
        return "REPLAN_SLOT_CLOSED"
    return _rule_cause(clock.person(item), slot, clock)


def _rule_cause(person: Person, slot: FreeSlot, clock: Clock) -> str:
    at = int(slot.start.timestamp() // 60)
    if at < max(clock.ready, person.at if person.at > person.old else 0):
        return "REPLAN_NOTICE"
    back = at < person.at
    far = clock.day(slot.start) != person.day
    if back and (person.leave is Leave.NEVER or (far and person.leave is Leave.SAME_DAY)):
        return "REPLAN_LEAVE"
    return ""


def _with_reasons(plan: Plan, found: Plan) -> Plan:
    """Let times that stay keep the reason that was given for them."""
    moves = []
    for move in found.moves:
        before = plan.move(move.id)
        same = before is not None and (before.slot, before.pinned) == (move.slot, move.pinned)
        moves.append(replace(move, reason=before.reason) if before and same else move)
    return replace(found, moves=tuple(moves))


def _changes(
    plan: Plan, found: Plan, causes: Mapping[str, str], facts: MoveFacts
) -> Iterator[Change]:
    """Yield every appointment whose slot, or whose lack of one, is not what it was."""
    before, after = _outcomes(plan), _outcomes(found)
    here = {item.id for item in facts.affected}
    for name in sorted(before.keys() | after.keys()):
        known = name in before and name in after
        if not known or before[name] != after[name]:
            cause = causes.get(name) or _late_cause(name, before, here)
            yield Change(name, plan.move(name), found.move(name), cause)


def _outcomes(plan: Plan) -> dict[str, int | None]:
    found: dict[str, int | None] = {move.id: move.slot for move in plan.moves}
    return found | {item.id: None for item in plan.unplaced}


def _late_cause(name: str, before: Mapping[str, int | None], here: set[str]) -> str:
    if name not in here:
        return "REPLAN_GONE"
    if name not in before:
        return "REPLAN_NEW"
    return "REPLAN_SEAT_FOUND" if before[name] is None else "REPLAN_SLOT_TAKEN"
