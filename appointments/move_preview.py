"""A plan of new times as its page shows it: a slice of the stored plan, in words.

A large plan is never read whole: the database cuts out the rows of one page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dates import ALGIERS
from portal.display import ShownFinding
from portal.wording import shown

from .enums import Service
from .models import Appointment, Centre, MovePlan
from .rules.moves import Change, Move, Plan, Replan, Unplaced, conflicts, what_changed, why, why_not
from .wording import MOVES, REPLAN

PAGE = 50  # moves on a page
UNPLACED = 200  # people without a time on the page; the list for computers has all

_SLICE = """
    SELECT plan - 'moves' - 'unplaced' || jsonb_build_object(
      'moves', jsonb_path_query_array(plan, '$.moves[$first to $last]', %s::jsonb),
      'unplaced', jsonb_path_query_array(plan, '$.unplaced[$from to $until]', %s::jsonb)
    )
    FROM appointments_moveplan WHERE id = %s AND plan IS NOT NULL
"""
_NAMED = """
    SELECT plan - 'moves' - 'unplaced' || jsonb_build_object(
      'moves', coalesce(
        (SELECT jsonb_agg(m) FROM jsonb_array_elements(plan -> 'moves') m WHERE m ->> 0 = ANY(%s)),
        '[]'
      ),
      'unplaced', '[]'::jsonb
    )
    FROM appointments_moveplan WHERE id = %s AND plan IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class ShownMove:
    """One line of the table; `new` is None for whoever has no time."""

    id: str
    reference: str
    centre: str
    service: str
    old: datetime
    new: datetime | None
    away: str
    why: ShownFinding
    conflicts: tuple[ShownFinding, ...] = ()
    pinned: bool = False
    family: bool = False


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """Seats that would place people, at one time of one desk."""

    slot: int
    centre: str
    service: str
    start: datetime
    seats: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What became of one planned time since the plan that was confirmed."""

    reference: str
    before: datetime | None
    after: datetime | None
    what: ShownFinding


def slice_of(
    plan_id: UUID, *, first: int = 0, count: int = PAGE, unplaced: int = UNPLACED, start: int = 0
) -> Plan | None:
    """Return the plan with `count` moves from `first`, and `unplaced` people from `start`."""
    cut = json.dumps({"first": first, "last": first + count - 1})
    rest = json.dumps({"from": start, "until": start + unplaced - 1})
    return _read(_SLICE, cut, rest, plan_id)


def named(plan_id: UUID, ids: Iterable[str]) -> Plan | None:
    """Return the plan with the moves of these appointments alone."""
    return _read(_NAMED, list(ids), plan_id)


def _read(sql: str, *params: Any) -> Plan | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    if row is None:
        return None
    return Plan.from_json(json.loads(row[0]) if isinstance(row[0], str) else row[0])


class Words:
    """Names of centres, services and appointments, read once for what one page shows."""

    def __init__(self, row: MovePlan, ids: Iterable[str]) -> None:
        centres = Centre.objects.filter(maintenance_windows__maintenance=row.maintenance_id)
        self.centres = {centre.code: centre.name for centre in centres.distinct()}
        self.references = {
            str(key): reference
            for key, reference in Appointment.objects.filter(pk__in=list(ids)).values_list(
                "pk", "reference"
            )
        }

    @classmethod
    def of(cls, row: MovePlan, plan: Plan) -> Words:
        """Return the words for all that `plan` holds, and for what changed."""
        changes = [one["id"] for one in row.totals.get("changes", [])]
        moved, others = [one.id for one in plan.moves], [one.id for one in plan.unplaced]
        return cls(row, moved + others + changes)

    def move(self, plan: Plan, move: Move) -> ShownMove:
        """Return the line of a move."""
        return ShownMove(
            id=move.id,
            reference=self.references.get(move.id, ""),
            centre=self.centres.get(move.centre, move.centre),
            service=str(Service(move.service).label),
            old=move.old,
            new=move.new,
            away=span(move.minutes),
            why=shown(why(plan, move), MOVES),
            conflicts=tuple(shown(one, MOVES) for one in conflicts(plan, move)),
            pinned=move.pinned,
            family=bool(move.family),
        )

    def unplaced(self, plan: Plan, item: Unplaced) -> ShownMove:
        """Return the line of somebody without a new time."""
        return ShownMove(
            id=item.id,
            reference=self.references.get(item.id, ""),
            centre=self.centres.get(item.centre, item.centre),
            service=str(Service(item.service).label),
            old=item.old,
            new=None,
            away="",
            why=shown(why_not(plan, item), MOVES),
            family=bool(item.family),
        )

    def needs(self, plan: Plan) -> list[ShownNeed]:
        """Return what capacity would place everybody."""
        return [
            ShownNeed(
                need.slot,
                self.centres.get(need.centre, need.centre),
                str(Service(need.service).label),
                need.start,
                need.seats,
            )
            for need in plan.needs
        ]

    def changes(self, plan: Plan, row: MovePlan) -> list[ShownChange]:
        """Return what differs from the plan that was confirmed and could not be applied."""
        again = Replan(plan, ())
        return [self._change(again, one) for one in row.totals.get("changes", [])]

    def _change(self, again: Replan, stored: Mapping[str, Any]) -> ShownChange:
        before, after = (_moment(stored[name]) for name in ("before", "after"))
        change = Change(stored["id"], _at(before), _at(after), stored["cause"])
        what = shown(what_changed(again, change), REPLAN)
        return ShownChange(self.references.get(stored["id"], ""), before, after, what)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _at(moment: datetime | None) -> Move | None:
    """Return a move of which only the new time is known."""
    return Move("", "", "", moment, 0, moment, "") if moment else None


def span(minutes: int) -> str:
    """Return such as "2 days 3 h 30 min later"."""
    said = length(abs(minutes))
    return (_("%(time)s earlier") if minutes < 0 else _("%(time)s later")) % {"time": said}


def length(minutes: int) -> str:
    """Return such as "2 days 3 h 30 min"."""
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else "",
        _("%(hours)s h") % {"hours": hours} if hours else "",
        _("%(minutes)s min") % {"minutes": left} if left or not minutes else "",
    ]
    return " ".join(part for part in parts if part)


# --- the list for computers ---------------------------------------------------------------------

_AT_ONCE = 5000


def csv_rows(row: MovePlan) -> Iterator[list[str]]:
    """Yield the plan line by line, the heading first; reads it in pieces."""
    yield [
        *(_("Reference"), _("Centre"), _("Service"), _("Old time"), _("New time")),
        *(_("Minutes later"), _("Why this time"), _("What it breaks")),
    ]
    first = 0
    while plan := slice_of(row.pk, first=first, count=_AT_ONCE, unplaced=_AT_ONCE, start=first):
        words = Words.of(row, plan)
        for move in plan.moves:
            yield _csv_row(words.move(plan, move), str(move.minutes))
        for item in plan.unplaced:
            yield _csv_row(words.unplaced(plan, item), "")
        if len(plan.moves) < _AT_ONCE and len(plan.unplaced) < _AT_ONCE:
            return
        first += _AT_ONCE


def _csv_row(line: ShownMove, minutes: str) -> list[str]:
    cells = [
        *(line.reference, line.centre, line.service, _on_the_wall(line.old)),
        *(_on_the_wall(line.new) if line.new else "", minutes, line.why.sentence),
        " ".join(one.sentence for one in line.conflicts),
    ]
    return [harmless(cell) for cell in cells]


def _on_the_wall(moment: datetime) -> str:
    """Return such as "2025-12-03 15:30+01:00": staff read times of Algiers, here as on the page."""
    return moment.astimezone(ALGIERS).isoformat(sep=" ", timespec="minutes")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula; a number with its sign is one."""
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not cell.lstrip("-").isdigit():
        return f"'{cell}"
    return cell
