"""Public figures of a mission: complaints by month and subject, time to answer, appeals by year.

Complaints are counted while they are kept, a year after closing (DP-04); so the twelve months that
end with the present one are whole.  A number below FEWEST is not shown, no sums are given from
which it could be computed, and missions are never added up for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise

from portal.dates import add_months, is_working_day
from portal.missions.models import Mission

from .enums import SUBJECTS, Category
from .models import RegisterYear

MONTHS = 12
FEWEST = 5  # from here on a number is shown; below, 1 to 4 could be somebody one knows

# Of the picture, in its own units: lines as far apart, bars as long at most, after the month.
_STEP, _LONG, _LEFT = 24, 200, 56
WIDTH, HEIGHT = 300, _STEP * MONTHS

# One walk through the cases of a mission.  A day's number counts working days up to it, so the
# difference of two is how many lie between; the calendar goes in, for the database knows no Eid.
_COUNTED = """
    WITH calendar AS (
        SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[]) AS one(day, number)
    ), arrived AS (
        SELECT category,
            (received_at AT TIME ZONE 'Africa/Algiers')::date AS came,
            CASE WHEN state = 'closed' THEN (closed_at AT TIME ZONE 'Africa/Algiers')::date END
                AS answered
        FROM complaints_case
        WHERE mission_id = %(mission)s AND category = ANY(%(subjects)s)
            AND received_at >= (%(first)s::timestamp AT TIME ZONE 'Africa/Algiers')
    )
    SELECT arrived.category, date_trunc('month', came)::date AS month, count(*),
        count(till.number),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY till.number - since.number)
    FROM arrived
    JOIN calendar since ON since.day = came
    LEFT JOIN calendar till ON till.day = answered
    GROUP BY GROUPING SETS ((arrived.category, month), (arrived.category))
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it may be shown: None where it is small."""

    shown: int | None

    @classmethod
    def of(cls, count: int) -> Cell:
        """Hide 1 to 4; nothing at all is nobody's secret."""
        return cls(count if count == 0 or count >= FEWEST else None)


@dataclass(frozen=True, slots=True)
class Bar:
    """One month in the picture; `hatched` where the number is hidden."""

    y: int
    length: int
    month: date
    cell: Cell

    @property
    def hatched(self) -> bool:
        """Whether the length says nothing but that there was something."""
        return self.cell.shown is None

    @property
    def text_y(self) -> int:
        """The line on which month and number are written."""
        return self.y + 15

    @property
    def end(self) -> int:
        """Where the number is written, behind the bar."""
        return _LEFT + self.length + 6


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of complaints; `median` in working days, None where too few are answered."""

    label: str | Promise
    months: list[Cell]
    median: float | None
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is published of one mission."""

    months: list[date]
    subjects: list[Subject]
    appeals: list[tuple[int, Cell]]

    @property
    def rows(self) -> Iterator[tuple[date, list[Cell]]]:
        """The table, the newest month first."""
        for number, month in reversed(list(enumerate(self.months))):
            yield month, [subject.months[number] for subject in self.subjects]


def figures_of(mission: Mission, today: date) -> Figures:
    """Return the figures of a mission as of `today` in Algiers; two queries."""
    this_month = today.replace(day=1)
    months = [add_months(this_month, back) for back in range(1 - MONTHS, 1)]
    counts, medians = _counted(mission, months[0], today)
    subjects = []
    for subject in SUBJECTS:
        cells = [Cell.of(counts.get((subject, month), 0)) for month in months]
        bars = _bars(months, cells)
        subjects.append(Subject(subject.label, cells, medians.get(subject), bars))
    years = RegisterYear.objects.filter(mission=mission).order_by("-year")
    # The register has no gaps: its last number is how many there are.
    appeals = [(year, Cell.of(last)) for year, last in years.values_list("year", "last")]
    return Figures(months, subjects, appeals)


def _counted(
    mission: Mission, first: date, today: date
) -> tuple[dict[tuple[Category, date], int], dict[Category, float]]:
    days, numbers = _calendar(first, today)
    values: dict[str, Any] = {
        "days": days,
        "numbers": numbers,
        "mission": mission.pk,
        "subjects": [str(one) for one in SUBJECTS],
        "first": first,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, values)
        rows = cursor.fetchall()
    counts = {(Category(name), month): count for name, month, count, _n, _m in rows if month}
    medians = {
        Category(name): float(median)
        for name, month, _count, answered, median in rows
        if month is None and answered >= FEWEST
    }
    return counts, medians


def _calendar(first: date, last: date) -> tuple[list[date], list[int]]:
    """Number the days from `first` to `last` by the working days up to each."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    numbers, so_far = [], 0
    for day in days:
        so_far += is_working_day(day)
        numbers.append(so_far)
    return days, numbers


def _bars(months: list[date], cells: list[Cell]) -> list[Bar]:
    """Draw the newest month first, each as long as its number says."""
    most = max(FEWEST, *(cell.shown or 0 for cell in cells))
    newest_first = reversed(list(zip(months, cells, strict=True)))
    # A hidden number is drawn as long as the smallest that is shown.
    return [
        Bar(
            line * _STEP,
            round(_LONG * (FEWEST if cell.shown is None else cell.shown) / most),
            month,
            cell,
        )
        for line, (month, cell) in enumerate(newest_first)
    ]
