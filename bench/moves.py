"""Planning new times for everyone in a window: seconds, memory, and how near to the optimum.

Run with ``python -m bench.moves``.  One core, no database.  Four centres, two services, five
counters, slots of half an hour; every fourth day is closed and its appointments move; 45 % of the
seats of the other days are free.  "earlier" lets two centres move people within their day, and
15 % of all people agreed to any earlier time.  "families": three people in ten came in families
of two to five.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import time
from datetime import datetime, timedelta

from appointments.rules.moves import Affected, FreeSlot, MoveFacts, MoveRules, plan_moves, totals_of
from bench._flow import greedy, lanes, least_maximum
from portal.dates import ALGIERS

SIZES = (1_000, 10_000, 100_000)
LARGEST_FLOW = 10_000  # people; beyond, the flow solver takes minutes
CENTRES, SERVICES, COUNTERS, SLOTS, MINUTES = 4, 2, 5, 16, 30
PER_DAY = CENTRES * SERVICES * COUNTERS * SLOTS
FREE, FAMILY, AGREED = 0.45, 0.3, 0.15
FIRST = datetime(2026, 3, 1, 9, tzinfo=ALGIERS)
KINDS = ("later only", "earlier", "families", "families, earlier")


def main() -> None:
    """Print the three tables."""
    print("Planning with reasons, hash apart (CPU time; peak memory of the process)\n")
    print(f"{'people':>8}  {'kind':<18}{'plan s':>8}{'µs each':>9}{'hash s':>8}{'peak MB':>9}")
    rows = [(size, kind) for size in SIZES for kind in KINDS]
    measured = {}
    for size, kind in rows:
        seconds, hashing, memory, facts_memory, plan = _alone(_measure, size, kind)
        measured[size, kind] = plan
        print(
            f"{size:>8,}  {kind:<18}{seconds:>8.2f}{seconds / size * 1e6:>9.1f}{hashing:>8.2f}"
            f"{memory:>9.0f}  ({facts_memory:.0f} of it the facts)"
        )
    _print_distances(rows, measured)


def _print_distances(rows: list, measured: dict) -> None:
    print(
        "\nTotal displacement in hours.  Bound, flow and both greedy ways tear families apart;\n"
        "the bound still keeps them on one day.\n"
    )
    print(
        f"{'people':>8}  {'kind':<18}{'plan':>11}{'bound':>11}{'above':>8}{'flow':>11}{'flow s':>8}"
        f"{'nearest':>11}{'next free':>11}{'unplaced':>9}"
    )
    maxima = []
    for size, kind in rows:
        total, bound, maximum, unplaced = measured[size, kind]
        flow, seconds, near, next_free, least = _alone(_compare, size, kind)
        above = f"{(total - bound) / bound:.2%}" if bound else "-"
        flow_text = f"{flow / 60:,.0f}" if flow else "-"
        print(
            f"{size:>8,}  {kind:<18}{total / 60:>11,.0f}{(bound or 0) / 60:>11,.0f}{above:>8}"
            f"{flow_text:>11}{seconds:>8.1f}{near[1] / 60:>11,.0f}{next_free[1] / 60:>11,.0f}"
            f"{unplaced:>9}"
        )
        maxima.append((size, kind, maximum, least, near[2], next_free[2]))
    print("\nLargest displacement in hours; the least possible one whatever the total\n")
    print(f"{'people':>8}  {'kind':<18}{'plan':>8}{'least':>8}{'nearest':>9}{'next free':>11}")
    for size, kind, *values in maxima:
        plan, least, near, next_free = (value / 60 for value in values)
        print(f"{size:>8,}  {kind:<18}{plan:>8.1f}{least:>8.1f}{near:>9.1f}{next_free:>11.1f}")


def _alone(function, *values):
    """Run a function in a process of its own, so that its peak memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, values)


def _measure(size: int, kind: str):
    facts = world(size, kind)
    before = _peak()
    start = time.process_time()
    plan = plan_moves(facts)
    seconds = time.process_time() - start
    peak = _peak()
    start = time.process_time()
    assert len(plan.hash) == 64
    hashing = time.process_time() - start
    totals = totals_of(plan)
    outcome = (totals.total, plan.bound, totals.maximum, totals.unplaced)
    return seconds, hashing, peak, before, outcome


def _compare(size: int, kind: str):
    facts = world(size, kind)
    start = time.perf_counter()
    flow = lanes(facts) if size <= LARGEST_FLOW else 0
    seconds = time.perf_counter() - start
    near, next_free = greedy(facts, nearest=True), greedy(facts, nearest=False)
    return flow, seconds, near, next_free, least_maximum(facts)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def world(size: int, kind: str) -> MoveFacts:
    """Return `size` appointments to move, the same every time."""
    rng = random.Random(size)
    affected: list[Affected] = []
    slots: list[FreeSlot] = []
    day = 0
    while len(affected) < size:
        closed = day % 4 == 1
        for desk in range(CENTRES * SERVICES):
            if closed:
                affected += _people(rng, day, desk, len(affected), kind)
            else:
                slots += _slots(rng, day, desk, len(slots))
        day += 1
    for extra in range(day, day + 10):
        for desk in range(CENTRES * SERVICES):
            slots += _slots(rng, extra, desk, len(slots))
    early = frozenset({"c0", "c1"}) if "earlier" in kind else frozenset()
    return MoveFacts(
        moment=FIRST - timedelta(days=3),
        affected=tuple(affected[:size]),
        slots=tuple(slots),
        rules=MoveRules(notice=timedelta(hours=48), earlier_same_day=early),
    )


def _where(desk: int) -> dict[str, str]:
    return {"centre": f"c{desk // SERVICES}", "service": f"s{desk % SERVICES}"}


def _slots(rng: random.Random, day: int, desk: int, count: int) -> list[FreeSlot]:
    return [
        FreeSlot(
            id=count + number + 1,
            start=FIRST + timedelta(days=day, minutes=MINUTES * number),
            minutes=MINUTES,
            free=sum(rng.random() < FREE for _ in range(COUNTERS)),
            **_where(desk),
        )
        for number in range(SLOTS)
    ]


def _people(rng: random.Random, day: int, desk: int, count: int, kind: str) -> list[Affected]:
    people: list[Affected] = []
    seats = COUNTERS * SLOTS
    while len(people) < seats:
        family = "families" in kind and rng.random() < FAMILY / 2.5
        size = min(rng.randint(2, 5) if family else 1, seats - len(people))
        arrival = rng.randrange(10**6)
        for _ in range(size):
            number = len(people)
            people.append(
                Affected(
                    id=f"a{count + number:06}",
                    start=FIRST + timedelta(days=day, minutes=MINUTES * (number // COUNTERS)),
                    minutes=MINUTES,
                    arrival=arrival,
                    family=f"f{count + len(people) - number}-{arrival}" if family else "",
                    may_be_earlier="earlier" in kind and rng.random() < AGREED,
                    **_where(desk),
                )
            )
    return people


if __name__ == "__main__":
    main()
