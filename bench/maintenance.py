"""Moving everybody out of a window: facts, plan, apply and enqueue, through the database.

Run with ``python -m bench.maintenance``; ``--sizes 1000`` for a smoke.  Four centres, slots of
half an hour; three people in ten came in families of two to four.  Every centre closes for three
hours of two days; 45 % of all other seats are free, and two centres let people come earlier on
their day.  Everybody is told by e-mail and text message.  Needs only this machine.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import statistics
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from bench._flow import greedy, lanes, least_maximum
from bench._world import _application, prepare_database, start_servers, table

SIZES = (1_000, 10_000, 100_000)
LARGEST_FLOW = 10_000  # people; beyond, the flow solver takes minutes
CENTRES, SLOTS, MINUTES, FREE, FAMILY = 4, 16, 30, 0.45, 0.3
CLOSED = range(4, 10)  # slots of a day: three hours
SPLIT = 20_000  # rows written in one statement while the world is made


def main() -> None:
    """Print the two tables."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = arguments.parse_args().sizes
    start_servers()
    prepare_database()
    from django.conf import settings
    from django.urls import reverse

    reverse("home")  # a worker loads the addresses once, not for each plan
    settings.SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"
    measured = [_measured(size) for size in sizes]
    table(
        "Moving everybody (seconds; peak memory of the process so far)",
        [
            *("people", "facts", "plan", "freeze", "apply", "CPU of it in Python"),
            *("of it locked", "messages/s", "peak MB"),
        ],
        [one["speed"] for one in measured],
    )
    table(
        "Displacement in hours",
        ["people", "total", "bound", "flow", "next free", "longest", "least", "next free", "left"],
        [one["quality"] for one in measured],
    )
    if len(measured) > 1:
        _print_growth(sizes, measured)


def _print_growth(sizes: list[int], measured: list[dict[str, Any]]) -> None:
    print("\nGrowth of plan and apply together, per ten times the people:")
    for (less, before), (more, after) in zip(
        zip(sizes, measured, strict=True), list(zip(sizes, measured, strict=True))[1:], strict=False
    ):
        factor = (after["seconds"] / before["seconds"]) ** (1 / _tens(more / less))
        print(f"  {less:,} to {more:,}: {factor:.1f}")


def _tens(ratio: float) -> float:
    return math.log10(ratio)


def _measured(size: int) -> dict[str, Any]:
    from django.utils import timezone

    from appointments.models import AppointmentMove, MovePlan
    from appointments.move_facts import facts_of, moment_for
    from appointments.operations import move_applying, move_plans
    from appointments.rules.moves import plan_moves, totals_of
    from portal.outbox.models import Message

    maintenance = _world(size)
    plan = move_plans.begin(
        maintenance_id=maintenance.pk,
        notice_hours=48,
        earlier_centres=[f"bench-{size}-0", f"bench-{size}-1"],
        actor=None,
    )
    facts, reading = _timed(lambda: facts_of(plan, moment=moment_for(timezone.now())))
    found, planning = _timed(lambda: plan_moves(facts))
    _, computing = _timed(lambda: move_plans.compute(plan_id=plan.pk))
    plan = MovePlan.objects.defer("plan").get(pk=plan.pk)
    locked = _watch(move_applying, "_check")
    move_applying.apply(plan_id=plan.pk, digest=plan.digest, actor=None)
    before = time.process_time()
    done, applying = _timed(lambda: move_applying.carry_out(plan_id=plan.pk))
    computing_here = time.process_time() - before
    assert done, "the plan was not applied"
    locked_for = time.perf_counter() - locked[-1]
    totals = totals_of(found)
    told = Message.objects.filter(bulk=plan.bulk).count()
    assert AppointmentMove.objects.filter(plan=plan).count() == totals.moved
    assert told == 2 * totals.moved, "a message per move and channel"
    flow = lanes(facts) if size <= LARGEST_FLOW else 0
    next_free = greedy(facts, nearest=False)
    return {
        "seconds": planning + applying,
        "speed": [
            f"{size:,}",
            f"{reading:.2f}",
            f"{planning:.2f}",
            f"{max(0, computing - reading - planning):.2f}",
            f"{applying:.2f}",
            f"{computing_here:.2f}",
            f"{locked_for:.2f}",
            f"{told / applying:,.0f}",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
        ],
        "quality": [
            f"{size:,}",
            f"{totals.total / 60:,.0f}",
            f"{found.bound / 60:,.0f}" if found.bound is not None else "-",
            f"{flow / 60:,.0f}" if flow else "-",
            f"{next_free[1] / 60:,.0f}",
            f"{totals.maximum / 60:.1f}",
            f"{least_maximum(facts) / 60:.1f}",
            f"{next_free[2] / 60:.1f}",
            totals.unplaced,
        ],
    }


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = run()
    return answer, time.perf_counter() - start


def _watch(module: Any, name: str) -> list[float]:
    """Note when a function of the operation begins; the locks are taken just before."""
    real, moments = getattr(module, name), []

    def noted(*args: Any) -> Any:
        moments.append(time.perf_counter())
        return real(*args)

    setattr(module, name, noted)
    return moments


# --- the world ----------------------------------------------------------------------------------


def _world(size: int) -> Any:
    """Make `size` booked people in two closed days, and free seats after them."""
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
    from django.utils import timezone

    from appointments.models import Maintenance, MaintenanceWindow
    from portal.dates import ALGIERS
    from portal.missions.models import Mission

    rng = random.Random(size)
    mission = Mission.objects.get(code="fr-algiers")
    first = timezone.now().astimezone(ALGIERS).replace(hour=9, minute=0, second=0, microsecond=0)
    first += timedelta(days=10)
    centres = [_centre(mission, size, number) for number in range(CENTRES)]
    seats = -(-size // (CENTRES * len(CLOSED) * 2))
    maintenance = Maintenance.objects.create(
        mission=mission, suspends=["booking"], state="announced", announce_at=timezone.now()
    )
    for centre in centres:
        for day in range(2):
            start, end = (
                first + timedelta(days=day, minutes=MINUTES * number)
                for number in (CLOSED.start, CLOSED.stop)
            )
            MaintenanceWindow.objects.create(
                maintenance=maintenance,
                centre=centre,
                hours=DateTimeTZRange(start, end),
                in_force=True,
            )
    closed = _slots(centres, first, range(2), CLOSED, lambda: seats, suspended=True)
    beside = [number for number in range(SLOTS) if number not in CLOSED]
    _slots(centres, first, range(2), beside, lambda: _free(rng, seats))
    days = -(-size // int(CENTRES * SLOTS * seats * FREE)) + 8
    _slots(centres, first, range(2, 2 + days), range(SLOTS), lambda: _free(rng, seats))
    _people(rng, mission, closed, size)
    return maintenance


def _centre(mission: Any, size: int, number: int) -> Any:
    from appointments.models import Centre

    return Centre.objects.create(
        mission=mission,
        code=f"bench-{size}-{number}",
        names={"fr": "Centre"},
        addresses={"fr": "Alger"},
        post="algiers",
        is_active=False,
    )


def _free(rng: random.Random, seats: int) -> int:
    return sum(rng.random() < FREE for _ in range(seats))


def _slots(
    centres: list[Any],
    first: datetime,
    days: Iterable[int],
    numbers: Iterable[int],
    free: Callable[[], int],
    *,
    suspended: bool = False,
) -> list[Any]:
    from appointments.models import Slot

    rows = []
    for centre in centres:
        for day in days:
            for number in numbers:
                count = free()
                taken = count if suspended else 0
                rows.append(
                    Slot(
                        centre=centre,
                        service="short_stay",
                        starts_at=first + timedelta(days=day, minutes=MINUTES * number),
                        minutes=MINUTES,
                        capacity=count,
                        released=count,
                        taken=taken,
                        is_suspended=suspended,
                    )
                )
    return Slot.objects.bulk_create(rows, batch_size=SPLIT)


def _people(rng: random.Random, mission: Any, closed: list[Any], size: int) -> None:
    """Seat `size` people in the closed slots; the slots count exactly who sits there."""
    from django.utils import timezone

    from applications.models import Application
    from appointments.models import Appointment, Slot
    from portal.accounts.models import User

    base = User.objects.count()
    seats = [slot for slot in closed for _ in range(slot.taken)][:size]
    for slot in closed:
        slot.taken = slot.released = 0
    for start in range(0, size, SPLIT):
        some = seats[start : start + SPLIT]
        owners = User.objects.bulk_create(
            User(email=f"move{base + start + n}@example.org", password="!")
            for n in range(len(some))
        )
        files = [_booked_file(mission, owner, base + start + n) for n, owner in enumerate(owners)]
        Application.objects.bulk_create(files, batch_size=1000)
        now = timezone.now()
        parties = _parties(rng)
        Appointment.objects.bulk_create(
            (
                Appointment(
                    application=file,
                    slot=slot,
                    state_code=mission.state,
                    traveller_key=file.traveller_key,
                    party=next(parties),
                    booked_at=now,
                    updated_at=now,
                )
                for file, slot in zip(files, some, strict=True)
            ),
            batch_size=1000,
        )
    for slot in seats:
        slot.taken += 1
        slot.released += 1
    Slot.objects.bulk_update(closed, ["taken", "released"], batch_size=1000)


def _booked_file(mission: Any, owner: Any, number: int) -> Any:
    row = _application(mission, owner, 10_000_000 + number)
    row.state = "booked"
    row.details = {"phone": f"+2135512{number % 100_000:05d}"}
    return row


def _parties(rng: random.Random) -> Iterator[uuid.UUID | None]:
    """Yield nothing for people alone, and one key for each of a family."""
    while True:
        people = rng.choice((2, 3, 4)) if rng.random() < FAMILY / statistics.mean((2, 3, 4)) else 1
        key = uuid.uuid4() if people > 1 else None
        for _ in range(people):
            yield key


if __name__ == "__main__":
    main()
