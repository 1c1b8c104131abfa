"""Whom a maintenance touches: who starts inside, and who starts before and runs into it (RD-06)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count

from portal.dates import civil_date

from .enums import DRAW_IN_FORCE, LIVE_STATES
from .models import Appointment, Centre, Draw, Maintenance
from .rules.maintenance import Effect, Window, effect_on_appointment

_LONGEST = timedelta(hours=12)  # of an appointment


@dataclass(frozen=True, slots=True)
class CentreEffect:
    """How many live appointments of a centre start inside a window, and how many run into one."""

    centre: Centre
    windows: int
    affected: int
    overlapped: int


def effects(maintenance: Maintenance) -> list[CentreEffect]:
    """Count by centre whom the windows of a maintenance touch, as the appointments stand now."""
    windows: dict[int, list[Window]] = defaultdict(list)
    centres: dict[int, Centre] = {}
    for row in maintenance.windows.select_related("centre"):
        windows[row.centre_id].append(row.as_rule())
        centres[row.centre_id] = row.centre
    return [_effect(centres[pk], windows[pk]) for pk in sorted(windows)]


def _effect(centre: Centre, windows: list[Window]) -> CentreEffect:
    rows = Appointment.objects.filter(
        slot__centre=centre,
        state__in=LIVE_STATES,
        slot__starts_at__gt=min(one.start for one in windows) - _LONGEST,
        slot__starts_at__lt=max(one.end for one in windows),
    )
    times = rows.order_by().values_list("slot__starts_at", "slot__minutes").annotate(Count("pk"))
    count = dict.fromkeys(Effect, 0)
    for starts_at, minutes, people in times:
        ends_at = starts_at + timedelta(minutes=minutes)
        count[effect_on_appointment(starts_at, ends_at, windows)] += people
    return CentreEffect(
        centre, len(windows), affected=count[Effect.AFFECTED], overlapped=count[Effect.OVERLAPS]
    )


def touched_draws(maintenance: Maintenance) -> list[Draw]:
    """Return the draws in force that have a day of the windows."""
    windows = list(maintenance.windows.values_list("centre", "hours"))
    draws = Draw.objects.filter(
        centre__in={centre for centre, _hours in windows}, state__in=DRAW_IN_FORCE
    ).select_related("centre")
    return [
        draw
        for draw in draws.only("centre", "service", "days", "state")
        if any(_has_day(draw, hours) for centre, hours in windows if centre == draw.centre_id)
    ]


def _has_day(draw: Draw, hours: Any) -> bool:
    last = civil_date(hours.upper - timedelta(microseconds=1))
    return bool(civil_date(hours.lower) < draw.days.upper and draw.days.lower <= last)
