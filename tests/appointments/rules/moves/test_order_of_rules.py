"""The stated rules, one by one and in their order (RD-06, RD-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments.rules.maintenance import Window
from appointments.rules.moves import (
    Affected,
    FreeSlot,
    MoveFacts,
    MoveRules,
    Plan,
    plan_moves,
    totals_of,
)
from bench._flow import minutes, pairs
from portal.dates import civil_date
from tests.appointments.rules.moves.worlds import (
    MONDAY,
    NO_NOTICE,
    at,
    facts,
    person,
    random_facts,
    slot,
)

SAME_DAY = MoveRules(notice=timedelta(0), earlier_same_day=frozenset({"algiers"}))


def given(plan: Plan) -> dict[str, int]:
    return {move.id: move.slot for move in plan.moves}


@pytest.mark.parametrize(
    ("moment", "slots"),
    [
        pytest.param(at(0, 9), {"a": 1}, id="exactly at the end of the notice"),
        pytest.param(at(0, 9, 1), {"a": 2}, id="a minute too late"),
    ],
)
def test_nobody_without_notice(moment, slots) -> None:
    rules = MoveRules(notice=timedelta(hours=48))
    world = facts([person("a", at(2, 8))], [slot(1, at(2, 9)), slot(2, at(2, 10))], rules, moment)
    assert given(plan_moves(world)) == slots


def test_longer_notice_of_one_person_binds_only_that_person() -> None:
    people = [person("a", at(2, 8), notice=timedelta(hours=72)), person("b", at(2, 8, 30))]
    slots = [slot(1, at(2, 9)), slot(2, at(2, 10)), slot(3, at(3, 9))]
    world = facts(people, slots, MoveRules(notice=timedelta(hours=48)), at(0, 8))
    assert given(plan_moves(world)) == {"a": 3, "b": 1}


@pytest.mark.parametrize(
    ("rules", "agreed", "slots"),
    [
        pytest.param(NO_NOTICE, False, {"a": 4}, id="no leave: only later"),
        pytest.param(SAME_DAY, False, {"a": 2}, id="the centre allows it: the same day"),
        pytest.param(NO_NOTICE, True, {"a": 2}, id="agreed: any day, the nearest"),
    ],
)
def test_nobody_earlier_without_leave(rules, agreed, slots) -> None:
    people = [person("a", at(1, 12), may_be_earlier=agreed)]
    free = [slot(1, at(0, 16)), slot(2, at(1, 10)), slot(4, at(1, 15))]
    assert given(plan_moves(facts(people, free, rules))) == slots


def test_leave_within_the_day_ends_at_midnight() -> None:
    people = [person("a", at(1, 12))]
    free = [slot(1, at(0, 16)), slot(2, at(9, 9))]
    assert given(plan_moves(facts(people, free, SAME_DAY))) == {"a": 2}
    agreed = [person("a", at(1, 12), may_be_earlier=True)]
    assert given(plan_moves(facts(agreed, free, SAME_DAY))) == {"a": 1}


def test_on_a_tie_nobody_comes_earlier() -> None:
    people = [person("a", at(1, 12))]
    free = [slot(1, at(1, 11)), slot(2, at(1, 13))]
    assert given(plan_moves(facts(people, free, SAME_DAY))) == {"a": 2}


def test_same_centre_and_service() -> None:
    free = [
        slot(1, at(1, 10), centre="oran"),
        slot(2, at(1, 10), service="long_stay"),
        slot(3, at(4, 10)),
    ]
    assert given(plan_moves(facts([person("a", at(1, 9))], free))) == {"a": 3}


def test_slots_that_touch_a_window_are_no_targets() -> None:
    window = Window(at(1, 10), at(1, 12))
    free = [
        slot(1, at(1, 9, 45)),
        slot(2, at(1, 11, 45)),
        slot(3, at(1, 12)),
        slot(4, at(1, 9, 30)),
    ]
    world = facts([person("a", at(1, 9, 15))], free, windows=(window,))
    assert given(plan_moves(world)) == {"a": 4}
    world = facts([person("a", at(1, 10))], free, windows=(window,))
    assert given(plan_moves(world)) == {"a": 3}


def test_same_day_comes_before_the_least_maximum() -> None:
    """Either way 2 days in sum; whoever can stay on Tuesday does."""
    people = [person("monday", at(0, 10)), person("tuesday", at(1, 10))]
    free = [slot(1, at(1, 12)), slot(2, at(2, 12))]
    assert given(plan_moves(facts(people, free))) == {"monday": 2, "tuesday": 1}


def test_least_maximum_among_equal_totals() -> None:
    people = [person("late", at(0, 11)), person("soon", at(0, 9))]
    free = [slot(1, at(2, 9)), slot(2, at(2, 12))]
    assert given(plan_moves(facts(people, free))) == {"soon": 1, "late": 2}


def test_who_waits_from_before_takes_the_first_seat_if_the_day_has_room_for_all() -> None:
    people = [person("monday", at(0, 10)), person("tuesday", at(1, 9))]
    free = [slot(1, at(1, 12)), slot(2, at(1, 14))]
    assert given(plan_moves(facts(people, free))) == {"monday": 1, "tuesday": 2}


def test_order_of_booking_decides_between_equal_times() -> None:
    people = [person("a", at(0, 9), arrival=7), person("b", at(0, 9), arrival=3)]
    free = [slot(1, at(0, 12)), slot(2, at(0, 15))]
    assert given(plan_moves(facts(people, free))) == {"b": 1, "a": 2}


def test_who_booked_last_stays_unplaced() -> None:
    people = [person("a", at(0, 9), arrival=7), person("b", at(0, 9), arrival=3)]
    plan = plan_moves(facts(people, [slot(1, at(0, 12))]))
    assert given(plan) == {"b": 1}
    assert [item.id for item in plan.unplaced] == ["a"]


def test_same_day_and_maximum_are_exact_when_nobody_comes_earlier() -> None:
    """Beside the flow: most people on their day among all optima, and of these the least maximum.

    Whoever is unplaced counts with the waiting until the calendar ends; worlds without are
    enough.
    """
    scale, looked = 1_000, 0
    for seed in range(400):
        world = random_facts(seed)
        plan = plan_moves(world)
        if plan.unplaced:
            continue
        looked += 1

        def by_day(item: Affected, slot: FreeSlot) -> int:
            other = civil_date(item.start) != civil_date(slot.start)
            return minutes(item, slot) * scale + other

        totals = totals_of(plan)
        ours = totals.total * scale + totals.moved - totals.same_day
        assert ours == pairs(world, by_day, scale=scale), seed
        if totals.maximum:
            least = pairs(world, by_day, most=totals.maximum - 1, scale=scale)
            assert least > ours, f"{seed}: a smaller maximum has the same total and days"
    assert looked > 100


# --- Windows and worlds at the edge -----------------------------------------------------------


def test_window_that_swallows_a_week() -> None:
    starts = [at(day, 9) + timedelta(minutes=30 * n) for day in range(5) for n in range(16)]
    people = [person(f"p{n:03}", start, arrival=n) for n, start in enumerate(starts)]
    later = [start + timedelta(days=7) for start in starts]
    window = Window(at(0, 0), at(5, 0))
    world = facts(
        people, [slot(n, start) for n, start in enumerate(starts + later, 1)], windows=(window,)
    )
    plan = plan_moves(world)
    assert {abs(move.minutes) for move in plan.moves} == {7 * 24 * 60}
    assert len(plan.moves) == 80
    assert plan.proven


@pytest.mark.parametrize("slots", [[], [slot(1, at(1, 9), free=0)]], ids=["no slot", "no seat"])
def test_zero_free_capacity(slots) -> None:
    plan = plan_moves(facts([person("a", at(0, 9)), person("b", at(0, 9))], slots))
    assert not plan.moves
    assert [item.id for item in plan.unplaced] == ["a", "b"]
    assert plan.total == 0


def test_nobody_affected() -> None:
    plan = plan_moves(facts([], [slot(1, at(0, 9))]))
    assert (plan.moves, plan.unplaced, plan.bound) == ((), (), 0)


def test_window_in_the_past_moves_people_after_the_notice() -> None:
    world = facts(
        [person("a", at(-20, 9))], [slot(1, at(-19, 9)), slot(2, at(0, 9))], moment=MONDAY
    )
    assert given(plan_moves(world)) == {"a": 2}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"moment": MONDAY.replace(tzinfo=None)}, "zone"),
        ({"affected": (person("a", at(0, 9)), person("a", at(0, 10)))}, "listed twice"),
        ({"slots": (slot(1, at(0, 9)), slot(1, at(0, 10)))}, "listed twice"),
        ({"slots": (slot(1, at(0, 9), free=-1),)}, "free seats"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(change, text) -> None:
    values = {"moment": MONDAY, "affected": (), "slots": (), "rules": NO_NOTICE} | change
    with pytest.raises(ValueError, match=text):
        MoveFacts(**values)


def test_two_slots_at_one_time_are_refused() -> None:
    with pytest.raises(ValueError, match="two slots"):
        plan_moves(facts([person("a", at(0, 9))], [slot(1, at(0, 9)), slot(2, at(0, 9))]))


@pytest.mark.parametrize("odd", [timedelta(seconds=30), None])
def test_odd_moments_are_refused(odd) -> None:
    start = at(0, 9) + odd if odd else at(0, 9).replace(tzinfo=None)
    with pytest.raises(ValueError, match=r"minute|zone|aware"):
        plan_moves(facts([person("a", start)], [slot(1, at(1, 9))]))


def test_the_windows_of_source_000_with_the_numbers_of_the_table() -> None:
    """RD-04, RD-06: 3 December 15:30 to 19:30; two days' notice by the table."""
    from datetime import datetime

    from portal.dates import ALGIERS

    moment = datetime(2025, 12, 1, 9, tzinfo=ALGIERS)
    rules = MoveRules.by_law(moment, ["algiers"])
    assert rules == MoveRules(notice=timedelta(hours=48))
    start = datetime(2025, 12, 3, 15, 30, tzinfo=ALGIERS)
    window = Window(start, start + timedelta(hours=4))
    free = [slot(1, start - timedelta(hours=1)), slot(2, start + timedelta(days=1))]
    assert given(plan_moves(facts([person("a", start)], free, rules, moment, (window,)))) == {
        "a": 2
    }
