"""Public holidays and a centre's own closed and open days (CV-05).

The calendar gives defaults: its Islamic dates are estimates, and centres close on days that no
list has.  What a centre says of a day wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from portal.audit import operations as audit
from portal.dates import public_holidays

from .enums import ClosureKind
from .models import Centre, Closure


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that differs from an ordinary one; `said` is what the centre says of it, or ""."""

    day: date
    holiday: str
    said: str
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether the centre works on it in spite of the holiday."""
        return self.said == ClosureKind.OPEN


def days_off(centre: Centre, first_day: date, last_day: date) -> list[DayOff]:
    """Return the holidays and the centre's own days from `first_day` to `last_day`; one query."""
    years = range(first_day.year, last_day.year + 1)
    language = (get_language() or "fr")[:2]
    holidays = {
        day: name
        for year in years
        for day, name in public_holidays(year, language=language).items()
    }
    own = {row.day: row for row in centre.closures.filter(day__gte=first_day, day__lte=last_day)}
    days = sorted(day for day in holidays.keys() | own.keys() if first_day <= day <= last_day)
    return [
        DayOff(
            day,
            holidays.get(day, ""),
            own[day].kind if day in own else "",
            own[day].reason if day in own else "",
        )
        for day in days
    ]


@transaction.atomic
def toggle_day(*, centre: Centre, day: date, kind: str, reason: str, actor: Any) -> None:
    """Open or close a day for a centre; without `kind` the calendar holds again.

    Slots that are open already follow only when the comparison is applied.
    """
    if kind:
        Closure.objects.update_or_create(
            centre=centre, day=day, defaults={"kind": kind, "reason": reason}
        )
    else:
        Closure.objects.filter(centre=centre, day=day).delete()
    audit.record(
        actor=actor,
        action="centre.day",
        subject=centre,
        reason=reason,
        details={"day": day.isoformat(), "kind": kind},
    )
