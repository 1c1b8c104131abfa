"""What holds for every plan, whatever the world (RD-06, RD-07, RD-08)."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.rules.moves import MoveFacts, Plan, plan_moves, totals_by_centre, totals_of
from bench._flow import allowed
from tests.appointments.rules.moves.worlds import at, facts, person, random_facts, slot

WORLDS = st.builds(
    random_facts,
    st.integers(0, 10**6),
    leave=st.sampled_from(("", "a", "d", "ad")),
    families=st.booleans(),
    pins=st.booleans(),
    notices=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(WORLDS)
def test_every_plan(world: MoveFacts) -> None:
    plan = plan_moves(world)
    slots = {slot.id: slot for slot in world.slots}
    items = {item.id: item for item in world.affected}
    moved = [move.id for move in plan.moves]
    left = [item.id for item in plan.unplaced]
    assert sorted(moved + left) == sorted(items)  # moved = affected - unplaced, nobody twice
    for number, count in Counter(move.slot for move in plan.moves).items():
        assert count <= slots[number].free
    for move in plan.moves:
        item, slot = items[move.id], slots[move.slot]
        assert (move.old, move.new) == (item.start, slot.start)
        assert (slot.centre, slot.service) == (item.centre, item.service)
        if item.pinned is None:
            assert allowed(item, slot, world)
            assert set(move.conflicts) <= {"FAMILY_APART"}
        else:
            assert move.slot == item.pinned
            assert move.pinned
            broken = {"PIN_SHORT_NOTICE", "PIN_EARLIER"} & set(move.conflicts)
            # The planner itself never moves people earlier who need longer notice; staff may.
            careful = item.notice > world.rules.notice and slot.start < item.start
            assert careful or bool(broken) != allowed(item, slot, world)
    assert plan.bound is None or plan.bound <= plan.total


@settings(max_examples=150, deadline=None)
@given(WORLDS, st.randoms())
def test_order_of_listing_changes_nothing(world: MoveFacts, rng: random.Random) -> None:
    people, slots = list(world.affected), list(world.slots)
    rng.shuffle(people)
    rng.shuffle(slots)
    other = plan_moves(replace(world, affected=tuple(people), slots=tuple(slots)))
    assert other == plan_moves(world)
    assert other.hash == plan_moves(world).hash


@settings(max_examples=100, deadline=None)
@given(WORLDS)
def test_a_stored_plan_is_the_same_plan(world: MoveFacts) -> None:
    plan = plan_moves(world)
    stored = Plan.from_json(json.loads(json.dumps(plan.as_json())))
    assert stored == plan
    assert stored.hash == plan.hash


@settings(max_examples=150, deadline=None)
@given(WORLDS)
def test_totals_add_up(world: MoveFacts) -> None:
    plan = plan_moves(world)
    whole, centres = totals_of(plan), totals_by_centre(plan)
    assert whole.total == plan.total == sum(part.total for part in centres.values())
    assert whole.moved == len(plan.moves) == sum(count for _, count in whole.histogram)
    assert whole.unplaced == sum(part.unplaced for part in centres.values())
    assert whole.maximum == max((part.maximum for part in centres.values()), default=0)


def test_histogram_counts_the_upper_end_in() -> None:
    people = [person("a", at(0, 9)), person("b", at(0, 9)), person("c", at(0, 9))]
    free = [slot(1, at(0, 10)), slot(2, at(0, 10, 30)), slot(3, at(30, 9))]
    totals = totals_of(plan_moves(facts(people, free)))
    assert dict(totals.histogram) == {
        60: 1, 240: 1, 1440: 0, 2880: 0, 4320: 0, 10080: 0, 20160: 0, None: 1,
    }  # fmt: skip
    assert (totals.same_day, totals.maximum, totals.median) == (2, 30 * 1440, 90)


def test_hash_tells_plans_apart_and_not_zones() -> None:
    world = facts([person("a", at(0, 9))], [slot(1, at(1, 9)), slot(2, at(1, 10))])
    plan = plan_moves(world)
    utc = replace(
        world,
        affected=tuple(replace(i, start=i.start.astimezone(UTC)) for i in world.affected),
        slots=tuple(replace(s, start=s.start.astimezone(UTC)) for s in world.slots),
    )
    assert plan_moves(utc).hash == plan.hash
    pinned = replace(world, affected=(person("a", at(0, 9), pinned=2),))
    assert plan_moves(pinned).hash != plan.hash


def test_hash_is_stable_from_release_to_release() -> None:
    """Stored plans are compared with it: if this fails, raise `outcome.FORMAT`."""
    plan = plan_moves(facts([person("a", at(0, 9))], [slot(1, at(1, 9))]))
    assert plan.hash == "950ecbe5a1715d530db74b11c52ede46ef503f1203059ef098de0883b5c63765"


def test_plans_of_another_format_are_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        Plan.from_json({"format": 0})
