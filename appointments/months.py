"""A month of free times: how many places each day still has."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dates import ALGIERS, civil_date
from portal.formats import month_name, weekday_date, weekday_names

from .capacity import free_slots
from .models import Centre

WEEK_BEGINS = calendar.SUNDAY  # the working week of Algeria is Sunday to Thursday (CV-05)


@dataclass(frozen=True, slots=True)
class Day:
    """One field of the calendar; `label` says it in words, `iso` is "" where nothing is free."""

    number: int
    places: int
    label: str
    iso: str


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar leaf; `weeks` hold None for the days of other months."""

    title: str
    weekdays: list[tuple[str, str]]  # in full and short
    weeks: list[list[Day | None]]
    earlier: str
    later: str
    places: int


def free_month(centre: Centre, service: str, now: datetime, month: str = "") -> Month:
    """Return the free places of each day of `month`, as in 2026-12; one query.

    A month that cannot be read, or lies outside the days that can be booked, is the next best.
    """
    first, last = _bookable_months(centre, now)
    shown = min(max(_as_month(month) or first, first), last)
    free = _places(centre, service, now, shown)
    weeks = calendar.Calendar(WEEK_BEGINS).monthdatescalendar(shown.year, shown.month)
    return Month(
        title=month_name(shown),
        weekdays=[weekday_names(day) for day in weeks[0]],
        weeks=[[_day(day, free) if day.month == shown.month else None for day in w] for w in weeks],
        earlier=_iso(_before(shown)) if shown > first else "",
        later=_iso(_after(shown)) if shown < last else "",
        places=sum(free.values()),
    )


def _as_month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _bookable_months(centre: Centre, now: datetime) -> tuple[date, date]:
    today = civil_date(now)
    return today.replace(day=1), (today + timedelta(days=centre.horizon_days)).replace(day=1)


def _places(centre: Centre, service: str, now: datetime, month: date) -> dict[date, int]:
    begin = datetime.combine(month, time(), ALGIERS)
    end = datetime.combine(_after(month), time(), ALGIERS)
    rows = (
        free_slots(centre, service, now)
        .filter(starts_at__gte=begin, starts_at__lt=end)
        .annotate(day=TruncDate("starts_at", tzinfo=ALGIERS))
        .order_by("day")
        .values_list("day")
        .annotate(places=Sum(F("released") - F("taken")))
    )
    return dict(rows)


def _day(day: date, free: Mapping[date, int]) -> Day:
    places = free.get(day, 0)
    if not places:
        label = _("%(day)s: no free place") % {"day": weekday_date(day)}
        return Day(day.day, 0, label, "")
    label = ngettext("%(day)s: %(count)s free place", "%(day)s: %(count)s free places", places) % {
        "day": weekday_date(day),
        "count": places,
    }
    return Day(day.day, places, label, day.isoformat())


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _iso(month: date) -> str:
    return f"{month:%Y-%m}"
