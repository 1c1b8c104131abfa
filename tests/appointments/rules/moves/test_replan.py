"""A plan that meets later bookings changes only what it must (RD-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from appointments.rules.maintenance import Window
from appointments.rules.moves import MoveFacts, MoveRules, plan_moves, replan
from tests.appointments.rules.moves.worlds import at, facts, person, random_facts, slot

PEOPLE = [person(name, at(0, 9 + n), arrival=n) for n, name in enumerate("abcd")]
SLOTS = [slot(n + 1, at(1, 9 + n)) for n in range(6)]
WORLD = facts(PEOPLE, SLOTS)


def taken(world: MoveFacts, number: int) -> MoveFacts:
    """Book one seat of a slot."""
    slots = (replace(s, free=s.free - 1) if s.id == number else s for s in world.slots)
    return replace(world, slots=tuple(slots))


def told(world: MoveFacts) -> list[tuple[str, int | None, int | None, str]]:
    changes = replan(plan_moves(WORLD), world).changes
    return [
        (
            change.id,
            change.before.slot if change.before else None,
            change.after.slot if change.after else None,
            change.cause,
        )
        for change in changes
    ]


def test_nothing_changed_nothing_moves() -> None:
    plan = plan_moves(WORLD)
    again = replan(plan, WORLD)
    assert again.changes == ()
    assert again.plan == plan
    assert again.plan.hash == plan.hash
    assert again.kept == 4


def test_a_seat_that_was_booked_moves_one_person() -> None:
    assert told(taken(WORLD, 2)) == [("b", 2, 5, "REPLAN_SLOT_TAKEN")]


def test_a_cancellation_moves_nobody() -> None:
    assert told(replace(WORLD, affected=tuple(PEOPLE[1:]))) == [("a", 1, None, "REPLAN_GONE")]


def test_a_later_booking_is_placed_beside_the_others() -> None:
    more = person("e", at(0, 8), arrival=9)
    assert told(replace(WORLD, affected=(*PEOPLE, more))) == [("e", None, 5, "REPLAN_NEW")]


def test_a_closed_slot_moves_its_people() -> None:
    window = Window(at(1, 9), at(1, 9, 30))
    assert told(replace(WORLD, windows=(window,))) == [("a", 1, 5, "REPLAN_SLOT_CLOSED")]
    gone = replace(WORLD, slots=tuple(SLOTS[1:]))
    assert told(gone) == [("a", 1, 5, "REPLAN_SLOT_CLOSED")]


def test_time_that_went_by_moves_who_would_be_told_too_late() -> None:
    late = replace(WORLD, moment=at(1, 9, 30))
    assert told(late) == [("a", 1, 5, "REPLAN_NOTICE")]


def test_a_choice_by_hand_moves_who_stands_there() -> None:
    pinned = replace(PEOPLE[3], pinned=1)
    changes = told(replace(WORLD, affected=(*PEOPLE[:3], pinned)))
    assert changes == [("a", 1, 4, "REPLAN_SLOT_TAKEN"), ("d", 4, 1, "REPLAN_BY_HAND")]


def test_an_appointment_at_another_time_is_planned_again() -> None:
    other = replace(PEOPLE[0], start=at(1, 14))
    slots = (*SLOTS, slot(9, at(1, 15)))
    changes = told(replace(WORLD, affected=(other, *PEOPLE[1:]), slots=slots))
    assert changes == [("a", 1, 6, "REPLAN_OLD_TIME")]


def test_leave_that_was_withdrawn_moves_who_would_come_earlier() -> None:
    rules = MoveRules(notice=timedelta(0), earlier_same_day=frozenset({"algiers"}))
    world = facts([person("a", at(1, 12))], [slot(1, at(1, 11)), slot(2, at(1, 16))], rules)
    plan = plan_moves(world)
    (change,) = replan(plan, replace(world, rules=MoveRules(notice=timedelta(0)))).changes
    assert (change.before.slot, change.after.slot, change.cause) == (1, 2, "REPLAN_LEAVE")


def test_where_seats_get_few_the_first_booking_stays() -> None:
    people = [person("a", at(0, 9), arrival=2), person("b", at(0, 9), arrival=1)]
    world = facts(people, [slot(1, at(1, 9), free=2), slot(2, at(2, 9))])
    (change,) = replan(plan_moves(world), taken(world, 1)).changes
    assert (change.id, change.after.slot, change.cause) == ("a", 2, "REPLAN_SLOT_TAKEN")


def test_new_seats_go_to_who_had_none() -> None:
    world = facts(PEOPLE, SLOTS[:3])
    plan = plan_moves(world)
    assert [item.id for item in plan.unplaced] == ["d"]
    (change,) = replan(plan, replace(world, slots=tuple(SLOTS[:4]))).changes
    assert (change.id, change.before, change.after.slot) == ("d", None, 4)
    assert change.cause == "REPLAN_SEAT_FOUND"
    (change,) = replan(plan, replace(world, affected=tuple(PEOPLE[:3]))).changes
    assert (change.id, change.after, change.cause) == ("d", None, "REPLAN_GONE")


def test_others_move_again_only_if_somebody_would_find_no_seat() -> None:
    people = [person("a", at(0, 9))]
    world = facts(people, [slot(1, at(1, 9), free=0), slot(2, at(2, 9))])
    plan = plan_moves(world)
    late = person("late", at(1, 12), arrival=5)
    later = facts([*people, late], [slot(1, at(1, 9)), slot(2, at(2, 9))])
    changes = {change.id: change for change in replan(plan, later).changes}
    assert changes["a"].after.slot == 1
    assert changes["a"].cause == "REPLAN_FOR_OTHERS"
    assert changes["late"].after.slot == 2


def test_a_family_moves_as_one_when_it_cannot_stay_beside_who_kept_a_seat() -> None:
    people = [person("a", at(0, 9), family="f", arrival=1), person("b", at(0, 9), family="f")]
    world = facts(people, [slot(1, at(1, 9), free=2), slot(2, at(2, 9), free=2)])
    changes = {change.id: change for change in replan(plan_moves(world), taken(world, 1)).changes}
    assert changes["a"].cause == "REPLAN_SLOT_TAKEN"
    assert changes["b"].cause == "REPLAN_FAMILY"
    assert {change.after.slot for change in changes.values()} == {2}


def test_a_family_stays_where_one_seat_beside_is_enough() -> None:
    people = [person("a", at(0, 9), family="f", arrival=1), person("b", at(0, 9), family="f")]
    world = facts(people, [slot(1, at(1, 9), free=2), slot(2, at(1, 9, 30)), slot(3, at(2, 9), 2)])
    (change,) = replan(plan_moves(world), taken(world, 1)).changes
    assert (change.id, change.after.slot) == ("a", 2)


@pytest.mark.parametrize("families", [False, True])
def test_every_move_that_is_still_valid_stays(families: bool) -> None:
    """Take one planned seat away: without families one person moves, as long as all are placed."""
    looked = 0
    for seed in range(400):
        world = random_facts(seed, leave="ad", families=families, pins=True)
        plan = plan_moves(world)
        assert replan(plan, world).changes == (), seed
        free = [move for move in plan.moves if not move.pinned]
        if not free:
            continue
        again = replan(plan, taken(world, free[0].slot))
        assert again.plan.bound is None or again.plan.bound <= again.plan.total
        placed = [item for item in again.plan.unplaced if plan.move(item.id)]
        causes = {change.cause for change in again.changes}
        if not families and not placed and "REPLAN_FOR_OTHERS" not in causes:
            assert len(again.changes) <= 1, seed
            looked += 1
        assert again.plan.hash == replan(plan, taken(world, free[0].slot)).plan.hash
    assert families or looked > 100
