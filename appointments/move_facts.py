"""From the database to the facts of a plan of new times (RD-06, RD-08).

A constant number of queries, and no model instances: a window may concern 100,000 people.  Free
is what everybody could book: seats that AT-07 has still to open, or that a draw holds, are not
taken for those who move, unless a centre manager adds them to the plan (`MovePlan.added`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from .models import MaintenanceWindow, MovePlan
from .rules.moves import Affected, FreeSlot, MoveFacts, MoveRules

# A plan keeps its notice if it is applied within this time: somebody must look at it first.
TIME_TO_LOOK = timedelta(hours=1)
_ROWS = 5000  # fetched at once


@dataclass(frozen=True, slots=True)
class Choices:
    """What a plan is computed with; another choice is another plan."""

    notice_hours: int
    earlier_centres: tuple[str, ...]
    pins: Mapping[str, int]
    added: Mapping[int, int]

    @classmethod
    def of(cls, plan: MovePlan) -> Choices:
        """Return what stands in the row of a plan."""
        return cls(
            plan.notice_hours,
            tuple(plan.earlier_centres),
            {key: int(slot) for key, slot in plan.pins.items()},
            {int(slot): int(seats) for slot, seats in plan.added.items()},
        )


def moment_for(now: datetime) -> datetime:
    """Return until when a plan that is computed `now` may be applied: a full minute."""
    return (now + TIME_TO_LOOK).replace(second=0, microsecond=0)


def facts_of(plan: MovePlan, *, moment: datetime) -> MoveFacts:
    """Return who must move out of the windows in force, and where seats are free after `moment`.

    People who moved already, cancelled, or arrived are not in it; slots that touch any window in
    force of their centre are not either.
    """
    choices = Choices.of(plan)
    return MoveFacts(
        moment=moment,
        affected=tuple(_affected(plan.maintenance_id, choices)),
        slots=tuple(_slots(plan.maintenance_id, choices, moment)),
        rules=MoveRules(
            notice=timedelta(hours=choices.notice_hours),
            earlier_same_day=frozenset(choices.earlier_centres),
        ),
    )


def windows_in_force(maintenance_id: int) -> bool:
    """Tell whether a maintenance closes anything as it stands."""
    return MaintenanceWindow.objects.filter(maintenance=maintenance_id, in_force=True).exists()


# The appointments of a maintenance: starting inside one of its windows in force (RD-06).
AFFECTED = """
    FROM appointments_maintenancewindow w
    JOIN appointments_slot s ON s.centre_id = w.centre_id
      AND s.starts_at >= lower(w.hours) AND s.starts_at < upper(w.hours)
    JOIN appointments_centre c ON c.id = w.centre_id
    JOIN appointments_appointment a ON a.slot_id = s.id AND a.state = 'booked'
    WHERE w.maintenance_id = %s AND w.in_force
"""
_AFFECTED = f"""
    SELECT a.id::text, s.starts_at, s.minutes, c.code, s.service,
      row_number() OVER (ORDER BY a.booked_at, a.id), coalesce(a.party::text, ''), a.earlier_ok
    {AFFECTED}
"""
_SLOTS = """
    SELECT s.id, s.starts_at, s.minutes, c.code, s.service, s.released - s.taken
    FROM appointments_slot s JOIN appointments_centre c ON c.id = s.centre_id
    WHERE s.centre_id IN (
        SELECT centre_id FROM appointments_maintenancewindow WHERE maintenance_id = %s AND in_force
      )
      AND s.starts_at >= %s AND NOT s.is_suspended
      AND NOT EXISTS (
        SELECT FROM appointments_maintenancewindow o
        WHERE o.centre_id = s.centre_id AND o.in_force
          AND lower(o.hours) < s.starts_at + s.minutes * interval '1 minute'
          AND s.starts_at < upper(o.hours)
      )
"""


def _affected(maintenance_id: int, choices: Choices) -> Iterator[Affected]:
    for key, start, minutes, centre, service, arrival, party, earlier in _rows(
        _AFFECTED, [maintenance_id]
    ):
        yield Affected(
            id=key,
            start=start,
            minutes=minutes,
            centre=centre,
            service=service,
            arrival=arrival,
            family=party,
            pinned=choices.pins.get(key),
            may_be_earlier=earlier,
        )


def _slots(maintenance_id: int, choices: Choices, moment: datetime) -> Iterator[FreeSlot]:
    added = choices.added
    for key, start, minutes, centre, service, free in _rows(_SLOTS, [maintenance_id, moment]):
        yield FreeSlot(
            id=key,
            start=start,
            minutes=minutes,
            centre=centre,
            service=service,
            free=free + added.get(key, 0),
        )


def _rows(sql: str, params: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while some := cursor.fetchmany(_ROWS):
            yield from some
