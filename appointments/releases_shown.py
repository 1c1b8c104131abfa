"""Published release plans as a person reads them: windows in local time, what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.dates import civil_date
from portal.formats import clock, moment, weekday_date

from .enums import PLAN_IN_FORCE, PlanState
from .models import Centre, ReleasePlan, ReleaseWindow
from .rules.release_record import verify_release
from .rules.transcripts import read_instant

VERDICT_KEPT = 600  # seconds: drawing again costs milliseconds for each hundred places
LINES = 60  # of what opened when; the transcript has all


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan in words; `windows` are those in which new places open."""

    plan: ReleasePlan
    windows: tuple[str, ...]
    first_day: str
    last_day: str
    label: str
    kind: str  # of the status tag


def shown(plan: ReleasePlan) -> ShownPlan:
    """Put a published plan into words."""
    kinds = {PlanState.PUBLISHED: "neutral", PlanState.RUNNING: "progress"}
    label = _("Seed revealed") if plan.is_revealed else PlanState(plan.state).label
    return ShownPlan(
        plan=plan,
        windows=tuple(in_words(one) for one in plan.windows.all() if one.share),
        first_day=weekday_date(plan.days.lower),
        last_day=weekday_date(plan.last_day),
        label=str(label),
        kind=kinds.get(PlanState(plan.state), "done"),
    )


def in_words(window: ReleaseWindow) -> str:
    """Return such as "Wednesday 3 March 2027, 09:00 to 12:00", in Algiers."""
    start, end = window.starts_at, window.ends_at
    if civil_date(start) == civil_date(end):
        return _("%(day)s, %(start)s to %(end)s") % {
            "day": weekday_date(start),
            "start": clock(start),
            "end": clock(end),
        }
    return _("%(start)s to %(end)s") % {"start": moment(start), "end": moment(end)}


def windows_ahead(centre: Centre, service: str, now: datetime) -> list[str]:
    """Return the windows of published plans in which new places can still open."""
    windows = ReleaseWindow.objects.filter(
        plan__centre=centre,
        plan__service=service,
        plan__state__in=PLAN_IN_FORCE,
        share__gt=0,
        hours__endswith__gt=now,
    )
    return [in_words(one) for one in windows.order_by("hours")]


def rule_facts(plan: ReleasePlan) -> dict[str, int]:
    """Return the numbers of the published rule in the units of a sentence."""
    rule = plan.announced().rule
    return {
        "together": rule.seats_opened_together,
        "shortest": int(rule.shortest_return.total_seconds()) // 60,
        "longest": int(rule.longest_return.total_seconds()) // 3600,
        "tolerance": int(rule.tolerance.total_seconds()) // 60,
    }


def verdict(plan: ReleasePlan) -> list[dict[str, Any]]:
    """Draw a revealed plan again; [] if all agrees with what was published beforehand."""
    key = f"release-verdict:{plan.pk}:{plan.plan_digest}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        published = {"commitment": plan.commitment, "plan_digest": plan.plan_digest}
        faults = verify_release(plan.transcript or {}, published)
        found = [{"code": one.code, "path": one.path} for one in faults]
        cache.set(key, found, VERDICT_KEPT)
    return found


@dataclass(frozen=True, slots=True)
class Happened:
    """Some places of one time: when they were to open, and when they did."""

    slot: str
    places: int
    drawn: str
    opened: str
    came_back: bool


def happened(transcript: dict[str, Any]) -> list[Happened]:
    """Return what opened when, in order of time, out of a transcript."""
    opened = {(one["slot"], one["numbers"][0]): one["opened_at"] for one in transcript["opened"]}
    rows = [
        (one["opens_at"], one, opened.get((one["slot"], one["numbers"][0])), False)
        for one in transcript["schedule"]
    ]
    rows += [(one["opens_at"], one, one["opened_at"], True) for one in transcript["returned"]]
    rows.sort(key=lambda row: (row[0], row[1]["slot"], row[1]["numbers"]))
    return [_happened(*row) for row in rows]


def _happened(drawn: str, one: dict[str, Any], opened: str | None, came_back: bool) -> Happened:
    return Happened(
        slot=moment(read_instant(one["slot"])),
        places=len(one["numbers"]),
        drawn=to_the_second(read_instant(drawn)),
        opened=to_the_second(read_instant(opened)) if opened else _("withdrawn"),
        came_back=came_back,
    )


def to_the_second(value: datetime) -> str:
    """Return a moment in Algiers with its seconds."""
    local = timezone.localtime(value)
    return f"{local:%Y-%m-%d %H:%M:%S}"


def published_plans() -> QuerySet[ReleasePlan]:
    """Return what was announced, newest first: two queries however many."""
    return (
        ReleasePlan.objects.exclude(state=PlanState.DRAFT)
        .select_related("centre__mission")
        .defer("transcript", "seed")
        .prefetch_related("windows")
    )
