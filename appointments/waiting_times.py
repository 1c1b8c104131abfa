"""How long people wait for an appointment, for staff: an indicator, not a promise (RD-10).

A fixed number of queries, however many centres, slots and people there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import TruncDate

from applications.enums import ApplicationState
from applications.models import Application
from portal.dates import ALGIERS, civil_date

from .enums import Service
from .models import Appointment, Centre, Slot
from .rules.law import LAW
from .rules.target import is_within_target, target

OVER = timedelta(days=30)  # bookings of this time make the share
SHOWN = 50  # people of the list; the number above it counts all


@dataclass(frozen=True, slots=True)
class Line:
    """One service at one centre."""

    centre: Centre
    service: Service
    next_free: datetime | None  # the first place that can be booked now
    days: int | None  # until then
    is_within: bool
    booked: int  # within OVER
    within: int  # of them, so many within the target

    @property
    def percent(self) -> int | None:
        """The share of bookings within the target, or None if nobody booked."""
        return None if not self.booked else 100 * self.within // self.booked


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody with a complete file and no appointment."""

    reference: str
    pk: Any
    is_urgent: bool
    since: datetime
    days: int
    is_late: bool


def lines(centres: Sequence[Centre], now: datetime) -> list[Line]:
    """Return each centre's services that have slots ahead or had bookings; two queries."""
    free, booked = _next_free(centres, now), _booked(centres, now)
    today = civil_date(now)
    law = LAW.on(today)
    found = []
    for centre in centres:
        for service in Service:
            key = (centre.pk, str(service))
            if key not in free and key not in booked:
                continue
            first = free.get(key)
            day = civil_date(first) if first else None
            total, within = booked.get(key, (0, 0))
            found.append(
                Line(
                    centre=centre,
                    service=service,
                    next_free=first,
                    days=(day - today).days if day else None,
                    is_within=day is not None and is_within_target(today, day, law),
                    booked=total,
                    within=within,
                )
            )
    return found


def waiting(centres: Sequence[Centre], now: datetime) -> tuple[list[Waiting], int]:
    """Return who waits for an appointment at these missions, urgent cases first, and how many.

    Two queries; no names.  Who walks in without an appointment is not on the list (RD-01).
    """
    rows = Application.objects.filter(
        mission__in={one.mission_id for one in centres},
        state__in=[ApplicationState.SUBMITTED, ApplicationState.NOT_ACCEPTED],
        retiree_card=False,
        submitted_at__isnull=False,
    )
    told = rows.order_by("-is_urgent", "submitted_at", "pk").values_list(
        "reference", "pk", "is_urgent", "submitted_at"
    )
    today = civil_date(now)
    return [_waiting(row, today) for row in told[:SHOWN]], rows.count()


def _waiting(row: Any, today: date) -> Waiting:
    reference, key, is_urgent, since = row
    day = civil_date(since)
    late = not is_within_target(day, today, LAW.on(today))
    return Waiting(reference, key, is_urgent, since, (today - day).days, late)


def _next_free(centres: Sequence[Centre], now: datetime) -> dict[tuple[int, str], datetime]:
    notice = ExpressionWrapper(
        F("centre__notice_hours") * Value(timedelta(hours=1)), output_field=DurationField()
    )
    rows = (
        Slot.objects.filter(centre__in=centres, taken__lt=F("released"))
        .filter(starts_at__gte=Value(now) + notice)
        .order_by()
        .values_list("centre", "service")
        .annotate(first=Min("starts_at"))
    )
    return {(centre, service): first for centre, service, first in rows}


def _booked(centres: Sequence[Centre], now: datetime) -> dict[tuple[int, str], tuple[int, int]]:
    """Return, of the bookings made lately, how many there were and how many soon enough."""
    took = ExpressionWrapper(
        TruncDate("slot__starts_at", tzinfo=ALGIERS) - TruncDate("booked_at", tzinfo=ALGIERS),
        output_field=DurationField(),
    )
    rows = (
        Appointment.objects.filter(slot__centre__in=centres, booked_at__gt=now - OVER)
        .filter(booked_at__lte=now)
        .annotate(took=took)
        .order_by()
        .values_list("slot__centre", "slot__service")
        .annotate(
            total=Count("pk"),
            within=Count("pk", filter=Q(took__lte=target(LAW.on(civil_date(now))))),
        )
    )
    return {(centre, service): (total, within) for centre, service, total, within in rows}
