"""The least total displacement of single people on one line of time: exact.

One line is one centre and service.  Times are whole minutes.  Three kinds of people: those who
only move forward, those who may also be earlier within their day, those who may be earlier at
all.  Everybody may always be later, so only going back is restricted.

First `taken_seats` finds how many seats of each slot an optimal plan takes.  It walks along time
once and may take back what it did: a seat taken by a person remembers what it costs to give that
person back the seat before, and a person remembers what it gains to leave.  These two heaps of
regrets make it exact in O((n + m) log(n + m)).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush


class Leave(IntEnum):
    """How far back a person may be moved."""

    NEVER = 0
    SAME_DAY = 1
    ANY_DAY = 2


@dataclass(slots=True)
class Person:
    """One single on the line.

    `old` is the old time; `at` the time from which the person walks: `old`, or the end of the
    notice if that is later.  `day` numbers the day of `old`.  `rank` breaks ties.
    """

    old: int
    at: int
    day: int
    leave: Leave
    rank: tuple[int, str]


@dataclass(slots=True)
class Place:
    """A slot on the line with its free seats."""

    at: int
    day: int
    free: int


# Price, number (breaks ties), place whose seat is taken at last, whether the place is free itself
# (then as long as it has seats left) or somebody would be sent back to it.
_Offer = tuple[int, int, int, bool]


def taken_seats(people: list[Person], places: list[Place]) -> list[int]:
    """Return how many seats of each place an optimal plan takes; both lists sorted by `at`."""
    walk = _Walk(places)
    turn = 0
    for index, place in enumerate(places):
        while turn < len(people) and people[turn].at <= place.at:
            walk.meet_person(people[turn])
            turn += 1
        walk.meet_place(index, place)
    for person in people[turn:]:
        walk.meet_person(person)
    return walk.taken


class _Walk:
    """The state of the walk along the line.

    `today` and `before` hold seats that a later person could take, by price: the cost of the seat
    is `person.at + price`.  `back` holds people who went back, by what they gain by leaving.
    """

    def __init__(self, places: list[Place]) -> None:
        self.taken = [0] * len(places)
        self.left = [place.free for place in places]
        self.waiting = 0
        self.day = -1
        self.number = 0
        self.today: list[_Offer] = []
        self.before: list[_Offer] = []
        self.back: list[tuple[int, int, int]] = []

    def meet_person(self, person: Person) -> None:
        """Let the person go back to the cheapest seat allowed, or wait for a later one."""
        self._reach(person.day)
        heap = self._cheapest(person.leave)
        if heap is None:
            self.waiting += 1
            return
        price, _, place, own = heap[0]
        self.taken[place] += 1
        if own:
            self.left[place] -= 1
        if not own or not self.left[place]:
            heappop(heap)
        self.number += 1
        heappush(self.back, (-price - 2 * person.at, self.number, place))

    def meet_place(self, index: int, place: Place) -> None:
        """Serve those who wait, then those who gain by coming here; keep the rest for later."""
        self._reach(place.day)
        served = min(self.waiting, place.free)
        self.waiting -= served
        self.taken[index] = served
        free = place.free - served
        while free and self.back and place.at + self.back[0][0] <= 0:
            gain, _, other = heappop(self.back)
            self.taken[other] -= 1
            self.taken[index] += 1
            free -= 1
            self._offer(-gain - 2 * place.at, other, False)
        self.left[index] = free
        if free:
            self._offer(-place.at, index, True)

    def _offer(self, price: int, place: int, own: bool) -> None:
        self.number += 1
        heappush(self.today, (price, -self.number, place, own))

    def _reach(self, day: int) -> None:
        if day > self.day:
            self.day = day
            for entry in self.today:
                heappush(self.before, entry)
            self.today = []

    def _cheapest(self, leave: Leave) -> list[_Offer] | None:
        if leave is Leave.NEVER:
            return None
        if leave is Leave.SAME_DAY or not self.before:
            return self.today or None
        if not self.today or self.before[0] < self.today[0]:
            return self.before
        return self.today
