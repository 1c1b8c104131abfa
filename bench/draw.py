"""The draw: seconds and memory, by the rules alone and with the database.

Run with ``python -m bench.draw [requests] [requests with the database]`` (100,000 and 5,000
unless told).  A fifth of the requests are families of two to four; a third have wishes; there is
a seat for every third person, thirty to a slot.  Times are CPU seconds of one core; with the
database they are seconds on the clock of closing, drawing, writing all results and messages in
one transaction, and checking the stored transcript.  The ratio compares one request each way.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

from appointments.rules.draw import (
    Announcement,
    DayPart,
    DrawRule,
    DrawSlot,
    Preferences,
    PublicValue,
    Request,
    Traveller,
    closing_digest,
    draw,
    verify_draw,
)
from appointments.rules.lots import commitment
from appointments.rules.transcripts import instant
from bench import _world

SECRET = hashlib.sha256(b"bench").digest()
FIRST_DAY = date(2027, 3, 7)
OPENED = datetime(2027, 3, 1, 9, tzinfo=UTC)
CLOSES = datetime(2027, 3, 3, 9, tzinfo=UTC)
SEATS, MINUTES, A_DAY = 30, 20, 20
RULE = DrawRule(1, 4, clock(12))
WISHES = (Preferences(part=DayPart.MORNING), Preferences(weekdays=frozenset({0, 1})))


def main() -> None:
    """Print both tables."""
    sizes = [int(one) for one in sys.argv[1:3]]
    alone, stored = (*sizes, *(100_000, 5_000)[len(sizes) :])
    print(f"{'':<22}{'requests':>10}{'seconds':>9}{'µs each':>9}{'peak MB':>9}")
    each = {}
    for name, work, size in (
        ("rules: draw", _rules, alone),
        ("rules: draw and check", _rules_checked, alone),
        ("with the database", _database, stored),
    ):
        seconds, memory = _alone(work, size)
        each[name] = seconds / size
        print(f"{name:<22}{size:>10,}{seconds:>9.2f}{each[name] * 1e6:>9.1f}{memory:>9.0f}")
    ratio = each["with the database"] / each["rules: draw and check"]
    print(f"\nOne request with the database costs {ratio:.1f} times the rules alone.")


def _alone(work: Callable[[int], float], size: int) -> tuple[float, float]:
    """Measure in a process of its own, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, size))


def _measured(work: Callable[[int], float], size: int) -> tuple[float, float]:
    seconds = work(size)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rules(size: int, *, check: bool = False) -> float:
    announcement, requests, slots, value = _world_of(size)
    began = time.process_time()
    closed_with = closing_digest(announcement, requests, slots)
    result = draw(
        announcement, requests, slots, closed_with=closed_with, public_value=value, secret=SECRET
    )
    transcript = result.transcript()
    if check and verify_draw(transcript):
        raise SystemExit("the transcript does not agree with itself")
    return time.process_time() - began


def _rules_checked(size: int) -> float:
    return _rules(size, check=True)


def _world_of(size: int) -> tuple[Announcement, list[Request], list[DrawSlot], PublicValue]:
    households = list(_households(size))
    people = sum(len(keys) for keys, _wish in households)
    slots = [
        DrawSlot(instant(start), start, MINUTES, SEATS) for start in _starts(people // 3 // SEATS)
    ]
    last_day = max(slot.starts_at for slot in slots).date()
    announcement = Announcement(
        *("bench", "centre", "short_stay", FIRST_DAY, last_day, commitment(SECRET), "lottery"),
        *(OPENED, CLOSES, RULE),
    )
    requests = [
        Request(f"D-{number:07}", tuple(Traveller(key) for key in keys), wish)
        for number, (keys, wish) in enumerate(households)
    ]
    value = PublicValue("lottery", OPENED, "3 14 15", CLOSES + timedelta(hours=9))
    return announcement, requests, slots, value


def _households(size: int) -> Iterator[tuple[list[str], Preferences]]:
    chance = random.Random(7)  # not for secrets
    for number in range(size):
        people = chance.choice((2, 3, 4)) if chance.random() < 0.2 else 1
        wish = chance.choice(WISHES) if chance.random() < 1 / 3 else Preferences()
        yield [f"{number}-{one}" for one in range(people)], wish


def _starts(count: int) -> Iterator[datetime]:
    for number in range(max(1, count)):
        day, place = divmod(number, A_DAY)
        start = datetime.combine(FIRST_DAY + timedelta(days=day), clock(8), UTC)
        yield start + timedelta(minutes=MINUTES * place)


# --- with the database ------------------------------------------------------------------------


def _database(size: int) -> float:
    _world.start_servers()
    _world.prepare_database()
    from appointments.operations import draw as steps
    from appointments.operations import draw_results
    from portal.database_clock import rehearsed

    key = _stored(size)
    began = time.perf_counter()
    with rehearsed(CLOSES):
        steps.begin_or_close(draw_id=key)
    with rehearsed(CLOSES + timedelta(hours=10)):
        steps.enter_value(
            draw_id=key, value="3 14 15", value_at=CLOSES + timedelta(hours=9), actor=None
        )
        if not draw_results.run(draw_id=key):
            raise SystemExit("nothing was drawn")
        draw_results.check(draw_id=key)
    return time.perf_counter() - began


def _stored(size: int) -> Any:
    """Write a centre, its slots, a draw and all requests; return the key of the draw."""
    from django.contrib.auth import get_user_model

    from appointments.models import Centre, DrawRequest, DrawTraveller, Slot
    from appointments.operations import draw as steps
    from portal.database_clock import rehearsed

    centre = Centre.objects.select_related("mission").order_by("pk")[0]
    owner = get_user_model().objects.create(email="bench@example.org")
    _announcement, requests, slots, _value = _world_of(size)
    Slot.objects.bulk_create(
        Slot(
            centre=centre,
            service="short_stay",
            starts_at=slot.starts_at,
            minutes=slot.minutes,
            capacity=slot.seats,
        )
        for slot in slots
    )
    days = FIRST_DAY, max(slot.starts_at for slot in slots).date()
    wish = steps.DrawWish(centre, "short_stay", *days, OPENED, CLOSES, "lottery")
    with rehearsed(OPENED):
        row = steps.announce(wish=wish, actor=None)
    stored = [
        DrawRequest(
            draw=row,
            owner=owner,
            reference=one.reference,
            preferences=one.preferences.as_json(),
        )
        for one in requests
    ]
    DrawRequest.objects.bulk_create(stored, batch_size=2000)
    DrawTraveller.objects.bulk_create(
        (
            DrawTraveller(draw=row, request=kept, key=person.key, carry_key=person.key.encode())
            for kept, one in zip(stored, requests, strict=True)
            for person in one.travellers
        ),
        batch_size=2000,
    )
    return row.pk


if __name__ == "__main__":
    main()
