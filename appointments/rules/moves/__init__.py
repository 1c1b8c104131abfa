"""Moving everyone out of a maintenance window: the plan, a pure function (RD-06, RD-08)."""

from .explain import conflicts, why, why_not
from .facts import Affected, FreeSlot, MoveFacts, MoveRules
from .outcome import Move, Need, Plan, Unplaced
from .planner import plan_moves
from .totals import Totals, totals_by_centre, totals_of

__all__ = [
    "Affected",
    "FreeSlot",
    "Move",
    "MoveFacts",
    "MoveRules",
    "Need",
    "Plan",
    "Totals",
    "Unplaced",
    "conflicts",
    "plan_moves",
    "totals_by_centre",
    "totals_of",
    "why",
    "why_not",
]
