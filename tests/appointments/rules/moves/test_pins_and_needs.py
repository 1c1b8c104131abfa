"""Choices by hand are kept; who cannot be placed is told what would help (RD-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from appointments.rules.maintenance import Window
from appointments.rules.moves import MoveFacts, MoveRules, Plan, plan_moves, replan
from tests.appointments.rules.moves.worlds import MONDAY, at, facts, person, random_facts, slot


def test_a_choice_by_hand_takes_its_seat_first() -> None:
    people = [person("a", at(0, 9)), person("b", at(0, 10), pinned=1)]
    plan = plan_moves(facts(people, [slot(1, at(1, 9)), slot(2, at(2, 9))]))
    assert {move.id: (move.slot, move.reason) for move in plan.moves} == {
        "a": (2, "MOVED_NEXT_FREE"),
        "b": (1, "MOVED_BY_HAND"),
    }


@pytest.mark.parametrize(
    ("pinned", "conflicts"),
    [
        pytest.param(1, ("PIN_SHORT_NOTICE", "PIN_EARLIER"), id="too soon and earlier"),
        pytest.param(2, ("PIN_EARLIER",), id="earlier"),
        pytest.param(3, (), id="as the rules have it"),
    ],
)
def test_a_choice_by_hand_is_kept_and_says_what_it_breaks(pinned, conflicts) -> None:
    free = [slot(1, at(1, 9)), slot(2, at(3, 9)), slot(3, at(5, 9))]
    rules = MoveRules(notice=timedelta(hours=48))
    world = facts([person("a", at(4, 9), pinned=pinned)], free, rules, MONDAY)
    (move,) = plan_moves(world).moves
    assert (move.slot, move.conflicts) == (pinned, conflicts)


@pytest.mark.parametrize(
    ("pinned", "reason"),
    [
        pytest.param(1, "PIN_FULL", id="no seat"),
        pytest.param(2, "PIN_NOT_POSSIBLE", id="another centre"),
        pytest.param(3, "PIN_NOT_POSSIBLE", id="in a window"),
        pytest.param(99, "PIN_NOT_POSSIBLE", id="unknown"),
    ],
)
def test_a_choice_by_hand_that_cannot_be_kept_moves_nobody_elsewhere(pinned, reason) -> None:
    free = [
        slot(1, at(1, 9), free=0),
        slot(2, at(1, 9), centre="oran"),
        slot(3, at(2, 9)),
        slot(4, at(3, 9)),
    ]
    window = Window(at(2, 8), at(2, 10))
    world = facts([person("a", at(0, 9), pinned=pinned)], free, windows=(window,))
    plan = plan_moves(world)
    assert not plan.moves
    assert [item.reason for item in plan.unplaced] == [reason]


def test_of_two_choices_for_one_seat_the_first_booking_wins() -> None:
    people = [
        person("a", at(0, 9), arrival=2, pinned=1),
        person("b", at(0, 9), arrival=1, pinned=1),
    ]
    plan = plan_moves(facts(people, [slot(1, at(1, 9))]))
    assert [move.id for move in plan.moves] == ["b"]


def with_seats(world: MoveFacts, plan: Plan) -> MoveFacts:
    """Add the seats that the plan asks for."""
    more = {need.slot: need.seats for need in plan.needs}
    slots = (replace(slot, free=slot.free + more.get(slot.id, 0)) for slot in world.slots)
    return replace(world, slots=tuple(slots))


@pytest.mark.parametrize("families", [False, True], ids=["single", "families"])
def test_the_seats_asked_for_place_everyone_who_could_be_placed(families: bool) -> None:
    asked = 0
    for seed in range(400):
        world = random_facts(seed, leave="ad", families=families)
        plan = plan_moves(world)
        asked += bool(plan.needs)
        hopeless = {item.id for item in plan.unplaced if item.wanted is None}
        found = replan(plan, with_seats(world, plan)).plan
        assert {item.id for item in found.unplaced} == hopeless, seed
        if not families:
            again = plan_moves(with_seats(world, plan))
            assert {item.id for item in again.unplaced} == hopeless, seed
            assert sum(need.seats for need in plan.needs) == len(plan.unplaced) - len(hopeless)
    assert asked > 50


def test_seats_are_asked_for_as_counters_are_added() -> None:
    people = [person(f"p{n}", at(0, 9), arrival=n) for n in range(5)]
    plan = plan_moves(facts(people, [slot(1, at(1, 9), 0), slot(2, at(1, 10), 0)]))
    assert [(need.slot, need.seats) for need in plan.needs] == [(1, 4), (2, 1)]
    assert [item.wanted_at for item in plan.unplaced] == [at(1, 9)] * 4 + [at(1, 10)]


def test_where_the_calendar_has_no_slot_there_is_nothing_to_ask_for() -> None:
    plan = plan_moves(facts([person("a", at(5, 9))], [slot(1, at(1, 9))]))
    assert plan.needs == ()
    assert [(item.reason, item.wanted) for item in plan.unplaced] == [("NO_SLOT_ALLOWED", None)]


def test_a_choice_where_the_family_may_not_follow_leaves_nobody_without_a_time() -> None:
    """One of three is put on an earlier day by hand; the others move together, and it is said."""
    people = [person("a", at(1, 9), family="f", pinned=1)]
    people += [person(name, at(1, 9), family="f") for name in "bc"]
    free = [slot(1, at(0, 9), 5), slot(2, at(2, 9), 5)]
    plan = plan_moves(facts(people, free))
    assert {move.id: move.slot for move in plan.moves} == {"a": 1, "b": 2, "c": 2}
    assert plan.move("a").conflicts == ("PIN_EARLIER", "FAMILY_APART")
    assert plan.move("b").conflicts == ("FAMILY_APART",)


def test_a_choice_beside_which_seats_are_missing_waits_for_seats() -> None:
    people = [person(name, at(0, 9), family="f") for name in "bc"]
    people.append(person("a", at(0, 9), family="f", pinned=1))
    plan = plan_moves(facts(people, [slot(1, at(1, 9)), slot(2, at(2, 9), 5)]))
    assert [move.id for move in plan.moves] == ["a"]
    assert {item.reason for item in plan.unplaced} == {"NO_SEATS_TOGETHER"}
    assert [(need.slot, need.seats) for need in plan.needs] == [(1, 2)]
