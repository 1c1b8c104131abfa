"""The total is the least possible one: the planner against a min-cost flow (RD-06, RD-08)."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest

from appointments.rules.moves import MoveFacts, MoveRules, Plan, plan_moves
from bench._flow import lanes, pairs, waiting
from tests.appointments.rules.moves.worlds import at, facts, person, random_facts, slot

WORLDS = 150


def cost(plan: Plan, world: MoveFacts) -> int:
    """Return the total with the price of everyone unplaced, as the flow counts it."""
    items = {item.id: item for item in world.affected}
    return plan.total + sum(waiting(items[item.id].start, world) for item in plan.unplaced)


@pytest.mark.parametrize("leave", ["", "a", "d", "ad"])
@pytest.mark.parametrize("notices", [False, True], ids=["one notice", "own notices"])
def test_total_is_the_optimum_of_the_flow(leave: str, notices: bool) -> None:
    for seed in range(WORLDS):
        world = random_facts(seed, leave=leave, notices=notices)
        plan = plan_moves(world)
        assert cost(plan, world) == pairs(world), seed
        assert plan.proven, seed


@pytest.mark.parametrize("leave", ["", "a", "d", "ad"])
def test_both_models_of_the_flow_agree(leave: str) -> None:
    for seed in range(100):
        world = random_facts(seed, leave=leave)
        if not world.windows:
            assert lanes(world) == pairs(world), seed


def test_who_may_go_far_leaves_the_seats_of_the_day_to_who_may_not() -> None:
    """The walk alone gives `far` the seat at 9:00 and leaves `near` waiting for a week."""
    world = facts(
        [person("far", at(1, 10), may_be_earlier=True), person("near", at(1, 10, 30))],
        [slot(1, at(0, 16)), slot(2, at(1, 9)), slot(3, at(7, 9))],
        MoveRules(notice=timedelta(0), earlier_same_day=frozenset({"algiers"})),
    )
    plan = plan_moves(world)
    assert {move.id: move.slot for move in plan.moves} == {"far": 1, "near": 2}
    assert cost(plan, world) == pairs(world)
    with mock.patch("appointments.rules.moves.singles.needs_proof", return_value=False):
        assert cost(plan_moves(world), world) > pairs(world)
