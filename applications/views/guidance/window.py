"""A picture of the 180-day window: one line per month, one square per day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.dates import DateRange

SQUARE, GAP, LABEL = 10, 2, 58  # units of the drawing
STEP = SQUARE + GAP


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: where it is drawn, and what it is."""

    x: int
    y: int
    kind: str  # absent, present, over, last


@dataclass(frozen=True, slots=True)
class Month:
    """One line of the drawing."""

    label: str
    x: int
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stay as far as it lies in the window."""

    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Window:
    """The window as a drawing and as text; `rtl` mirrors it for Arabic."""

    first: date
    last: date
    months: tuple[Month, ...]
    parts: tuple[Part, ...]
    width: int
    height: int
    days: int


def draw_window(
    first: date, last: date, stays: Iterable[DateRange], over: date | None, *, rtl: bool
) -> Window:
    """Draw the days from `first` to `last`; days from `over` on that were spent are too many."""
    parts = tuple(_parts(first, last, stays))
    width = LABEL + 31 * STEP
    starts = list(_month_starts(first, last))
    months = tuple(
        Month(
            label=f"{start:%m/%Y}",
            x=width if rtl else 0,
            y=number * STEP + SQUARE - 1,
            cells=tuple(_cells(start, first, last, parts, over, number * STEP, width, rtl)),
        )
        for number, start in enumerate(starts)
    )
    days = sum(part.days for part in parts)
    return Window(first, last, months, parts, width, len(starts) * STEP, days)


def _parts(first: date, last: date, stays: Iterable[DateRange]) -> Iterator[Part]:
    for stay in stays:
        start, end = max(stay.first, first), min(stay.last or last, last)
        if start <= end:
            yield Part(start, end, (end - start).days + 1)


def _month_starts(first: date, last: date) -> Iterator[date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = (start + timedelta(days=31)).replace(day=1)


def _cells(
    start: date,
    first: date,
    last: date,
    parts: tuple[Part, ...],
    over: date | None,
    y: int,
    width: int,
    rtl: bool,
) -> Iterator[Cell]:
    for offset in range(31):
        day = start + timedelta(days=offset)
        if day.month != start.month:
            return
        if first <= day <= last:
            x = LABEL + offset * STEP
            yield Cell(width - x - SQUARE if rtl else x, y, _kind(day, last, parts, over))


def _kind(day: date, last: date, parts: tuple[Part, ...], over: date | None) -> str:
    kind = "absent"
    if any(part.first <= day <= part.last for part in parts):
        kind = "over" if over is not None and day >= over else "present"
    return f"{kind} last" if day == last else kind
