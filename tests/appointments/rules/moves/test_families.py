"""Families stay side by side; what is exact is compared with every possibility (RD-06)."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest

from appointments.rules.moves import Affected, FreeSlot, MoveFacts, plan_moves
from appointments.rules.moves.families import EVERY_SPLIT
from bench._flow import allowed, minutes, waiting
from tests.appointments.rules.moves.test_optimum import cost
from tests.appointments.rules.moves.worlds import at, facts, person, random_facts, slot


def chains(world: MoveFacts) -> Iterator[list[Affected]]:
    """Return who stood side by side, spelt out once more."""
    groups: dict[tuple[str, str, str], list[Affected]] = defaultdict(list)
    for item in world.affected:
        if item.family:
            groups[item.family, item.centre, item.service].append(item)
    for items in groups.values():
        chain: list[Affected] = []
        for item in sorted(items, key=lambda item: item.start):
            last = chain[-1] if chain else item
            if item.start not in (last.start, last.start + timedelta(minutes=last.minutes)):
                yield chain
                chain = []
            chain.append(item)
        yield chain


def side_by_side(slots: list[FreeSlot]) -> bool:
    used = sorted({slot.id: slot for slot in slots}.values(), key=lambda slot: slot.start)
    return all(
        sooner.start + timedelta(minutes=sooner.minutes) == later.start
        for sooner, later in itertools.pairwise(used)
    )


def least_cost(world: MoveFacts) -> int:
    """Try every way of seating every family, and every person."""
    groups = list(chains(world))
    known = {item.id for group in groups for item in group}
    groups += [[item] for item in world.affected if item.id not in known]
    options = [sorted(_options(group, world), key=lambda option: option[1]) for group in groups]
    free = {slot.id: slot.free for slot in world.slots}
    return _least(options, free, 0, 10**15)


def _options(group: list[Affected], world: MoveFacts) -> Iterator[tuple[Counter[int], int]]:
    yield Counter(), sum(waiting(item.start, world) for item in group)
    choices = [[s for s in world.slots if s.free and allowed(i, s, world)] for i in group]
    for seats in itertools.product(*choices):
        if side_by_side(list(seats)):
            far = sum(minutes(item, slot) for item, slot in zip(group, seats, strict=True))
            yield Counter(slot.id for slot in seats), far


def _least(options: list, free: dict[int, int], spent: int, best: int) -> int:
    """Try everything, but for what cannot be better: each later group costs at least its first."""
    at_least = [0]
    for choices in reversed(options):
        at_least.append(at_least[-1] + choices[0][1])
    at_least.reverse()

    def tried(group: int, spent: int, best: int) -> int:
        if group == len(options):
            return min(best, spent)
        for seats, price in options[group]:
            if spent + price + at_least[group + 1] >= best:
                return best
            if all(free[number] >= count for number, count in seats.items()):
                for number, count in seats.items():
                    free[number] -= count
                best = tried(group + 1, spent + price, best)
                for number, count in seats.items():
                    free[number] += count
        return best

    return tried(0, spent, best)


@pytest.mark.parametrize("leave", ["", "a", "d", "ad"])
def test_proven_plans_are_the_best_of_all(leave: str) -> None:
    looked = proven = best = 0
    for seed in range(160):
        world = random_facts(seed, leave=leave, families=True)
        if len(world.affected) > 7:
            continue
        plan = plan_moves(world)
        least = least_cost(world)
        assert cost(plan, world) >= least, seed
        assert not plan.proven or cost(plan, world) == least, seed
        if plan.bound is not None:
            assert plan.total >= plan.bound, seed
        looked += 1
        proven += plan.proven
        best += cost(plan, world) == least
    assert proven > 0.9 * looked
    assert best > 0.98 * looked


@pytest.mark.parametrize("leave", ["", "ad"])
def test_families_stay_side_by_side(leave: str) -> None:
    together = 0
    for seed in range(300):
        world = random_facts(seed, leave=leave, families=True)
        plan = plan_moves(world)
        slots = {slot.id: slot for slot in world.slots}
        for chain in chains(world):
            moves = [move for item in chain if (move := plan.move(item.id))]
            assert len(moves) in (0, len(chain)), f"{seed}: a family is torn"
            assert side_by_side([slots[move.slot] for move in moves])
            together += len(moves) > 1
    assert together > 40


def test_a_lunch_break_separates_a_family() -> None:
    people = [person("a", at(0, 9), family="f"), person("b", at(0, 9), family="f")]
    free = [slot(1, at(1, 11, 30)), slot(2, at(1, 13)), slot(3, at(2, 9)), slot(4, at(2, 9, 30))]
    plan = plan_moves(facts(people, free))
    assert {move.id: move.slot for move in plan.moves} == {"a": 3, "b": 4}
    assert {move.reason for move in plan.moves} == {"MOVED_TOGETHER"}
    assert not plan.proven
    assert plan.bound < plan.total


def test_a_family_that_booked_different_days_moves_as_single_people() -> None:
    people = [person("a", at(0, 9), family="f"), person("b", at(1, 9), family="f")]
    free = [slot(1, at(0, 12)), slot(2, at(1, 12)), slot(3, at(3, 9), free=2)]
    plan = plan_moves(facts(people, free))
    assert {move.id: move.slot for move in plan.moves} == {"a": 1, "b": 2}


def test_a_family_that_cannot_stay_together_waits_for_staff() -> None:
    people = [person(name, at(0, 9), family="f") for name in "abc"] + [person("d", at(0, 10))]
    free = [slot(1, at(1, 9)), slot(2, at(2, 9)), slot(3, at(3, 9))]
    plan = plan_moves(facts(people, free))
    assert [move.id for move in plan.moves] == ["d"]
    assert [item.reason for item in plan.unplaced] == ["NO_SEATS_TOGETHER"] * 3
    assert plan.bound is None


@pytest.mark.parametrize("size", [EVERY_SPLIT, EVERY_SPLIT + 1, EVERY_SPLIT + 5])
def test_large_families_sit_in_one_run(size: int) -> None:
    people = [person(f"p{n:02}", at(0, 9), family="f") for n in range(size)]
    free = [slot(n + 1, at(1, 9) + timedelta(minutes=30 * n), free=2) for n in range(8)]
    plan = plan_moves(facts(people, free))
    assert len(plan.moves) == size
    taken = sorted({move.slot for move in plan.moves})
    assert taken == list(range(taken[0], taken[-1] + 1))


def test_the_others_sit_beside_whoever_was_placed_by_hand() -> None:
    people = [
        person("a", at(0, 9), family="f", pinned=4),
        person("b", at(0, 9), family="f"),
        person("c", at(0, 9, 30), family="f"),
    ]
    free = [slot(n + 1, at(1, 9) + timedelta(minutes=30 * n)) for n in range(6)]
    plan = plan_moves(facts(people, free))
    taken = {move.id: move.slot for move in plan.moves}
    assert taken["a"] == 4
    assert sorted(taken.values()) in ([2, 3, 4], [3, 4, 5], [4, 5, 6])
    assert not any(move.conflicts for move in plan.moves)


def test_choices_by_hand_that_separate_a_family_are_flagged_and_kept() -> None:
    people = [
        person("a", at(0, 9), family="f", pinned=1),
        person("b", at(0, 9), family="f", pinned=3),
    ]
    free = [slot(1, at(1, 9)), slot(2, at(1, 9, 30)), slot(3, at(1, 10))]
    plan = plan_moves(facts(people, free))
    assert [(move.slot, move.conflicts) for move in plan.moves] == [
        (1, ("FAMILY_APART",)),
        (3, ("FAMILY_APART",)),
    ]
