"""The pictures of a plan of new times, as plain numbers for SVG: no script, no inline style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.dates import ALGIERS

from .rules.moves import Move

LINES = 300  # moves that are drawn one by one; more are drawn as sums of days
_BAR, _TALL = 76, 140
WIDTH = 640
_LEFT, _RIGHT = 30, WIDTH - 30
_TICKS = 10
UPPER, LOWER = 50, 150  # where the lines of old and new times lie


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the distribution: `y` and `height` in units of the picture."""

    label: str
    count: int
    x: int
    y: int
    height: int
    middle: int


@dataclass(frozen=True, slots=True)
class Line:
    """A move, from its place on the upper line to its place on the lower one."""

    x1: int
    x2: int
    early: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """How many leave a day, or come to it; a bar from its line up to `top`."""

    x: int
    count: int
    top: int
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """One centre: its days, and either moves or sums of days."""

    code: str
    centre: str
    moved: int
    first: date
    last: date
    ticks: list[tuple[int, date]]
    lines: list[Line]
    leaving: list[Sum]
    coming: list[Sum]


def distribution(histogram: Sequence[Sequence[Any]]) -> list[Bar]:
    """Return the bars of how far people are moved."""
    most = max((count for _end, count in histogram), default=0) or 1
    bars = []
    for number, (end, count) in enumerate(histogram):
        height = round(_TALL * count / most)
        x = 10 + number * _BAR
        label = _step(histogram, number, end)
        bars.append(Bar(label, count, x, 20 + _TALL - height, height, x + (_BAR - 12) // 2))
    return bars


def _step(histogram: Sequence[Sequence[Any]], number: int, end: int | None) -> str:
    if end is None:
        return _("over %(time)s") % {"time": _short(histogram[number - 1][0])}
    return _("up to %(time)s") % {"time": _short(end)}


def _short(minutes: int) -> str:
    if minutes < 1440:
        return _("%(hours)s h") % {"hours": minutes // 60}
    days = minutes // 1440
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def timelines(
    days: Mapping[str, Sequence[Sequence[Any]]], names: Mapping[str, str], moves: Iterable[Move]
) -> list[Timeline]:
    """Return a picture per centre; `moves` are drawn one by one, without them sums of days."""
    by_centre: dict[str, list[Move]] = {}
    for move in moves:
        by_centre.setdefault(move.centre, []).append(move)
    return [
        _timeline(code, names.get(code, code), rows, by_centre.get(code, []))
        for code, rows in days.items()
    ]


def _timeline(
    code: str, name: str, rows: Sequence[Sequence[Any]], moves: Sequence[Move]
) -> Timeline:
    leaving: Counter[date] = Counter()
    coming: Counter[date] = Counter()
    for old, new, count in rows:
        leaving[date.fromisoformat(old)] += count
        coming[date.fromisoformat(new)] += count
    first, last = min(leaving | coming), max(leaving | coming)
    scale = _Scale(first, last)
    most = max([*leaving.values(), *coming.values()])
    return Timeline(
        code=code,
        centre=name,
        moved=sum(leaving.values()),
        first=first,
        last=last,
        ticks=scale.ticks(),
        lines=[Line(scale.x(m.old), scale.x(m.new), m.new < m.old) for m in moves],
        leaving=[] if moves else _sums(leaving, scale, most, UPPER),
        coming=[] if moves else _sums(coming, scale, most, LOWER),
    )


def _sums(counted: Mapping[date, int], scale: _Scale, most: int, line: int) -> list[Sum]:
    return [
        Sum(scale.noon(day), count, line - round(4 + 40 * count / most), day)
        for day, count in sorted(counted.items())
    ]


class _Scale:
    """From moments to places on a line, from the first day to the end of the last."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, (last - first).days + 1
        self.start = datetime.combine(first, time(), ALGIERS)

    def x(self, moment: datetime) -> int:
        share = (moment - self.start) / timedelta(days=self.days)
        return round(_LEFT + (_RIGHT - _LEFT) * share)

    def noon(self, day: date) -> int:
        return self.x(datetime.combine(day, time(12), ALGIERS))

    def ticks(self) -> list[tuple[int, date]]:
        step = -(-self.days // _TICKS)
        days = (self.first + timedelta(days=n) for n in range(0, self.days, step))
        return [(self.x(datetime.combine(day, time(), ALGIERS)), day) for day in days]
