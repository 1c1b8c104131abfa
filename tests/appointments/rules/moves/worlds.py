"""Small worlds for the planner: a few days, a few slots, people in a window."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from appointments.rules.maintenance import Window
from appointments.rules.moves import Affected, FreeSlot, MoveFacts, MoveRules
from portal.dates import ALGIERS

MONDAY = datetime(2026, 3, 2, tzinfo=ALGIERS)
NO_NOTICE = MoveRules(notice=timedelta(0))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time on a day; day 0 is Monday."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def person(name: str, start: datetime, **more: Any) -> Affected:
    """Return an appointment; who is named first was booked first, unless said otherwise."""
    values = {"minutes": 30, "centre": "algiers", "service": "short_stay", "arrival": 0} | more
    return Affected(id=name, start=start, **values)


def slot(number: int, start: datetime, free: int = 1, **more: Any) -> FreeSlot:
    """Return a slot of half an hour."""
    values = {"minutes": 30, "centre": "algiers", "service": "short_stay"} | more
    return FreeSlot(id=number, start=start, free=free, **values)


def facts(
    people: list[Affected],
    slots: list[FreeSlot],
    rules: MoveRules = NO_NOTICE,
    moment: datetime = MONDAY - timedelta(days=3),
    windows: tuple[Window, ...] = (),
) -> MoveFacts:
    """Return what the planner is given."""
    return MoveFacts(
        moment=moment, affected=tuple(people), slots=tuple(slots), rules=rules, windows=windows
    )


def random_facts(
    seed: int, *, leave: str = "", families: bool = False, pins: bool = False, notices: bool = False
) -> MoveFacts:
    """Return a random small world; the same for the same seed.

    `leave` holds the letters of what occurs: `d` centres that allow earlier times on the day,
    `a` people who agreed to earlier times.
    """
    rng = random.Random(seed)
    desks = [("algiers", "short_stay"), ("algiers", "long_stay"), ("oran", "short_stay")]
    desks = desks[: rng.choice((1, 1, 2, 3))]
    days, times = rng.randint(1, 4), rng.choice((4, 8, 16))
    starts = [at(day, 9) + timedelta(minutes=30 * n) for day in range(days) for n in range(times)]
    closed = Window(starts[0], starts[0] + timedelta(days=rng.choice((0, 0, 1)), hours=3))
    slots = [
        slot(number, start, rng.choice((0, 0, 1, 1, 2, 3)), centre=centre, service=service)
        for number, (start, (centre, service)) in enumerate(
            ((start, desk) for start in starts for desk in desks), start=1
        )
        if rng.random() < 0.8
    ]
    people = [
        _random_person(rng, n, rng.choice(desks), starts, slots, leave, families, pins, notices)
        for n in range(rng.randint(1, 14))
    ]
    rules = MoveRules(
        notice=timedelta(hours=rng.choice((0, 24, 48, 72, 80))),
        earlier_same_day=frozenset(
            centre for centre in ("algiers", "oran") if "d" in leave and rng.random() < 0.8
        ),
    )
    windows = (closed,) if rng.random() < 0.5 else ()
    return facts(people, slots, rules, at(0, 8) - timedelta(days=2), windows)


def _random_person(rng, n, desk, starts, slots, leave, families, pins, notices):
    chosen = [s.id for s in slots if (s.centre, s.service) == desk]
    return person(
        f"p{n:02}",
        rng.choice(starts),
        centre=desk[0],
        service=desk[1],
        arrival=rng.randint(0, 5),
        family=rng.choice(("", "", "f", "g")) if families else "",
        pinned=rng.choice(chosen) if pins and chosen and rng.random() < 0.2 else None,
        may_be_earlier="a" in leave and rng.random() < 0.4,
        notice=timedelta(hours=rng.choice((0, 0, 60, 90, 120)) if notices else 0),
    )
