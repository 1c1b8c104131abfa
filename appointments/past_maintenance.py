"""What became of past closings, for everybody: whom they moved, how far, whom a message reached.

Numbers below five are not told exactly, since they could speak of one person.  What plans did
stands in them for ever (`move_numbers`); whom messages reached is counted while the appointments
are kept, and the sums for some minutes: a closing may have moved 100,000 people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from .enums import MaintenanceReason, MaintenanceState, MovePlanState
from .models import Maintenance, MovePlan
from .move_preview import length

FEWEST = 5  # smaller numbers are not told
SHOWN = 30  # closings on the page, the latest first
_KEPT = 300  # seconds
_CALLED_OFF = Q(state=MaintenanceState.CALLED_OFF, announce_at__isnull=False)

_SUMS = """
    SELECT p.maintenance_id, s.centre_id, count(*),
      count(*) FILTER (WHERE t.sent), count(*) FILTER (WHERE t.telephoned AND NOT t.sent),
      count(*) FILTER (WHERE m.opened_at IS NOT NULL OR t.opened)
    FROM appointments_appointmentmove m
    JOIN appointments_moveplan p ON p.id = m.plan_id
    JOIN appointments_slot s ON s.id = m.old_slot_id
    CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(o.state = 'sent'), false) AS sent,
        coalesce(bool_or(o.state = 'telephoned'), false) AS telephoned,
        coalesce(bool_or(o.opened_at IS NOT NULL), false) AS opened
      FROM outbox_message o
      WHERE o.subject = 'appointment:' || m.appointment_id AND o.bulk = p.bulk
    ) t
    WHERE m.kind = 'maintenance' AND p.maintenance_id = ANY(%s)
    GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people; `few` if it is not told exactly."""

    number: int

    @property
    def few(self) -> bool:
        """Whether it is too small to be told."""
        return 0 < self.number < FEWEST

    @property
    def none(self) -> bool:
        """Whether it is nobody."""
        return not self.number


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What applied plans say of one centre; times in minutes."""

    moved: int = 0
    unplaced: int = 0
    median: int = 0
    largest: int = 0
    most: int = 0  # moved by one plan


@dataclass(frozen=True, slots=True)
class CentreSum:
    """What a closing meant for one centre; median and largest are minutes, None if not told."""

    centre: str
    moved: Count
    unplaced: Count
    median: int | None = None
    largest: int | None = None
    sent: Count | None = None
    telephoned: Count | None = None
    noted: Count | None = None
    all_reached: bool = False

    @property
    def median_words(self) -> str:
        """By how much half of them were moved at most."""
        return length(self.median or 0)

    @property
    def largest_words(self) -> str:
        """By how much nobody was moved more."""
        return length(self.largest or 0)


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Hours of a closing; `given_up` if they were called off before they began."""

    start: datetime
    end: datetime
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class PastClosing:
    """One closing: its hours as they were in the end, which were given up, and its centres."""

    reference: str
    mission: str
    reason: str
    hours: list[Hours]
    centres: list[CentreSum]

    @property
    def called_off(self) -> bool:
        """Whether none of it took place."""
        return all(one.given_up for one in self.hours)


def past_closings(now: datetime | None = None) -> list[PastClosing]:
    """Return the closings that are over, wholly or in part, or were called off; latest first.

    A constant number of queries.
    """
    now = now or timezone.now()
    over = Q(state=MaintenanceState.ANNOUNCED, windows__hours__endswith__lte=now)
    told = Q(announce_at__lte=now)
    rows = list(
        Maintenance.objects.filter(over | (_CALLED_OFF & told))
        .distinct()
        .select_related("mission")
        .prefetch_related("windows__centre")
        .order_by("-announce_at", "-pk")[:SHOWN]
    )
    sums = _sums([row.pk for row in rows])
    planned = _planned([row.pk for row in rows])
    return [_closing(row, planned, sums, now) for row in rows]


def _closing(row: Maintenance, planned: Any, sums: Any, now: datetime) -> PastClosing:
    called_off = row.state == MaintenanceState.CALLED_OFF
    windows = [one for one in row.windows.all() if called_off or one.hours.upper <= now]
    centres = {one.centre_id: one.centre for one in windows}
    hours = {Hours(one.hours.lower, one.hours.upper, not one.in_force) for one in windows}
    return PastClosing(
        reference=row.reference,
        mission=row.mission.name,
        reason=str(MaintenanceReason(row.reason).label),
        hours=sorted(hours),
        centres=[
            _centre(one.name, planned.get((row.pk, one.code)), sums.get((row.pk, pk)))
            for pk, one in sorted(centres.items())
        ],
    )


def _centre(name: str, frozen: _Frozen | None, found: Sequence[Any] | None) -> CentreSum:
    if frozen is None:
        return CentreSum(name, Count(0), Count(0))
    moved, left = Count(frozen.moved), Count(frozen.unplaced)
    if frozen.moved < FEWEST:
        return CentreSum(name, moved, left)
    far = (frozen.median, frozen.largest)
    if not found or found[0] != frozen.moved:  # appointments are forgotten after a while
        return CentreSum(name, moved, left, *far)
    people, sent, telephoned, noted = found
    told = (Count(sent), Count(telephoned), Count(noted))
    return CentreSum(name, moved, left, *far, *told, all_reached=sent + telephoned == people)


def _sums(ids: list[int]) -> dict[tuple[int, int], Sequence[Any]]:
    key = f"past-maintenance:{','.join(map(str, ids))}"
    found = cache.get(key)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, [ids])
            found = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
        cache.set(key, found, _KEPT)
    sums: dict[tuple[int, int], Sequence[Any]] = found
    return sums


def _planned(ids: list[int]) -> dict[tuple[int, str], _Frozen]:
    """Return what the applied plans of each maintenance did, by centre; it stays for ever.

    Of several plans the people add up, the last one says who is left without a time, and the
    median is that of the plan which moved most.
    """
    plans = MovePlan.objects.filter(maintenance__in=ids, state=MovePlanState.APPLIED)
    found: dict[tuple[int, str], _Frozen] = {}
    for maintenance, totals in plans.order_by("applied_at").values_list("maintenance", "totals"):
        for code, one in totals.get("centres", {}).items():
            before = found.get((maintenance, code), _Frozen())
            most = one["moved"] >= before.most
            found[maintenance, code] = _Frozen(
                moved=before.moved + one["moved"],
                unplaced=one["unplaced"],
                median=int(one["median"]) if most else before.median,
                largest=max(before.largest, one["maximum"]),
                most=max(before.most, one["moved"]),
            )
    return found
