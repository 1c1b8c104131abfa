"""How old the open cases are and who handles how many, as numbers that can be drawn.

Whoever may not read the cases gets small numbers as "fewer than 5": they could point at somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from .enums import ENDED_CASES, OPEN_CASES, CaseState, Category
from .models import Case
from .working_ages import waits_longer_since

# Working days that a case has waited: up to 5, 6 to 10, …, more than 60.
BOUNDS = (5, 10, 20, 40, 60)
SMALL = 5
WIDTH = 300  # of a picture, in its own units


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: what it counts, how many in words, and where it is drawn."""

    label: str
    shown: str
    y: int
    width: int

    @property
    def middle(self) -> int:
        """Where the number stands."""
        return self.y + 19


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars under one title, with what the drawing needs."""

    name: str
    title: str
    bars: list[Bar]

    @property
    def height(self) -> int:
        """The height of the drawing in its own units."""
        return 44 * len(self.bars) + 4


def ages(rows: QuerySet[Case], today: date, *, exact: bool) -> list[Picture]:
    """Return one picture per category of how long its open cases wait; one query."""
    edges = [None, *(waits_longer_since(today, days) for days in BOUNDS), None]
    parts = {}
    for index, (late, early) in enumerate(pairwise(edges)):
        within = Q()
        if late is not None:
            within &= Q(received_at__lt=late)
        if early is not None:
            within &= Q(received_at__gte=early)
        parts[f"part{index}"] = Count("pk", filter=within)
    open_rows = rows.filter(state__in=[str(one) for one in OPEN_CASES]).order_by()
    counted: dict[str, dict[str, int]] = {
        row.pop("category"): row  # type: ignore[misc]
        for row in open_rows.values("category").annotate(**parts)
    }
    return [
        Picture(
            f"ages-{category}",
            str(category.label),
            _bars([(label, counted[category][part]) for part, label in _labelled(parts)], exact),
        )
        for category in Category
        if category in counted
    ]


def workload(rows: QuerySet[Case], today: date, *, exact: bool) -> list[Picture]:
    """Return how many cases each handler has, and ended within 30 days; two queries."""
    per_handler = rows.filter(assigned_to__isnull=False).order_by("assigned_to__email")
    at_hand = per_handler.filter(state__in=[str(one) for one in OPEN_CASES])
    since = waits_longer_since(today, 0) - timedelta(days=30)
    ended = per_handler.filter(state__in=[str(one) for one in ENDED_CASES], closed_at__gte=since)
    waiting = rows.filter(state=CaseState.RECEIVED).count()
    named = [(_("Nobody yet"), waiting), *_by_handler(at_hand)]
    return [
        Picture("at-hand", _("Open cases per handler"), _bars(named, exact)),
        Picture("ended", _("Ended within 30 days per handler"), _bars(_by_handler(ended), exact)),
    ]


def _by_handler(rows: QuerySet[Case]) -> list[tuple[str, int]]:
    counted = rows.values_list("assigned_to__email").annotate(count=Count("pk"))
    return [(email, count) for email, count in counted]


def _labelled(parts: Iterable[str]) -> list[tuple[str, str]]:
    first = [_("up to %(last)s") % {"last": BOUNDS[0]}]
    middle = [
        _("%(first)s to %(last)s") % {"first": low + 1, "last": high}
        for low, high in pairwise(BOUNDS)
    ]
    last = [_("more than %(days)s") % {"days": BOUNDS[-1]}]
    return list(zip(parts, first + middle + last, strict=True))


def _bars(counts: list[tuple[str, int]], exact: bool) -> list[Bar]:
    most = max([count for _label, count in counts] + [SMALL])
    return [
        Bar(
            label=label,
            shown=str(count) if exact or count >= SMALL else _("fewer than %(n)s") % {"n": SMALL},
            y=44 * index + 20,
            width=max(1, round((WIDTH - 80) * (count if exact else max(count, SMALL)) / most)),
        )
        for index, (label, count) in enumerate(counts)
    ]
