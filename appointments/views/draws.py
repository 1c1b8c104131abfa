"""The public pages about draws: announced beforehand, proved afterwards (RD-08)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.shared_pages import shared_page

from ..draws_shown import counts, public_draws, shown
from ..models import Draw
from ..operations import draw_results
from ..refusals import NotDrawnYet
from ..rules.draw_inputs import DrawRule

_MOST = 50  # draws on one page; older ones keep their address


@require_GET
@shared_page
def draws(request: HttpRequest) -> HttpResponse:
    """List the draws; no account is needed."""
    now = timezone.now()
    rows = [shown(one, now) for one in public_draws()[:_MOST]]
    return render(request, "appointments/draws.html", {"draws": rows})


@require_GET
@shared_page
def draw(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Show what was announced, what was fixed at closing, and how to check what came of it."""
    row = get_object_or_404(public_draws(), pk=draw_id)
    context: dict[str, Any] = {
        "draw": row,
        "shown": shown(row, timezone.now()),
        "rule": DrawRule.from_json(row.rule),
        "counts": counts(row),
    }
    return render(request, "appointments/draw.html", context)


@require_GET
def transcript(request: HttpRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Give the transcript of a draw that took place to whoever wants to check it."""
    row = get_object_or_404(Draw.objects.select_related("centre"), pk=draw_id)
    try:
        content = draw_results.transcript(row)
    except NotDrawnYet as refusal:
        raise Http404 from refusal
    response = JsonResponse(content, json_dumps_params={"indent": 1})
    name = f"draw-{row.centre.code}-{row.days.lower:%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
