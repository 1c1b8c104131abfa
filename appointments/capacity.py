"""What a centre can serve: its hours loaded from files, and the slots they give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from portal import constraints
from portal.audit import operations as audit
from portal.dates import ALGIERS, civil_date, is_working_day
from portal.missions.models import Mission
from portal.missions.operations import days, read_tables

from .enums import ClosureKind
from .freed_seats import check_not_held, holds, plans_in_force
from .maintenance_refusals import SeatsInMaintenance
from .models import Centre, Closure, Draw, OpeningHours, ReleasePlan, Slot
from .refusals import SeatsTaken
from .rules.availability import Opening, PlannedSlot, slots_on
from .suspended_slots import closed_hours, in_hours

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_centres(*, folder: Path = DATA) -> int:
    """Create or update the centres in the files of `folder`; returns how many there are.

    Safe to run again.  Opening hours are loaded only into a centre that has none: from then
    on they belong to the people who run it.
    """
    rows = read_tables(folder).get("centre", [])
    for row in rows:
        centre, _created = Centre.objects.update_or_create(
            code=row["code"],
            defaults={
                "mission": Mission.objects.get(code=row["mission"]),
                "post": row["post"],
                "names": row["names"],
            },
            create_defaults={
                "mission": Mission.objects.get(code=row["mission"]),
                "post": row["post"],
                "names": row["names"],
                "addresses": row["addresses"],
            },
        )
        for closure in row.get("closure", []):
            Closure.objects.get_or_create(
                centre=centre, day=closure["day"], defaults={"reason": closure["reason"]}
            )
        if not centre.opening_hours.exists():
            OpeningHours.objects.bulk_create(
                opening for hours in row.get("hours", []) for opening in _openings(centre, hours)
            )
    return len(rows)


def _openings(centre: Centre, row: dict[str, Any]) -> list[OpeningHours]:
    return [
        OpeningHours(
            centre=centre,
            service=row["service"],
            weekday=OpeningHours.Weekday[weekday.upper()],
            opens=row["opens"],
            closes=row["closes"],
            counters=row["counters"],
            minutes=row["minutes"],
            valid=days(row),
        )
        for weekday in row["weekdays"]
    ]


@transaction.atomic
def open_slots(*, centre: Centre, first_day: date, last_day: date, service: str = "") -> int:
    """Create the slots that the opening hours give for these days, both included.

    Of one service only if it is named.  Where a release plan holds the day nothing is released:
    the plan lets the seats in at random moments (AT-07).  In a maintenance window nothing is
    free (RD-06).

    Only for a day and service that has none yet: what was opened before changes through
    `appointments.replanning`, where a person sees the conflicts first.  Safe to run again.
    Returns how many are new.
    """
    opened = {
        (civil_date(starts_at), service)
        for starts_at, service in _slots_of(centre, first_day, last_day).values_list(
            "starts_at", "service"
        )
    }
    closed = closed_hours(centre)
    plans = plans_in_force(centre)
    new = [
        _slot(centre, slot, plans, closed)
        for slot in planned_slots(centre, first_day, last_day)
        if (civil_date(slot.starts_at), slot.service) not in opened
        and service in ("", slot.service)
    ]
    Slot.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return len(new)


def planned_slots(centre: Centre, first_day: date, last_day: date) -> list[PlannedSlot]:
    """Return what the opening hours, closures and holidays give for these days (CV-05)."""
    openings = [
        Opening(
            service=row.service,
            weekday=row.weekday,
            opens=row.opens,
            closes=row.closes,
            counters=row.counters,
            minutes=row.minutes,
            first_day=row.valid.lower or date.min,
            end_day=row.valid.upper,
            is_exception=row.is_exception,
        )
        for row in centre.opening_hours.all()
    ]
    return [
        slot
        for day in _working_days(centre, first_day, last_day)
        for slot in slots_on(day, openings)
    ]


def _slots_of(centre: Centre, first_day: date, last_day: date) -> QuerySet[Slot]:
    return centre.slots.filter(
        starts_at__gte=datetime.combine(first_day, time(), ALGIERS),
        starts_at__lt=datetime.combine(last_day + timedelta(days=1), time(), ALGIERS),
    )


def _slot(
    centre: Centre,
    planned: PlannedSlot,
    plans: Sequence[ReleasePlan | Draw],
    closed: Sequence[Any],
) -> Slot:
    is_suspended = in_hours(planned.starts_at, closed)
    held = is_suspended or holds(plans, planned.service, planned.starts_at)
    return Slot(
        centre=centre,
        service=planned.service,
        starts_at=planned.starts_at,
        minutes=planned.minutes,
        capacity=planned.capacity,
        released=0 if held else planned.capacity,
        is_suspended=is_suspended,
    )


def open_horizon(*, centre: Centre, today: date) -> int:
    """Open every slot of `centre` from tomorrow to its horizon; returns how many are new."""
    return open_slots(
        centre=centre,
        first_day=today + timedelta(days=1),
        last_day=today + timedelta(days=centre.horizon_days),
    )


@transaction.atomic
def set_seats(*, slot: Slot, capacity: int, released: int, actor: Any) -> Slot:
    """Change how many seats a slot has and how many of them can be booked.

    Raises SeatsTaken if fewer would be released than are taken by now, HeldBack if seats would
    open by hand that open at a random moment (AT-07), SeatsInMaintenance in a window (RD-06).
    """
    check_not_held(slot, capacity=capacity, released=released)
    too_few = {
        "seats_within_capacity": SeatsTaken,
        "held_seats_within_capacity": SeatsTaken,
        "nothing_is_free_in_a_maintenance_window": SeatsInMaintenance,
    }
    with constraints.explained(too_few):
        Slot.objects.filter(pk=slot.pk).update(capacity=capacity, released=released)
    audit.record(
        actor=actor,
        action="slot.set_seats",
        subject=slot,
        mission=slot.centre.mission,
        details={"capacity": capacity, "released": released},
    )
    return slot


def free_slots(centre: Centre, service: str, now: datetime) -> QuerySet[Slot]:
    """Return the slots of `centre` that can be booked at `now`, earliest first (RD-08)."""
    return Slot.objects.filter(
        centre=centre,
        service=service,
        starts_at__gte=now + timedelta(hours=centre.notice_hours),
        taken__lt=F("released"),
    ).order_by("starts_at")


def _working_days(centre: Centre, first_day: date, last_day: date) -> list[date]:
    overrides = {kind: set[date]() for kind in ClosureKind}
    for day, kind in centre.closures.values_list("day", "kind"):
        overrides[ClosureKind(kind)].add(day)
    days = (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))
    return [
        day
        for day in days
        if is_working_day(
            day, closed=overrides[ClosureKind.CLOSED], opened=overrides[ClosureKind.OPEN]
        )
    ]
