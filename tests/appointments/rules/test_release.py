"""Random release: inside the windows, provable, and by one rule for all (AT-07, RD-08)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.rules.law import LAW
from appointments.rules.release import (
    NoWindowLeft,
    ReleasePlan,
    ReturnRule,
    SlotSeats,
    Window,
    return_moment,
    schedule,
)

SEED = bytes(range(32))
OTHER_SEED = bytes(32)
DAY = date(2026, 1, 4)
RULE = ReturnRule(
    seats_opened_together=4,
    shortest_return=timedelta(minutes=30),
    longest_return=timedelta(days=2),
    tolerance=timedelta(minutes=2),
)


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime.fromisoformat(f"2026-01-{day:02}T{hour:02}:{minute:02}:00+01:00")


WINDOWS = (Window(at(9), at(11)), Window(at(14), at(15)), Window(at(9, day=6), at(10, day=6)))
PLAN = ReleasePlan("oran", DAY, WINDOWS, RULE)
SEATS = [SlotSeats(f"slot {number:02}", (1, 2, 3)) for number in range(60)]


def test_the_rule_comes_from_the_table() -> None:
    assert ReturnRule.by(LAW.on(DAY)) == RULE


def test_every_seat_opens_once_inside_a_window() -> None:
    drawn = schedule(PLAN, SEATS, SEED)
    opened = [(batch.seats.slot, number) for batch in drawn for number in batch.seats.numbers]
    assert sorted(opened) == [(one.slot, number) for one in SEATS for number in one.numbers]
    for batch in drawn:
        assert any(window.start <= batch.opens_at < window.end for window in WINDOWS)
        assert batch.opens_at.microsecond == 0
    assert [batch.opens_at for batch in drawn] == sorted(batch.opens_at for batch in drawn)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        pytest.param((1, 1, 1), [60, 60, 60], id="AT-07 evenly"),
        pytest.param((1, 2, 0), [60, 120, 0], id="AT-07 by share; a window kept for returns"),
        pytest.param((4, 1, 1), [120, 30, 30], id="by share"),
    ],
)
def test_windows_get_their_share_of_the_seats(shares: tuple[int, ...], expected: list[int]) -> None:
    windows = tuple(replace(one, share=share) for one, share in zip(WINDOWS, shares, strict=True))
    drawn = schedule(replace(PLAN, windows=windows), SEATS, SEED)
    counted = [
        sum(len(one.seats.numbers) for one in drawn if window.start <= one.opens_at < window.end)
        for window in windows
    ]
    assert counted == expected


def test_neighbouring_seats_open_together_so_that_a_family_finds_them() -> None:
    drawn = schedule(PLAN, [SlotSeats("slot", (1, 2, 3, 4, 5, 6))], SEED)
    assert sorted(batch.seats.numbers for batch in drawn) == [(1, 2, 3, 4), (5, 6)]


def test_the_same_seed_gives_the_same_schedule_another_seed_another() -> None:
    assert schedule(PLAN, SEATS, SEED) == schedule(PLAN, SEATS[::-1], SEED)
    assert schedule(PLAN, SEATS, SEED) != schedule(PLAN, SEATS, OTHER_SEED)


def test_every_centre_has_the_same_rule_and_moments_of_its_own() -> None:
    """RD-08: the same shares and windows; Algiers tells nothing about Oran."""
    oran = schedule(PLAN, SEATS, SEED)
    algiers = schedule(replace(PLAN, centre="algiers"), SEATS, SEED)
    assert {one.opens_at for one in oran} != {one.opens_at for one in algiers}
    assert Counter(one.opens_at.hour for one in oran).keys() == {8, 9, 13}
    assert Counter(one.opens_at.hour for one in algiers).keys() == {8, 9, 13}


def test_moments_are_spread_evenly_over_a_window() -> None:
    window = Window(at(9), at(10))
    seats = [SlotSeats(f"slot {number}", (1,)) for number in range(3000)]
    drawn = schedule(replace(PLAN, windows=(window,)), seats, SEED)
    by_ten_minutes = Counter(one.opens_at.minute // 10 for one in drawn)
    # Chi-squared with 5 degrees of freedom: 20.5 is passed once in a thousand seeds; ours is fixed.
    assert sum((by_ten_minutes[part] - 500) ** 2 / 500 for part in range(6)) < 20.5


def test_a_window_is_half_open() -> None:
    drawn = schedule(
        replace(PLAN, windows=(Window(at(9), at(9) + timedelta(seconds=2)),)), SEATS, SEED
    )
    assert {one.opens_at for one in drawn} == {at(9), at(9) + timedelta(seconds=1)}


@pytest.mark.parametrize(
    "windows",
    [
        pytest.param((Window(at(9), at(11)), Window(at(10), at(12))), id="overlapping"),
        pytest.param((Window(at(9), at(11), 0),), id="no share"),
        pytest.param((), id="none"),
    ],
)
def test_contradictory_windows_are_refused(windows: tuple[Window, ...]) -> None:
    with pytest.raises(ValueError):
        replace(PLAN, windows=windows)


def test_windows_may_touch() -> None:
    assert replace(PLAN, windows=(Window(at(9), at(10)), Window(at(10), at(11)))).windows


def test_contradictory_seats_are_refused() -> None:
    with pytest.raises(ValueError):
        Window(at(9), at(9))
    with pytest.raises(ValueError):
        Window(datetime(2026, 1, 4, 9), datetime(2026, 1, 4, 10))
    with pytest.raises(ValueError):
        Window(at(9), at(10), -1)
    with pytest.raises(ValueError):
        SlotSeats("slot", (1, 1))
    with pytest.raises(ValueError):
        SlotSeats("slot", ())
    with pytest.raises(ValueError):
        schedule(PLAN, [SlotSeats("slot", (1,)), SlotSeats("slot", (2,))], SEED)
    with pytest.raises(ValueError):
        schedule(PLAN, SEATS, b"short")
    with pytest.raises(ValueError):
        replace(PLAN, rule=replace(RULE, seats_opened_together=0))


# --- freed seats ------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    minutes=st.integers(0, 3 * 24 * 60),
    event=st.text(max_size=8),
    seed=st.binary(min_size=32, max_size=32),
)
def test_a_freed_seat_comes_back_later_inside_a_window(
    minutes: int, event: str, seed: bytes
) -> None:
    freed = at(7) + timedelta(minutes=minutes)
    if freed + RULE.shortest_return >= WINDOWS[-1].end:
        with pytest.raises(NoWindowLeft):
            return_moment(PLAN, seed, event, freed)
        return
    moment = return_moment(PLAN, seed, event, freed)
    assert moment >= freed + RULE.shortest_return
    assert any(window.start <= moment < window.end for window in WINDOWS)
    assert moment == return_moment(PLAN, seed, event, freed)


@pytest.mark.parametrize(
    ("freed", "possible"),
    [
        pytest.param(at(10, 29), {10, 14, 9}, id="AT-07 a minute of this window is left"),
        pytest.param(at(10, 30), {14, 9}, id="AT-07 none is left: the end is excluded"),
        pytest.param(at(8, 59, day=4), {9, 10, 14}, id="AT-07 the third window lies too far"),
    ],
)
def test_a_freed_seat_may_come_back_in_any_window_near_enough(
    freed: datetime, possible: set[int]
) -> None:
    hours = {return_moment(PLAN, SEED, str(event), freed).hour + 1 for event in range(500)}
    assert hours == possible


def test_where_no_window_is_near_the_next_one_serves() -> None:
    plan = replace(PLAN, windows=(Window(at(9), at(10)), Window(at(9, day=9), at(10, day=9))))
    assert return_moment(plan, SEED, "event", at(10)).day == 9


def test_fractions_of_a_second_change_nothing() -> None:
    freed = at(8)
    moment = return_moment(PLAN, SEED, "event", freed.replace(microsecond=999999))
    assert moment == return_moment(PLAN, SEED, "event", freed)


def test_whoever_cancels_cannot_tell_when_the_seat_comes_back() -> None:
    """Another event, another seed, another centre: another moment."""
    moments = {
        return_moment(plan, seed, event, at(8))
        for plan in (PLAN, replace(PLAN, centre="algiers"))
        for seed in (SEED, OTHER_SEED)
        for event in ("one", "two")
    }
    assert len(moments) == 8


def test_moments_are_in_utc() -> None:
    assert return_moment(PLAN, SEED, "event", at(8)).tzinfo is UTC
    assert all(one.opens_at.tzinfo is UTC for one in schedule(PLAN, SEATS, SEED))
