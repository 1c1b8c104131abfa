"""The plan: every affected appointment to a new slot, with the least total displacement.

Order of the rules: nobody without notice; nobody earlier without leave; same centre and service;
families side by side; as many people as can be; the least total; as many as can be on their own
day; the least maximum; who booked first.  The first four are never broken: whoever cannot be placed
under them stays unplaced.  What is exact and what is a bound: see ARCHITECTURE.md, "Moving
everyone".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .arrangement import NOWHERE, arrange, cost, end_of, wishes_of
from .desk import Desk
from .desks import desks_of
from .explain import reason_of
from .facts import MoveFacts
from .needs import needs_of
from .outcome import Move, Need, Plan, Unplaced


def plan_moves(facts: MoveFacts, told: Callable[[int], None] = lambda _people: None) -> Plan:
    """Plan new times for all affected appointments; the same facts give the same plan.

    The order in which appointments and slots are listed changes nothing.  `told` hears after
    each desk how many people are planned so far.

    Rule: RD-06, RD-08
    Source: 000 (staff give a new time, the applicant does nothing); 001 (fairness)
    Boundaries: a new time exactly at the end of the notice: allowed; one minute sooner: not; a
    slot that ends as the window starts: allowed; one that runs into it: not.
    """
    return assemble(facts, _one_by_one(facts, told))


Least = tuple[int, int]  # how many unplaced at least, and the least total with their waiting
Served = tuple[Desk, list[int], Least]


def _one_by_one(facts: MoveFacts, told: Callable[[int], None]) -> Iterator[Served]:
    people = 0
    for desk in desks_of(facts):
        yield desk, *serve(desk)
        people += len(desk.items)
        told(people)


def serve(desk: Desk) -> tuple[list[int], Least]:
    """Return the place of each person, and what would be the least without families."""
    wishes = wishes_of(desk)
    missing, total, _ = cost(desk, wishes)
    by_hand = sum(_fixed_minutes(desk, number) for number in desk.fixed)
    return arrange(desk, wishes), (missing, total + by_hand)


def assemble(facts: MoveFacts, served: Iterable[Served]) -> Plan:
    """Make one plan of what each desk gave."""
    moves: list[Move] = []
    unplaced: list[Unplaced] = []
    needs: list[Need] = []
    bounds: list[int | None] = []
    for desk, given, least in served:
        moves += _moves(desk, given, facts)
        missing, more = needs_of(desk, given)
        unplaced += missing
        needs += more
        bounds.append(_bound(desk, given, least))
    known = [bound for bound in bounds if bound is not None]
    return Plan(
        moment=facts.moment,
        rules=facts.rules,
        moves=tuple(moves),
        unplaced=tuple(unplaced),
        needs=tuple(needs),
        bound=sum(known) if len(known) == len(bounds) else None,
    )


def _bound(desk: Desk, given: list[int], least: Least) -> int | None:
    waiting = [number for number in desk.waiting() if given[number] == NOWHERE]
    if len(waiting) > least[0]:
        return None
    end = end_of(desk)
    return least[1] - sum(end - desk.people[number].old for number in waiting)


def _fixed_minutes(desk: Desk, number: int) -> int:
    distance = desk.fixed[number].start - desk.items[number].start
    return abs(int(distance.total_seconds() // 60))


def _moves(desk: Desk, given: list[int], facts: MoveFacts) -> list[Move]:
    target = {number: desk.slots[place] for number, place in enumerate(given) if place >= 0}
    target |= desk.fixed
    together = {number for block in desk.blocks for number in block.members}
    found = []
    for number in sorted(target, key=lambda n: (desk.people[n].old, desk.people[n].rank)):
        item, slot = desk.items[number], target[number]
        reason, conflicts = reason_of(
            item, slot, facts, together=number in together, torn=number in desk.torn
        )
        found.append(
            Move(
                id=item.id,
                centre=item.centre,
                service=item.service,
                old=item.start,
                slot=slot.id,
                new=slot.start,
                reason=reason,
                family=item.family,
                arrival=item.arrival,
                conflicts=conflicts,
            )
        )
    return found
