"""Families on one line: who stays side by side, and the run of slots they are given.

Side by side means: the slots of the family, in order of time, are one slot or consecutive ones,
where each begins at the minute at which the one before ends, on one day.  A run therefore never
crosses a lunch break or a night.  Only people who stood side by side before stay so; a family that
booked two different days has asked for no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .line import Leave, Person, Place

EVERY_SPLIT = 6  # a family up to this size tries every split over a run: 2 ** (size - 1) of them


@dataclass(slots=True)
class Block:
    """People who stay side by side, by number; `beside` are places of members that are fixed."""

    members: list[int]
    beside: list[int] = field(default_factory=list)


class Runs:
    """The free seats of one line as runs of consecutive slots; seats only ever go away."""

    def __init__(self, places: list[Place], ends: list[int]) -> None:
        self.places = places
        self.free = [place.free for place in places]
        self.follows = [
            number + 1 < len(places)
            and ends[number] == places[number + 1].at
            and places[number].day == places[number + 1].day
            for number in range(len(places))
        ]
        self._later: dict[int, list[int]] = {}
        self._sooner: dict[int, list[int]] = {}

    def take(self, seats: Iterable[int]) -> None:
        """Take one seat of each place named, as often as it is named."""
        for number in seats:
            self.free[number] -= 1

    def seats_from(self, first: int, size: int) -> Iterator[list[int]]:
        """Yield the ways in which `size` people can sit in a run that begins at place `first`."""
        if size <= EVERY_SPLIT:
            yield from self._splits(first, size)
            return
        seats: list[int] = []
        number = first
        while len(seats) < size and self.free[number]:
            seats += [number] * min(self.free[number], size - len(seats))
            if not self.follows[number]:
                break
            number += 1
        if len(seats) == size:
            yield seats

    def _splits(self, number: int, size: int) -> Iterator[list[int]]:
        for here in range(min(self.free[number], size), 0, -1):
            if here == size:
                yield [number] * here
            elif self.follows[number]:
                for rest in self._splits(number + 1, size - here):
                    yield [number] * here + rest

    def is_run(self, seats: list[int]) -> bool:
        """Tell whether places, perhaps named more than once, are side by side; -1 never is."""
        used = sorted(set(seats))
        joined = used[0] >= 0 and used[-1] - used[0] == len(used) - 1
        return joined and all(self.follows[number] for number in used[:-1])

    def has_room(self, first: int, size: int) -> bool:
        """Tell whether a run that begins at place `first` can seat `size` people."""
        number, seats = first, self.free[first]
        while 0 < seats < size and self.follows[number] and self.free[number + 1]:
            number += 1
            seats += self.free[number]
        return seats >= size

    def later(self, first: int, size: int) -> int:
        """Return the first place from `first` on where a run for `size` begins, or their number.

        What has no room never gets any, so paths over dead places are shortened for good.
        """
        skip = self._later.get(size) or list(range(len(self.places) + 1))
        self._later[size] = skip
        path = []
        while first < len(self.places):
            path.append(first)
            if skip[first] != first:
                first = skip[first]
            elif self.has_room(first, size):
                break
            else:
                skip[first] = first + 1
        for number in path:
            skip[number] = first
        return first

    def sooner(self, last: int, size: int) -> int:
        """Return the last place up to `last` where a run for `size` begins, or -1."""
        skip = self._sooner.get(size) or list(range(len(self.places)))
        self._sooner[size] = skip
        path = []
        while last >= 0:
            path.append(last)
            if skip[last] != last:
                last = skip[last]
            elif self.has_room(last, size):
                break
            else:
                skip[last] = last - 1
        for number in path:
            skip[number] = last
        return last


def may_sit(person: Person, place: Place) -> bool:
    """Tell whether the rules let this person have a seat there."""
    if place.at >= person.at or person.leave is Leave.ANY_DAY:
        return True
    return person.leave is Leave.SAME_DAY and place.day == person.day


def best_run(people: list[Person], block: Block, wishes: list[int], runs: Runs) -> list[int] | None:
    """Return the places of the block's members on the allowed run nearest to `wishes`, or None.

    `wishes` are the minutes at which each member would sit if nobody had a family.
    """
    search = _Search([people[number] for number in block.members], wishes, runs)
    if block.beside:
        search.try_beside(block.beside)
    else:
        search.look_around()
    return search.best


class _Search:
    """Looks for the nearest run, outwards from the wish, until nothing nearer can come."""

    def __init__(self, members: list[Person], wishes: list[int], runs: Runs) -> None:
        self.members = members
        self.wishes = wishes
        self.runs = runs
        self.best: list[int] | None = None
        self.least: tuple[int, int] | None = None
        orders = (
            sorted(range(len(members)), key=lambda n: (wishes[n], members[n].rank)),
            sorted(range(len(members)), key=lambda n: (-members[n].leave, members[n].at)),
        )
        self.orders = orders[:1] if orders[0] == orders[1] else orders

    def look_around(self) -> None:
        """Try runs that begin later than the wish, nearest first, and then sooner ones."""
        size, places = len(self.members), self.runs.places
        start = _first_from(places, min(self.wishes))
        number = self.runs.later(start, size)
        while number < len(places) and not self._beyond(places[number].at):
            self._try_from(number)
            number = self.runs.later(number + 1, size)
        number = self.runs.sooner(start - 1, size)
        while number >= 0 and not self._before(places[min(number + size, len(places)) - 1]):
            self._try_from(number)
            number = self.runs.sooner(number - 1, size)

    def _beyond(self, at: int) -> bool:
        far = sum(max(0, at - wish) for wish in self.wishes)
        return self.least is not None and far > self.least[0]

    def _before(self, last: Place) -> bool:
        """Tell whether no run that ends at `last` or sooner can be allowed and better."""
        if not all(may_sit(member, last) for member in self.members):
            return True
        far = sum(max(0, wish - last.at) for wish in self.wishes)
        return self.least is not None and far > self.least[0]

    def try_beside(self, fixed: list[int]) -> None:
        """Try the seats that make one run together with the places that are fixed."""
        low, high = min(fixed), max(fixed)
        if not all(self.runs.follows[number] for number in range(low, high)):
            return
        size, last = len(self.members), len(self.runs.places) - 1
        for first in range(low, max(-1, low - size - 1), -1):
            if first < low and not self._extends(first):
                break
            for end in range(high, min(last, high + size) + 1):
                if end > high and not (self.runs.follows[end - 1] and self.runs.free[end]):
                    break
                self._fill(range(first, end + 1), fixed)

    def _extends(self, number: int) -> bool:
        return self.runs.follows[number] and self.runs.free[number] > 0

    def _fill(self, run: range, fixed: list[int]) -> None:
        """Sit somebody on every place of the run that nobody holds yet, the rest from its start."""
        seats = [number for number in run if number not in fixed]
        rest = len(self.members) - len(seats)
        if rest < 0 or not all(self.runs.free[number] for number in seats):
            return
        for number in run:
            more = min(rest, self.runs.free[number] - seats.count(number))
            seats += [number] * more
            rest -= more
        if not rest:
            self._weigh(sorted(seats))

    def _try_from(self, first: int) -> None:
        for seats in self.runs.seats_from(first, len(self.members)):
            self._weigh(seats)

    def _weigh(self, seats: list[int]) -> None:
        places = self.runs.places
        for order in self.orders:
            given = [0] * len(seats)
            for member, seat in zip(order, seats, strict=True):
                given[member] = seat
            if all(may_sit(self.members[n], places[s]) for n, s in enumerate(given)):
                far = sum(abs(places[s].at - self.wishes[n]) for n, s in enumerate(given))
                moved = sum(abs(places[s].at - self.members[n].old) for n, s in enumerate(given))
                if self.least is None or (far, moved) < self.least:
                    self.least, self.best = (far, moved), given


def _first_from(places: list[Place], at: int) -> int:
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if places[middle].at < at:
            low = middle + 1
        else:
            high = middle
    return low
