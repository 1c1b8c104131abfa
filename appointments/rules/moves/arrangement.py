"""Everybody of one desk onto its seats: families side by side, the others exactly around them."""

from __future__ import annotations

from dataclasses import replace

from .desk import Desk
from .families import Runs, best_run
from .line import Leave, Person, Place
from .singles import place_singles

NOWHERE = -1


def wishes_of(desk: Desk) -> list[int]:
    """Return the best place of each person if families could be torn apart, with NOWHERE for none.

    A family stays on one day, so nobody in it goes to an earlier day unless all of them may.
    """
    people = list(desk.people)
    for block in desk.blocks:
        if min(people[number].leave for number in block.members) < Leave.ANY_DAY:
            for number in block.members:
                leave = min(people[number].leave, Leave.SAME_DAY)
                people[number] = replace(people[number], leave=leave)
    return _place(people, desk.waiting(), desk.places)


def _place(people: list[Person], numbers: list[int], places: list[Place]) -> list[int]:
    found = place_singles([people[number] for number in numbers], places)
    given = [NOWHERE] * len(people)
    for number, place in zip(numbers, found, strict=True):
        given[number] = place
    return given


def arrange(desk: Desk, wishes: list[int]) -> list[int]:
    """Return the place of each person with families side by side: the best of three orders."""
    runs = Runs(desk.places, desk.ends)
    torn = {
        number
        for number, block in enumerate(desk.blocks)
        if not runs.is_run([wishes[member] for member in block.members] + block.beside)
    }
    if not torn:
        return wishes
    sought = _Sought(desk, wishes)
    least = cost(desk, wishes)
    best = sorted(range(len(desk.blocks)), key=sought.turn)
    given = _arranged(desk, sought, best)
    for key in (torn.__contains__, sought.size):
        if cost(desk, given)[:2] == least[:2]:
            break
        if key == sought.size and cost(desk, given)[0] == least[0]:
            break  # large families first wins seats, not minutes
        other = _arranged(desk, sought, sorted(best, key=key))
        given = min(given, other, key=lambda found: cost(desk, found))
    return given


class _Sought:
    """Where each family would sit if it could be torn apart, in minutes."""

    def __init__(self, desk: Desk, wishes: list[int]) -> None:
        self.desk = desk
        end = end_of(desk)
        minutes = [desk.places[place].at if place >= 0 else end for place in wishes]
        self.minutes = [[minutes[member] for member in block.members] for block in desk.blocks]

    def turn(self, number: int) -> tuple[bool, int, tuple[int, str]]:
        """Return the order of seating: beside fixed people first, then by time and booking."""
        block = self.desk.blocks[number]
        rank = min(self.desk.people[member].rank for member in block.members)
        return not block.beside, min(self.minutes[number]), rank

    def size(self, number: int) -> int:
        """Return the order in which the largest families sit first."""
        block = self.desk.blocks[number]
        return -len(self.desk.people) if block.beside else -len(block.members)


def _arranged(desk: Desk, sought: _Sought, order: list[int]) -> list[int]:
    """Seat families where their wishes are, and then everybody else exactly around them."""
    runs = Runs(desk.places, desk.ends)
    given = [NOWHERE] * len(desk.people)
    for number in order:
        block = desk.blocks[number]
        seats = best_run(desk.people, block, sought.minutes[number], runs)
        if seats is not None:
            runs.take(seats)
            for member, seat in zip(block.members, seats, strict=True):
                given[member] = seat
    left = [
        Place(place.at, place.day, free) for place, free in zip(desk.places, runs.free, strict=True)
    ]
    alone = desk.singles()
    placed = _place(desk.people, alone, left)
    for number in alone:
        given[number] = placed[number]
    return given


def cost(desk: Desk, given: list[int]) -> tuple[int, int, int]:
    """Return how many are unplaced, the total and the maximum in minutes: less is better.

    Whoever has no place counts as waiting until the calendar ends.
    """
    end = end_of(desk)
    far = [
        abs(
            (desk.places[given[number]].at if given[number] >= 0 else end) - desk.people[number].old
        )
        for number in desk.waiting()
    ]
    return sum(given[number] < 0 for number in desk.waiting()), sum(far), max(far, default=0)


def end_of(desk: Desk) -> int:
    """Return the minute after the last start of a slot."""
    last = [desk.places[-1].at] if desk.places else []
    return 1 + max(last + [person.old for person in desk.people])
