"""Make a plan for one line optimal, and prove it, where the walk alone may miss it.

`line.taken_seats` is exact unless some people may go back within their day and others further: a
seat of the day that somebody took who could have gone further back is then lost to those who could
not.  Here the line becomes a network: one lane of time for people who move forward, one for
each kind of going back.  As long as a cycle of exchanges lowers the total, it is carried out;
when none is left, the plan is optimal (Klein's theorem on negative cycles).  The walk's result
is so near that a few rounds suffice.
"""

from __future__ import annotations

from bisect import bisect_left

from .line import Leave, Person, Place

PLENTY = 1 << 60
_SEAT, _FORWARD, _IN_DAY, _BACK = range(4)
_LANE_OF = {Leave.SAME_DAY: _IN_DAY, Leave.ANY_DAY: _BACK}


def improved_seats(people: list[Person], places: list[Place], found: list[int]) -> list[int]:
    """Return how many seats of each place an optimal plan takes, starting from a matching."""
    network = _Network(people, places, found)
    network.settle()
    return network.taken()


def needs_proof(people: list[Person]) -> bool:
    """Tell whether both kinds of going back occur, so that the walk alone is no proof."""
    return len({person.leave for person in people if person.leave}) > 1


class _Flows:
    """Who crosses which gap in which lane, who goes into which place, who chose which way."""

    def __init__(self, count: int) -> None:
        self.change = [[0] * (count + 1) for _ in range(4)]
        self.into = [[0] * count for _ in range(4)]
        self.back = [[0] * count for _ in range(4)]
        self.forward = [[0] * count for _ in range(4)]
        self.crossing = [0] * 4

    def add(self, leave: Leave, start: int, end: int) -> None:
        """Count one person who goes from time `start` to time `end`; past the last: nowhere."""
        lane = _LANE_OF[leave] if end < start else _FORWARD
        self.change[lane][min(start, end)] += 1
        self.change[lane][max(start, end)] -= 1
        if end < len(self.into[lane]):
            self.into[lane][end] += 1
        if leave:
            (self.back if end < start else self.forward)[_LANE_OF[leave]][start] += 1

    def over(self, j: int) -> list[int]:
        """Return the flow of each lane over the gap after time `j`; call it for each j in turn."""
        for lane in (_FORWARD, _IN_DAY, _BACK):
            self.crossing[lane] += self.change[lane][j]
        return self.crossing


class _Network:
    """The residual network of one line, as arrays of arcs; arc `e ^ 1` undoes arc `e`."""

    def __init__(self, people: list[Person], places: list[Place], found: list[int]) -> None:
        self.times = sorted({person.at for person in people} | {place.at for place in places})
        self.sink = 4 * (len(self.times) + 1)
        self.tail: list[int] = []
        self.head: list[int] = []
        self.cost: list[int] = []
        self.room: list[int] = []
        self.sinks: list[int] = []
        self._lay_out(people, places, found)
        self.distance = [0] * (self.sink + 1)
        self.through = [-1] * (self.sink + 1)

    def taken(self) -> list[int]:
        """Return the flow from each place to the sink."""
        return [self.room[arc ^ 1] for arc in self.sinks]

    def _index(self, moment: int) -> int:
        return bisect_left(self.times, moment)

    def _arc(self, tail: int, head: int, cost: int, room: int, flow: int) -> None:
        self.tail += (tail, head)
        self.head += (head, tail)
        self.cost += (cost, -cost)
        self.room += (room - flow, flow)

    def _lay_out(self, people: list[Person], places: list[Place], found: list[int]) -> None:
        count = len(self.times)
        flows = _Flows(count)
        for person, place in zip(people, found, strict=True):
            end = count if place < 0 else self._index(places[place].at)
            flows.add(person.leave, self._index(person.at), end)
        at_place = {place.at: place.free for place in places}
        days = self._days(people, places)
        waiting = 0
        for j, moment in enumerate(self.times):
            self._choice(4 * j, flows, j)
            if moment in at_place:
                self._place(4 * j, at_place[moment], [row[j] for row in flows.into])
            last = j + 1 == count
            gap = 1 if last else self.times[j + 1] - moment
            waiting = self._onwards(
                4 * j, gap, flows, j, same_day=not last and days[j] == days[j + 1]
            )
        never = 2 * sum(abs(gap) for gap in self.cost) + 1
        self._arc(4 * count + _FORWARD, self.sink, never, PLENTY, waiting)

    def _choice(self, node: int, flows: _Flows, j: int) -> None:
        """Let the people who start here choose between going forward and going back."""
        for lane in (_IN_DAY, _BACK):
            stay, go = flows.forward[lane][j], flows.back[lane][j]
            if stay or go:
                self._arc(node + _FORWARD, node + lane, 0, stay + go, go)

    def _onwards(self, node: int, gap: int, flows: _Flows, j: int, *, same_day: bool) -> int:
        """Link this time to the next one, and return how many people cross forward."""
        crossing = flows.over(j)
        self._arc(node + _FORWARD, node + 4 + _FORWARD, gap, PLENTY, crossing[_FORWARD])
        self._arc(node + 4 + _BACK, node + _BACK, gap, PLENTY, crossing[_BACK])
        if same_day:
            self._arc(node + 4 + _IN_DAY, node + _IN_DAY, gap, PLENTY, crossing[_IN_DAY])
        return crossing[_FORWARD]

    def _days(self, people: list[Person], places: list[Place]) -> list[int]:
        # Who waits for the end of the notice may stand on another day, but never goes back.
        day = {p.at: p.day for p in people if p.at == p.old} | {p.at: p.day for p in places}
        return [day.get(moment, -1 - j) for j, moment in enumerate(self.times)]

    def _place(self, node: int, free: int, into: list[int]) -> None:
        for lane in (_FORWARD, _IN_DAY, _BACK):
            self._arc(node + lane, node + _SEAT, 0, PLENTY, into[lane])
        self.sinks.append(len(self.tail))
        self._arc(node + _SEAT, self.sink, 0, free, sum(into))

    def settle(self) -> None:
        """Carry out exchanges until none lowers the total."""
        onwards = range(len(self.tail))
        order = [*onwards, *reversed(onwards)]
        while self._relax(order):
            for arcs in self._cycles():
                self._exchange(arcs)

    def _relax(self, order: list[int]) -> bool:
        tail, head, cost, room = self.tail, self.head, self.cost, self.room
        distance, through = self.distance, self.through
        changed = False
        for arc in order:
            if room[arc]:
                reached = distance[tail[arc]] + cost[arc]
                if reached < distance[head[arc]]:
                    distance[head[arc]] = reached
                    through[head[arc]] = arc
                    changed = True
        return changed

    def _cycles(self) -> list[list[int]]:
        """Return the cycles among the arcs by which each node was reached last."""
        seen = [0] * len(self.through)
        found: list[list[int]] = []
        for start in range(len(seen)):
            node = start
            while not seen[node] and self.through[node] >= 0:
                seen[node] = start + 1
                node = self.tail[self.through[node]]
            if seen[node] == start + 1 and self.through[node] >= 0:
                found.append(self._cycle_from(node))
            seen[node] = seen[node] or start + 1
        return found

    def _cycle_from(self, node: int) -> list[int]:
        arcs = [self.through[node]]
        while self.tail[arcs[-1]] != node:
            arcs.append(self.through[self.tail[arcs[-1]]])
        return arcs

    def _exchange(self, arcs: list[int]) -> None:
        room = min(self.room[arc] for arc in arcs)
        if room and sum(self.cost[arc] for arc in arcs) < 0:
            for arc in arcs:
                self.room[arc] -= room
                self.room[arc ^ 1] += room
        for arc in arcs:
            self.through[self.head[arc]] = -1
