"""Free slots as a person reads them: by day, in words, each with its seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dates import ALGIERS, civil_date
from portal.formats import clock, weekday_date

from .capacity import free_slots
from .models import Centre, Slot
from .rules.availability import FreeTime as _Seats
from .rules.availability import adjacent_seats


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One bookable time; `label` says day, time and seats in one sentence."""

    slot_id: int
    time: str
    seats: str
    label: str


@dataclass(frozen=True, slots=True)
class FreeDay:
    """All free times of one day."""

    day: date
    title: str
    times: list[FreeTime]


@dataclass(frozen=True, slots=True)
class Page:
    """Some days of free times; `earlier` and `later` are ISO dates of the next pages, or ""."""

    days: list[FreeDay]
    earlier: str
    later: str


DAYS_SHOWN = 5


def free_page(
    centre: Centre, service: str, now: datetime, first_day: str = "", people: int = 1
) -> Page:
    """Return the times of a centre with room for `people` from `first_day`, an ISO date, on.

    Two queries, however many slots there are.  A date that cannot be read means the first page.
    """
    slots = free_slots(centre, service, now)
    days = list(
        slots.annotate(day=TruncDate("starts_at", tzinfo=ALGIERS))
        .order_by("day")
        .values_list("day", flat=True)
        .distinct()
    )
    start = _index_of(days, first_day)
    shown = days[start : start + DAYS_SHOWN]
    following = days[start + DAYS_SHOWN : start + DAYS_SHOWN + 1]
    before = days[max(0, start - DAYS_SHOWN) : start][:1]
    return Page(
        days=_free_days(slots, shown, people),
        earlier=before[0].isoformat() if before else "",
        later=following[0].isoformat() if following else "",
    )


def _index_of(days: list[date], text: str) -> int:
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return 0
    later = (index for index, day in enumerate(days) if day >= wanted)
    return next(later, max(0, len(days) - DAYS_SHOWN))


def _free_days(slots: QuerySet[Slot], days: list[date], people: int) -> list[FreeDay]:
    """Group the slots of `days` by their day in Algiers.

    Formatted here and not in the template, which was measured two to three times slower.
    """
    if not days:
        return []
    begin = datetime.combine(days[0], time(), ALGIERS)
    end = datetime.combine(days[-1] + timedelta(days=1), time(), ALGIERS)
    rows = slots.filter(starts_at__gte=begin, starts_at__lt=end)
    grouped = (
        (day, _with_room(list(group), people))
        for day, group in groupby(rows, key=lambda slot: civil_date(slot.starts_at))
    )
    return [
        FreeDay(day, weekday_date(day), [_free_time(slot, people) for slot in fitting])
        for day, fitting in grouped
        if fitting
    ]


def _with_room(slots: list[Slot], people: int) -> list[Slot]:
    """Keep the slots at which adjacent seats for `people` begin (AP-01)."""
    if people == 1:
        return slots
    times = [_Seats(slot.pk, slot.starts_at, slot.ends_at, slot.free) for slot in slots]
    return [slot for index, slot in enumerate(slots) if adjacent_seats(times[index:], people)]


def _free_time(slot: Slot, people: int) -> FreeTime:
    start = clock(slot.starts_at)
    seats = _seats(slot.free) if people == 1 else _together(people)
    label = _("%(day)s, %(time)s, %(seats)s") % {
        "day": weekday_date(slot.starts_at),
        "time": start,
        "seats": seats,
    }
    return FreeTime(slot.pk, start, seats, label)


def _seats(free: int) -> str:
    return ngettext("%(count)s place", "%(count)s places", free) % {"count": free}


def _together(people: int) -> str:
    return ngettext("%(count)s place together", "%(count)s places together", people) % {
        "count": people
    }
