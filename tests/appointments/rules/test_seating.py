"""Chances per person, counted exactly, and who sits beside whom (RD-08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.rules.draw_inputs import DayPart, DrawSlot, Preferences, Request, Traveller
from appointments.rules.lots import Lots
from appointments.rules.seating import Seating, SeatingPlan, Seats, seats_among, stretches

NOON = time(12)
LOTS = Lots(bytes(32))


def household(name: str, size: int, preferences: Preferences | None = None) -> Request:
    people = tuple(Traveller(f"{name}.{one}") for one in range(size))
    return Request(name, people, preferences or Preferences())


def at(clock: str, seats: int, minutes: int = 30, day: int = 4) -> DrawSlot:
    """A slot by the clock in Algiers, which is one hour ahead of UTC."""
    hour, minute = map(int, clock.split(":"))
    start = datetime(2026, 1, day, hour - 1, minute, tzinfo=UTC)
    return DrawSlot(f"{day} {clock}", start, minutes, seats)


def fill(order: Sequence[Request], *slots: DrawSlot) -> Seating:
    return SeatingPlan(order, stretches(slots, NOON), LOTS).fill()


# --- chances, by counting every case ----------------------------------------------------------


class Decided(Lots):
    """Lots that always win, or never."""

    def __init__(self, wins: bool) -> None:
        self.wins = wins

    def below(self, bound: int, *labels: str | int) -> int:
        return -(10**9) if self.wins else 10**9


class Counted(SeatingPlan):
    """A plan that tells with which chance its one lot wins; None if it drew none."""

    chance: Fraction | None = None

    def _last_chance(self, size: int, ahead: int) -> tuple[int, int]:
        wins, of = super()._last_chance(size, ahead)
        self.chance = min(max(Fraction(wins, of), Fraction(0)), Fraction(1))
        return wins, of


def outcomes(order: Sequence[Request], seats: int) -> Iterator[tuple[Fraction, Seating]]:
    where = at("09:00", seats)
    plan = Counted(order, stretches([where], NOON), Decided(True))
    seating = plan.fill()
    yield Fraction(1) if plan.chance is None else plan.chance, seating
    if plan.chance is not None:
        yield 1 - plan.chance, Counted(order, stretches([where], NOON), Decided(False)).fill()


def chances(sizes: tuple[int, ...], seats: int) -> dict[int, Fraction]:
    """The exact chance of one member of a household of each size."""
    households = [household(str(index), size) for index, size in enumerate(sizes)]
    orders = list(permutations(households))
    served = dict.fromkeys(sizes, Fraction(0))
    for order in orders:
        for odds, seating in outcomes(order, seats):
            for reference in seating:
                size = sizes[int(reference)]
                served[size] += odds / len(orders) / sizes.count(size)
    return served


@pytest.mark.parametrize(
    ("sizes", "seats"),
    [
        pytest.param((1, 1, 1, 1, 4), 4, id="RD-08 a family of four and four alone, four seats"),
        pytest.param((1, 1, 1, 1, 1, 4), 4, id="five alone"),
        pytest.param((1, 1, 1, 1, 1, 3), 4, id="a family of three"),
        pytest.param((1, 1, 1, 1, 2), 3, id="a couple"),
        pytest.param((1, 1, 1, 1, 1), 2, id="only people who come alone"),
        pytest.param((2, 2, 2), 4, id="only couples"),
    ],
)
def test_each_person_has_exactly_the_same_chance(sizes: tuple[int, ...], seats: int) -> None:
    assert set(chances(sizes, seats).values()) == {Fraction(seats, sum(sizes))}


@pytest.mark.parametrize(
    ("sizes", "seats", "most"),
    [
        pytest.param((1, 1, 1, 1, 2, 2), 4, Fraction(3, 100), id="two couples"),
        pytest.param((1, 1, 1, 1, 2, 3), 5, Fraction(4, 100), id="a couple and a family"),
        pytest.param((1, 1, 1, 3, 3), 4, Fraction(10, 100), id="two families and few seats"),
    ],
)
def test_with_several_households_the_chances_stay_near(
    sizes: tuple[int, ...], seats: int, most: Fraction
) -> None:
    fair = Fraction(seats, sum(sizes))
    deviations = {size: chance / fair - 1 for size, chance in chances(sizes, seats).items()}
    assert all(abs(deviation) <= most for deviation in deviations.values()), deviations


@pytest.mark.parametrize("alone", [4, 5])
def test_a_family_gains_nothing_by_asking_one_by_one(alone: int) -> None:
    together = chances((1,) * alone + (3,), 3)[3]
    apart = chances((1,) * (alone + 3), 3)[1]
    assert apart <= together


# --- places -----------------------------------------------------------------------------------


def test_whoever_is_drawn_earlier_comes_earlier() -> None:
    seating = fill(
        [household(name, 1) for name in "abc"], at("09:00", 1), at("09:30", 1), at("10:00", 1)
    )
    assert [seating[name][0].slot for name in "abc"] == ["4 09:00", "4 09:30", "4 10:00"]


def test_a_household_sits_in_one_slot_where_one_has_room() -> None:
    seating = fill([household("a", 2), household("b", 2)], at("09:00", 3), at("09:30", 3))
    assert seating == {"a": (Seats("4 09:00", 2),), "b": (Seats("4 09:30", 2),)}


def test_or_in_slots_that_follow_each_other() -> None:
    seating = fill([household("a", 5)], at("09:00", 2), at("09:30", 2), at("10:00", 2))
    assert seating["a"] == (Seats("4 09:00", 2), Seats("4 09:30", 2), Seats("4 10:00", 1))


def test_no_seat_is_lost_between_households() -> None:
    seating = fill([household(name, 2) for name in "abc"], at("09:00", 3), at("09:30", 3))
    assert sorted(seating) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "slots",
    [
        pytest.param((at("11:30", 1), at("12:00", 1)), id="morning and afternoon"),
        pytest.param((at("09:00", 1), at("10:00", 1)), id="a gap between"),
        pytest.param((at("09:00", 1), at("09:30", 1, day=5)), id="two days"),
    ],
)
def test_a_household_is_not_torn_apart(slots: tuple[DrawSlot, ...]) -> None:
    assert fill([household("a", 2)], *slots) == {}


def test_noon_belongs_to_the_afternoon() -> None:
    morning = household("a", 1, Preferences(part=DayPart.MORNING))
    afternoon = household("b", 1, Preferences(part=DayPart.AFTERNOON))
    seating = fill([afternoon, morning], at("11:59", 1, minutes=1), at("12:00", 1))
    assert seating == {"a": (Seats("4 11:59", 1),), "b": (Seats("4 12:00", 1),)}


def test_the_last_seats_go_to_whoever_still_fits() -> None:
    seating = fill([household("a", 3), household("b", 2), household("c", 2)], at("09:00", 5))
    assert sorted(seating) == ["a", "b"]
    seating = fill([household("a", 3), household("b", 4), household("c", 2)], at("09:00", 5))
    assert sorted(seating) == ["a", "c"]


def test_freed_seats_in_one_slot_come_before_an_earlier_pair_of_slots() -> None:
    freed = stretches([at("09:00", 1), at("09:30", 1), at("11:00", 2)], NOON)
    assert seats_among(freed, household("a", 2)) == (Seats("4 11:00", 2),)
    assert seats_among(freed, household("b", 3)) == ()
    assert seats_among(freed[:1], household("a", 2)) == (Seats("4 09:00", 1), Seats("4 09:30", 1))


@settings(max_examples=150, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6), max_size=25),
    seats=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    gaps=st.sets(st.integers(0, 11)),
)
def test_nobody_sits_twice_and_no_slot_is_overfilled(
    sizes: list[int], seats: list[int], gaps: set[int]
) -> None:
    slots = [
        at(f"{8 + number // 2:02}:{number % 2 * 30:02}", count)
        for number, count in enumerate(seats)
        if number not in gaps
    ]
    households = {str(index): household(str(index), size) for index, size in enumerate(sizes)}
    seating = fill(list(households.values()), *slots)
    taken = dict.fromkeys((slot.key for slot in slots), 0)
    starts = {slot.key: slot.starts_at for slot in slots}
    for reference, parts in seating.items():
        assert sum(part.seats for part in parts) == households[reference].size
        for part in parts:
            taken[part.slot] += part.seats
        minutes = [(starts[part.slot] - starts[parts[0].slot]).seconds // 60 for part in parts]
        assert minutes == [30 * index for index in range(len(parts))]
        assert len({DayPart.MORNING if starts[one.slot].hour < 11 else 1 for one in parts}) == 1
    assert all(taken[slot.key] <= slot.seats for slot in slots)
    waiting = [one for name, one in households.items() if name not in seating]
    room = {one.slots[0].key: one.free for one in stretches(slots, NOON)}
    for one in stretches(slots, NOON):
        room[one.slots[0].key] -= sum(taken[slot.key] for slot in one.slots)
    assert all(one.size > max(room.values(), default=0) for one in waiting)
