"""The optimum of moving everyone by a min-cost flow: what the planner is held to.

Two models that share nothing with the planner.  `pairs` has an arc from every person to every
allowed slot, straight from the rules; it is for small instances.  `lanes` has a lane of time for
each way of moving, so that 100,000 people fit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from itertools import pairwise

from ortools.graph.python import min_cost_flow

from appointments.rules.moves import Affected, FreeSlot, MoveFacts
from portal.dates import ALGIERS, civil_date

NEVER = 10**7  # minutes that being unplaced costs
Cost = Callable[[Affected, FreeSlot], int]


def allowed(item: Affected, slot: FreeSlot, facts: MoveFacts) -> bool:
    """Spell out the rules for one person and one slot."""
    notice = max(item.notice, facts.rules.notice)
    end = slot.start + timedelta(minutes=slot.minutes)
    if (item.centre, item.service) != (slot.centre, slot.service):
        return False
    if any(slot.start < window.end and window.start < end for window in facts.windows):
        return False
    if slot.start < facts.moment + notice:
        return False
    return slot.start >= item.start or _may_be_earlier(item, slot, facts)


def _may_be_earlier(item: Affected, slot: FreeSlot, facts: MoveFacts) -> bool:
    same_day = civil_date(slot.start) == civil_date(item.start)
    if item.notice > facts.rules.notice:
        in_time = civil_date(facts.moment + item.notice) < civil_date(item.start)
        leave = item.may_be_earlier or item.centre in facts.rules.earlier_same_day
        return same_day and leave and in_time
    if item.may_be_earlier:
        return True
    return same_day and item.centre in facts.rules.earlier_same_day


def minutes(item: Affected, slot: FreeSlot) -> int:
    """Return the displacement."""
    return abs(int((slot.start - item.start).total_seconds() // 60))


def waiting(old: datetime, facts: MoveFacts) -> int:
    """Return what being unplaced costs: more than anything, and all the waiting from then on."""
    return NEVER - int((old - facts.moment).total_seconds() // 60)


def pairs(facts: MoveFacts, cost: Cost = minutes, most: int | None = None, scale: int = 1) -> int:
    """Return the least cost of placing everyone; `most` forbids larger displacements."""
    flow = _Flow()
    for item in facts.affected:
        flow.arc("source", item.id, 1, 0)
        flow.arc(item.id, "sink", 1, waiting(item.start, facts) * scale)
        for slot in facts.slots:
            near = most is None or minutes(item, slot) <= most
            if near and slot.free and allowed(item, slot, facts):
                flow.arc(item.id, slot.id, 1, cost(item, slot))
    for slot in facts.slots:
        flow.arc(slot.id, "sink", slot.free, 0)
    return flow.least(len(facts.affected))


def lanes(facts: MoveFacts) -> int:
    """Return the least total of placing everyone, through lanes of time; no longer notices."""
    flow = _Flow()
    desks: dict[tuple[str, str], tuple[list[Affected], list[FreeSlot]]] = defaultdict(
        lambda: ([], [])
    )
    for item in facts.affected:
        desks[item.centre, item.service][0].append(item)
    for slot in facts.slots:
        if slot.start >= facts.moment + facts.rules.notice:
            desks[slot.centre, slot.service][1].append(slot)
    for desk, (items, slots) in desks.items():
        _desk(flow, desk, items, slots, facts)
    return flow.least(len(facts.affected))


def _desk(flow, desk, items, slots, facts):
    ready = facts.moment + facts.rules.notice
    groups = Counter((item.start, _lane(item, facts, ready)) for item in items)
    for (old, lane), count in groups.items():
        start, node = max(old, ready), (desk, old, lane, "people")
        flow.arc("source", node, count, 0)
        flow.arc(node, "sink", count, waiting(old, facts))
        flow.arc(node, (desk, start, "on"), count, int((start - old).total_seconds() // 60))
        if lane != "on":
            flow.arc(node, (desk, start, lane), count, 0)
    many = len(items)
    for slot in slots:
        flow.arc((desk, slot.start), "sink", slot.free, 0)
        for lane in ("on", "back", "day"):
            flow.arc((desk, slot.start, lane), (desk, slot.start), many, 0)
    times = sorted(
        {slot.start for slot in slots}
        | {max(item.start, facts.moment + facts.rules.notice) for item in items}
    )
    for sooner, later in pairwise(times):
        gap = int((later - sooner).total_seconds() // 60)
        flow.arc((desk, sooner, "on"), (desk, later, "on"), many, gap)
        flow.arc((desk, later, "back"), (desk, sooner, "back"), many, gap)
        if civil_date(sooner) == civil_date(later):
            flow.arc((desk, later, "day"), (desk, sooner, "day"), many, gap)


def _lane(item: Affected, facts: MoveFacts, ready: datetime) -> str:
    if item.start < ready:
        return "on"
    if item.may_be_earlier:
        return "back"
    return "day" if item.centre in facts.rules.earlier_same_day else "on"


class _Flow:
    def __init__(self) -> None:
        self.numbers: dict[object, int] = {"source": 0, "sink": 1}
        self.arcs: list[tuple[int, int, int, int]] = []

    def _number(self, node: object) -> int:
        return self.numbers.setdefault(node, len(self.numbers))

    def arc(self, tail: object, head: object, room: int, cost: int) -> None:
        self.arcs.append((self._number(tail), self._number(head), room, cost))

    def least(self, people: int) -> int:
        solver = min_cost_flow.SimpleMinCostFlow()
        for arc in self.arcs:
            solver.add_arc_with_capacity_and_unit_cost(*arc)
        solver.set_node_supply(0, people)
        solver.set_node_supply(1, -people)
        status = solver.solve()
        assert status == solver.OPTIMAL, status
        return solver.optimal_cost()


def greedy(facts: MoveFacts, *, nearest: bool) -> tuple[int, int, int]:
    """Return (unplaced, total, maximum) of first come, first served.

    `nearest` takes the nearest allowed slot, otherwise the next one after the old time.
    """
    free: dict[tuple[str, str], list[FreeSlot]] = defaultdict(list)
    for slot in sorted(facts.slots, key=lambda slot: slot.start):
        if slot.free and slot.start >= facts.moment + facts.rules.notice:
            free[slot.centre, slot.service].append(slot)
    desks = {desk: _Greedy(slots) for desk, slots in free.items()}
    far = [
        desks[item.centre, item.service].take(item, facts, nearest=nearest)
        for item in sorted(facts.affected, key=lambda item: item.arrival)
        if (item.centre, item.service) in desks
    ]
    placed = [minutes for minutes in far if minutes is not None]
    return len(facts.affected) - len(placed), sum(placed), max(placed, default=0)


class _Greedy:
    def __init__(self, slots: list[FreeSlot]) -> None:
        self.slots = slots
        self.starts = [slot.start for slot in slots]
        self.left = [slot.free for slot in slots]
        self.up = list(range(len(slots) + 1))
        self.down = list(range(len(slots) + 1))

    def take(self, item: Affected, facts: MoveFacts, *, nearest: bool) -> int | None:
        start = bisect_left(self.starts, item.start)
        found = [number for number in self._around(start) if self._fits(number, item, facts)]
        if not nearest:
            found = [number for number in found if self.starts[number] >= item.start]
        if not found:
            return None
        best = min(found, key=lambda number: abs(self.starts[number] - item.start))
        self.left[best] -= 1
        if not self.left[best]:
            self.up[best], self.down[best + 1] = best + 1, best
        return minutes(item, self.slots[best])

    def _fits(self, number: int, item: Affected, facts: MoveFacts) -> bool:
        return allowed(item, self.slots[number], facts)

    def _around(self, start: int) -> Iterable[int]:
        later = _root(self.up, start)
        sooner = _root(self.down, start) - 1
        return [n for n in (sooner, later) if 0 <= n < len(self.slots)]


def _root(links: list[int], number: int) -> int:
    path = []
    while links[number] != number:
        path.append(number)
        number = links[number]
    for passed in path:
        links[passed] = number
    return number


def least_maximum(facts: MoveFacts) -> int:
    """Return the least maximum any plan could have that places everyone, whatever its total.

    Found by bisection: with a limit, each person has an interval, and whoever's ends first sits
    first.  No longer notices.
    """
    low, high = 0, 60 * 24 * 400
    while low < high:
        middle = (low + high) // 2
        if _fits_within(middle, facts):
            high = middle
        else:
            low = middle + 1
    return low


def _fits_within(limit: int, facts: MoveFacts) -> bool:
    desks: dict[tuple[str, str], tuple[list[FreeSlot], list[Affected]]] = defaultdict(
        lambda: ([], [])
    )
    for slot in facts.slots:
        if slot.free and slot.start >= facts.moment + facts.rules.notice:
            desks[slot.centre, slot.service][0].append(slot)
    for item in facts.affected:
        desks[item.centre, item.service][1].append(item)
    return all(_desk_fits(slots, items, limit, facts) for slots, items in desks.values())


def _desk_fits(slots, items, limit, facts) -> bool:
    span = timedelta(minutes=limit)
    waits = sorted((_earliest(item, span, facts), item.start + span) for item in items)
    queue: list[datetime] = []
    turn = 0
    for slot in sorted(slots, key=lambda slot: slot.start):
        while turn < len(waits) and waits[turn][0] <= slot.start:
            heappush(queue, waits[turn][1])
            turn += 1
        for _ in range(min(slot.free, len(queue))):
            if heappop(queue) < slot.start:
                return False
    return turn == len(waits) and not queue


def _earliest(item: Affected, span: timedelta, facts: MoveFacts) -> datetime:
    if item.may_be_earlier:
        return item.start - span
    if item.centre in facts.rules.earlier_same_day:
        midnight = datetime.combine(civil_date(item.start), time(), ALGIERS)
        return max(midnight, item.start - span)
    return item.start
