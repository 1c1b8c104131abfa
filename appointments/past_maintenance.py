"""What became of past closings, for everybody: whom they moved, how far, whom a message reached.

Numbers below five are not told exactly, since they could speak of one person.  The sums are kept
for some minutes: the page is public, and a closing may have moved 100,000 people.
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
    SELECT p.maintenance_id, s.centre_id, count(*), coalesce(
        percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(m.minutes)), 0), max(abs(m.minutes)),
      count(*) FILTER (WHERE t.sent), count(*) FILTER (WHERE t.telephoned AND NOT t.sent),
      count(*) FILTER (WHERE m.opened_at IS NOT NULL OR t.opened), coalesce(bool_or(t.known), false)
    FROM appointments_appointmentmove m
    JOIN appointments_moveplan p ON p.id = m.plan_id
    JOIN appointments_slot s ON s.id = m.old_slot_id
    CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(o.state = 'sent'), false) AS sent,
        coalesce(bool_or(o.state = 'telephoned'), false) AS telephoned,
        coalesce(bool_or(o.opened_at IS NOT NULL), false) AS opened, count(*) > 0 AS known
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


@dataclass(frozen=True, slots=True)
class PastClosing:
    """One closing: its hours as they were in the end, and its centres."""

    reference: str
    mission: str
    reason: str
    called_off: bool
    hours: list[tuple[datetime, datetime]]
    centres: list[CentreSum]


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
    unplaced = _unplaced([row.pk for row in rows])
    return [_closing(row, sums, unplaced, now) for row in rows]


def _closing(row: Maintenance, sums: Any, unplaced: Any, now: datetime) -> PastClosing:
    called_off = row.state == MaintenanceState.CALLED_OFF
    windows = [one for one in row.windows.all() if called_off or one.hours.upper <= now]
    centres = {one.centre_id: one.centre for one in windows}
    hours = sorted({(one.hours.lower, one.hours.upper) for one in windows})
    return PastClosing(
        reference=row.reference,
        mission=row.mission.name,
        reason=str(MaintenanceReason(row.reason).label),
        called_off=called_off,
        hours=hours,
        centres=[
            _centre(one.name, sums.get((row.pk, pk)), unplaced.get((row.pk, one.code), 0))
            for pk, one in sorted(centres.items())
        ],
    )


def _centre(name: str, found: Sequence[Any] | None, unplaced: int) -> CentreSum:
    people = found[0] if found else 0
    moved, left = Count(people), Count(unplaced)
    if not found or people < FEWEST:
        return CentreSum(name, moved, left)
    _people, median, largest, sent, telephoned, noted, known = found
    if not known:  # the messages are forgotten by now
        return CentreSum(name, moved, left, median, largest)
    return CentreSum(
        name,
        moved,
        left,
        median,
        largest,
        Count(sent),
        Count(telephoned),
        Count(noted),
        all_reached=sent + telephoned == people,
    )


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


def _unplaced(ids: list[int]) -> dict[tuple[int, str], int]:
    """Return whom the last applied plan of each maintenance left without a time, by centre."""
    plans = MovePlan.objects.filter(maintenance__in=ids, state=MovePlanState.APPLIED)
    found: dict[tuple[int, str], int] = {}
    for maintenance, totals in plans.order_by("applied_at").values_list("maintenance", "totals"):
        for code, one in totals.get("centres", {}).items():
            found[maintenance, code] = one["unplaced"]
    return found
