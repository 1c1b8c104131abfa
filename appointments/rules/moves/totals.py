"""The numbers of a plan, for a page: how many moved, by how much, per centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from portal.dates import civil_date

from .outcome import Move, Plan

HOUR, DAY = 60, 1440
# Upper ends of the drawn bars, in minutes, the end included; what is more goes into the last bar.
STEPS = (HOUR, 4 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY)


@dataclass(frozen=True, slots=True)
class Totals:
    """Displacements in minutes, both directions counted alike.

    `histogram` holds one (upper end, count) per step, and the last with None as its end.
    """

    moved: int
    unplaced: int
    total: int
    maximum: int
    median: float
    earlier: int
    same_day: int
    by_hand: int
    histogram: tuple[tuple[int | None, int], ...]


def totals_of(plan: Plan) -> Totals:
    """Return the numbers of the whole plan."""
    return _totals(plan.moves, len(plan.unplaced))


def totals_by_centre(plan: Plan) -> dict[str, Totals]:
    """Return the numbers of each centre, in order of its code."""
    moves: dict[str, list[Move]] = defaultdict(list)
    missing: dict[str, int] = defaultdict(int)
    for move in plan.moves:
        moves[move.centre].append(move)
    for item in plan.unplaced:
        missing[item.centre] += 1
    centres = sorted(moves.keys() | missing.keys())
    return {centre: _totals(moves.get(centre, ()), missing[centre]) for centre in centres}


def _totals(moves: Iterable[Move], unplaced: int) -> Totals:
    moves = list(moves)
    far = [abs(move.minutes) for move in moves]
    return Totals(
        moved=len(moves),
        unplaced=unplaced,
        total=sum(far),
        maximum=max(far, default=0),
        median=median(far) if far else 0,
        earlier=sum(move.minutes < 0 for move in moves),
        same_day=sum(civil_date(move.old) == civil_date(move.new) for move in moves),
        by_hand=sum(move.pinned for move in moves),
        histogram=tuple(_histogram(far)),
    )


def _histogram(far: list[int]) -> Iterable[tuple[int | None, int]]:
    below = 0
    for step in STEPS:
        up_to = sum(minutes <= step for minutes in far)
        yield step, up_to - below
        below = up_to
    yield None, len(far) - below
