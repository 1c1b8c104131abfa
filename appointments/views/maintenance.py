"""What is closed now and what will be: a page for everybody (RD-04)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.closings_shown import closings_ahead, closings_now
from portal.shared_pages import shared_page

from ..past_maintenance import past_closings

_ALL = timedelta(days=3650)


@require_GET
@shared_page
def status(request: HttpRequest) -> HttpResponse:
    """Show present and announced maintenance, and what goes on meanwhile."""
    context = {"now": closings_now(), "ahead": closings_ahead(within=_ALL)}
    return render(request, "appointments/maintenance.html", context)


@require_GET
@shared_page
def past(request: HttpRequest) -> HttpResponse:
    """Say what past closings meant for people, in numbers (RD-06, RD-07)."""
    context = {"closings": past_closings()}
    return render(request, "appointments/past_maintenance.html", context)
