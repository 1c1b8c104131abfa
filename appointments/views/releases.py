"""The public pages about release plans: announced beforehand, proved afterwards (AT-07)."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.dates import civil_date
from portal.formats import clock
from portal.shared_pages import shared_page

from ..enums import PlanState
from ..models import ReleasePlan
from ..releases_shown import LINES, happened, published_plans, rule_facts, shown, verdict
from ..rules.law import LAW
from ..rules.return_hours import ReturnHours

_MOST = 50  # plans on one page; older ones keep their address


@require_GET
@shared_page
def releases(request: HttpRequest) -> HttpResponse:
    """List the published plans; no account is needed."""
    plans = [shown(plan) for plan in published_plans()[:_MOST]]
    return render(request, "appointments/releases.html", {"plans": plans, "hours": _hours()})


@require_GET
@shared_page
def release(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show what was announced, and once it is over the seed, the moments and the verdict."""
    plan = _plan(plan_id)
    context: dict[str, Any] = {
        "shown": shown(plan),
        "plan": plan,
        "rule": rule_facts(plan),
        "hours": _hours(),
        "seats": plan.batches.aggregate(all=Sum("seats"))["all"] or 0,
    }
    if plan.is_revealed:
        lines = happened(plan.transcript or {})
        context |= {
            "faults": verdict(plan),
            "lines": lines[:LINES],
            "more": max(0, len(lines) - LINES),
        }
    return render(request, "appointments/release.html", context)


@require_GET
def transcript(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give the transcript of a revealed plan to whoever wants to check it."""
    plan = _plan(plan_id)
    if not plan.is_revealed:
        raise Http404
    response = JsonResponse(plan.transcript, json_dumps_params={"indent": 1})
    name = f"release-{plan.centre.code}-{plan.days.lower:%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plan(plan_id: int) -> ReleasePlan:
    rows = ReleasePlan.objects.exclude(state=PlanState.DRAFT).select_related("centre__mission")
    return get_object_or_404(rows.prefetch_related("windows"), pk=plan_id)


def _hours() -> dict[str, str]:
    """Return the hours in which freed places come back today, in words."""
    hours = ReturnHours.by(LAW.on(civil_date(timezone.now())))
    return {"first": clock(time(hours.first)), "end": clock(time(hours.end))}
