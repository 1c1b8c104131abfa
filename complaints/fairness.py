"""Whether the order of arrival was kept: skips, cases given by hand, and how long it took.

For supervisors, and only about cases that they may read (RC-02).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F

from portal.audit.models import Entry

from .enums import Category
from .models import Case, Skip
from .permissions import visible_cases

MOST = 200  # lines of a list


class _Median(Aggregate):
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class ByHand:
    """A case that was given to somebody out of its turn."""

    case: Case
    at: datetime
    by: str
    reason: str
    passed_over: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the cases of a category took, in days, at the median; None where there is none."""

    category: str
    cases: int
    until_taken: float | None
    until_ended: float | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """The report of some days."""

    skips: list[Skip]
    skips_per_handler: list[tuple[str, int]]
    by_hand: list[ByHand]
    waits: list[Wait]


def fairness(user: Any, *, since: datetime) -> Fairness:
    """Return what happened since a moment, as far as `user` may read the cases."""
    seen = visible_cases(user)
    skips = Skip.objects.filter(case__in=seen, skipped_at__gte=since)
    per_handler = skips.order_by("handler__email").values_list("handler__email")
    return Fairness(
        skips=list(skips.select_related("case", "handler")[:MOST]),
        skips_per_handler=list(per_handler.annotate(count=Count("pk"))),
        by_hand=_by_hand(user, since),
        waits=_waits(user, since),
    )


def _by_hand(user: Any, since: datetime) -> list[ByHand]:
    entries = Entry.objects.filter(
        action="case.assign",
        at__gte=since,
        mission__in=user.missions.all(),
        details__by_hand=True,
        details__passed_over__gt=0,
    )[:MOST]
    found = list(entries)
    cases = visible_cases(user).filter(pk__in={entry.subject_id for entry in found})
    known = {str(case.pk): case for case in cases.only("reference", "category")}
    return [
        ByHand(
            known[entry.subject_id],
            entry.at,
            entry.actor_label,
            entry.reason,
            entry.details["passed_over"],
        )
        for entry in found
        if entry.subject_id in known
    ]


def _waits(user: Any, since: datetime) -> list[Wait]:
    taken, ended = (
        ExpressionWrapper(F(name) - F("received_at"), output_field=DurationField())
        for name in ("assigned_at", "closed_at")
    )
    rows = visible_cases(user).filter(assigned_at__gte=since).order_by().values("category")
    counted = rows.annotate(
        cases=Count("pk"), until_taken=_Median(taken), until_ended=_Median(ended)
    )
    by_category = {row["category"]: row for row in counted}
    return [
        Wait(
            str(category.label),
            by_category[category]["cases"],
            _days(by_category[category]["until_taken"]),
            _days(by_category[category]["until_ended"]),
        )
        for category in Category
        if category in by_category
    ]


def _days(wait: timedelta | None) -> float | None:
    return None if wait is None else round(wait / timedelta(days=1), 1)
