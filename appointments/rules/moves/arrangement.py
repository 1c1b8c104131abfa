"""Everybody of one desk onto its seats: families side by side, the others exactly around them."""

from __future__ import annotations

from .desk import Desk
from .families import Block, Runs, best_run
from .line import Person, Place
from .singles import place_singles

NOWHERE = -1


def place_all(people: list[Person], numbers: list[int], places: list[Place]) -> list[int]:
    """Return the best place of each person as if nobody had a family, NOWHERE for the others."""
    found = place_singles([people[number] for number in numbers], places)
    given = [NOWHERE] * len(people)
    for number, place in zip(numbers, found, strict=True):
        given[number] = place
    return given


def arrange(desk: Desk, wishes: list[int]) -> list[int]:
    """Return the place of each person with families side by side: the better of two orders."""
    if not desk.blocks:
        return wishes
    first = sorted(desk.blocks, key=lambda block: _wish(desk, wishes, block))
    large = sorted(first, key=lambda block: -len(block.members))
    tries = [_arranged(desk, wishes, first)]
    if large != first and cost(desk, tries[0]) > cost(desk, wishes):
        tries.append(_arranged(desk, wishes, large))
    return min(tries, key=lambda given: cost(desk, given))


def _arranged(desk: Desk, wishes: list[int], blocks: list[Block]) -> list[int]:
    """Seat families where their wishes are, and then everybody else exactly around them."""
    runs = Runs(desk.places, desk.ends)
    given = [NOWHERE] * len(desk.people)
    for block in sorted(blocks, key=lambda block: not block.beside):
        seats = best_run(desk.people, block, _minutes(desk, wishes, block), runs)
        if seats is not None:
            runs.take(seats)
            for number, seat in zip(block.members, seats, strict=True):
                given[number] = seat
    left = [
        Place(place.at, place.day, free) for place, free in zip(desk.places, runs.free, strict=True)
    ]
    alone = desk.singles()
    placed = place_all(desk.people, alone, left)
    for number in alone:
        given[number] = placed[number]
    return given


def _minutes(desk: Desk, wishes: list[int], block: Block) -> list[int]:
    end = desk.places[-1].at + 1 if desk.places else 0
    return [
        desk.places[wishes[number]].at if wishes[number] >= 0 else end for number in block.members
    ]


def _wish(desk: Desk, wishes: list[int], block: Block) -> tuple[int, tuple[int, str]]:
    first = min(desk.people[number].rank for number in block.members)
    return min(_minutes(desk, wishes, block)), first


def cost(desk: Desk, given: list[int]) -> tuple[int, int, int]:
    """Return how many are unplaced, the total and the maximum: less is better."""
    far = [
        abs(desk.places[place].at - person.old)
        for person, place in zip(desk.people, given, strict=True)
        if place >= 0
    ]
    return len(given) - len(far), sum(far), max(far, default=0)
