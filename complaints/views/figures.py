"""How many complaints there are and how long answers take: a page for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.dates import civil_date
from portal.missions.models import Mission
from portal.shared_pages import shared_page

from ..figures import FEWEST, HEIGHT, WIDTH, figures_of


@require_GET
@shared_page
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of one mission; the first one unless `?mission=` names another."""
    missions = list(Mission.objects.filter(is_active=True).order_by("code"))
    code = request.GET.get("mission", "")
    found = [one for one in missions if one.code == code] if code else missions[:1]
    if code and not found:
        raise Http404
    mission = found[0] if found else None
    context = {
        "missions": missions,
        "mission": mission,
        "figures": figures_of(mission, civil_date(timezone.now())) if mission else None,
        "fewest": FEWEST,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "complaints/figures.html", context)
