"""What pages show of a plan of new times, as plain values that are stored beside it.

A plan of 100,000 moves has 25 MB; its pages must not read it each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from portal.dates import civil_date

from .rules.moves import Change, Plan, Totals, totals_by_centre, totals_of

SHOWN = 200  # conflicts and changes that are kept by name; of the others only the number


def numbers_of(plan: Plan, changes: Iterable[Change] = ()) -> dict[str, Any]:
    """Return the numbers of a plan, of each centre, and what changed since the earlier plan."""
    changes = list(changes)
    conflicts = [move.id for move in plan.moves if move.conflicts]
    return {
        **_plain(totals_of(plan)),
        "bound": plan.bound,
        "proven": plan.proven,
        "centres": {code: _plain(one) for code, one in totals_by_centre(plan).items()},
        "days": _days(plan),
        "conflicts": len(conflicts),
        "in_conflict": conflicts[:SHOWN],
        "changed": len(changes),
        "changes": [_change(one) for one in changes[:SHOWN]],
    }


def _plain(totals: Totals) -> dict[str, Any]:
    return {
        "moved": totals.moved,
        "unplaced": totals.unplaced,
        "total": totals.total,
        "maximum": totals.maximum,
        "median": totals.median,
        "earlier": totals.earlier,
        "same_day": totals.same_day,
        "by_hand": totals.by_hand,
        "histogram": [[end, count] for end, count in totals.histogram],
    }


def _days(plan: Plan) -> dict[str, list[list[Any]]]:
    """Return per centre how many move from which day to which day."""
    counted = Counter(
        (move.centre, civil_date(move.old).isoformat(), civil_date(move.new).isoformat())
        for move in plan.moves
    )
    found: dict[str, list[list[Any]]] = {}
    for (centre, old, new), count in sorted(counted.items()):
        found.setdefault(centre, []).append([old, new, count])
    return found


def _change(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "id": change.id,
        "cause": change.cause,
        "before": before and before.new.isoformat(),
        "after": after and after.new.isoformat(),
    }
