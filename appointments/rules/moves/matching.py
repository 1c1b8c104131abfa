"""Who gets which of the seats that the plan takes: same day first, then the least maximum.

The seats are given (`line.taken_seats`), and with them the total.  Among the people who move
forward any exchange keeps the total, so the other rules decide: as many as can be on their own
day; then nobody longer than must be, which is whoever has the older time first; then who booked
first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush

from .line import Leave, Person, Place

NOWHERE = -1


def match(people: list[Person], places: list[Place], taken: list[int]) -> list[int]:
    """Return the place of each person, or NOWHERE; people and places sorted by `at`."""
    found = [NOWHERE] * len(people)
    forward, seats = _send_back(people, places, taken, found)
    _send_forward(people, places, forward, seats, found)
    return found


def _send_back(
    people: list[Person], places: list[Place], taken: list[int], found: list[int]
) -> tuple[list[int], list[tuple[int, int]]]:
    """Give seats that nobody waits for to the people who may go back; return the others."""
    today: deque[int] = deque()
    before: deque[int] = deque()
    forward: list[int] = []
    seats: list[tuple[int, int]] = []
    day, waiting = -1, 0

    def reach(new_day: int) -> None:
        nonlocal day
        if new_day > day:
            day = new_day
            before.extend(today)
            today.clear()

    for index, place in _in_turn(people, places):
        if isinstance(place, Person):
            reach(place.day)
            queue = _queue(place.leave, today, before)
            if queue:
                found[index] = queue.popleft()
            else:
                forward.append(index)
                waiting += 1
        elif taken[index]:
            reach(place.day)
            served = min(waiting, taken[index])
            waiting -= served
            if served:
                seats.append((index, served))
            today.extend([index] * (taken[index] - served))
    return forward, seats


def _queue(leave: Leave, today: deque[int], before: deque[int]) -> deque[int]:
    """Return the seats to go back to: a person who may go far leaves the near ones to others."""
    if leave is Leave.NEVER:
        return deque()
    return before if leave is Leave.ANY_DAY and before else today


def _in_turn(people: list[Person], places: list[Place]) -> Iterator[tuple[int, Person | Place]]:
    turn = 0
    for index, place in enumerate(places):
        while turn < len(people) and people[turn].at <= place.at:
            yield turn, people[turn]
            turn += 1
        yield index, place
    for rest in range(turn, len(people)):
        yield rest, people[rest]


def _send_forward(
    people: list[Person],
    places: list[Place],
    forward: list[int],
    seats: list[tuple[int, int]],
    found: list[int],
) -> None:
    """Serve day by day: those whose day it is get in, and otherwise the longest-waiting first."""
    carried: list[tuple[int, tuple[int, str], int]] = []
    starts = [people[index].at for index in forward]
    first = turn = 0
    while first < len(seats):
        day = places[seats[first][0]].day
        last = first
        while last < len(seats) and places[seats[last][0]].day == day:
            last += 1
        units = [index for index, count in seats[first:last] for _ in range(count)]
        end = bisect_right(starts, places[units[-1]].at)
        own = _serve_day(day, units, forward[turn:end], people, places, carried, found)
        for entry in own:
            heappush(carried, entry)
        first, turn = last, end


def _serve_day(
    day: int,
    units: list[int],
    arrivals: list[int],
    people: list[Person],
    places: list[Place],
    carried: list[tuple[int, tuple[int, str], int]],
    found: list[int],
) -> list[tuple[int, tuple[int, str], int]]:
    """Give the day's seats away; return the people of this day who found none."""
    spare = _spare_seats(day, units, arrivals, people, places)
    own: list[tuple[int, tuple[int, str], int]] = []
    turn = 0
    for number, unit in enumerate(units):
        while turn < len(arrivals) and people[arrivals[turn]].at <= places[unit].at:
            person = people[arrivals[turn]]
            entry = (person.old, person.rank, arrivals[turn])
            heappush(own if person.day == day else carried, entry)
            turn += 1
        queue = carried if carried and len(own) <= spare[number] else own or carried
        if queue:
            found[heappop(queue)[2]] = unit
    return own


def _spare_seats(
    day: int, units: list[int], arrivals: list[int], people: list[Person], places: list[Place]
) -> list[int]:
    """Return for each seat how many later ones the day's own later people leave free."""
    spare = [0] * len(units)
    free, turn = 0, len(arrivals) - 1
    for number in range(len(units) - 1, -1, -1):
        spare[number] = free
        free += 1
        before = places[units[number - 1]].at if number else -1
        while turn >= 0 and people[arrivals[turn]].at > before:
            free -= free > 0 and people[arrivals[turn]].day == day
            turn -= 1
    return spare
