"""Moving everyone out of a maintenance window: the plan, a pure function (RD-06, RD-08)."""

from .explain import conflicts, what_changed, why, why_not
from .facts import Affected, FreeSlot, MoveFacts, MoveRules
from .outcome import Change, Move, Need, Plan, Replan, Unplaced
from .planner import plan_moves
from .replan import replan
from .totals import Totals, totals_by_centre, totals_of

__all__ = [
    "Affected",
    "Change",
    "FreeSlot",
    "Move",
    "MoveFacts",
    "MoveRules",
    "Need",
    "Plan",
    "Replan",
    "Totals",
    "Unplaced",
    "conflicts",
    "plan_moves",
    "replan",
    "totals_by_centre",
    "totals_of",
    "what_changed",
    "why",
    "why_not",
]
