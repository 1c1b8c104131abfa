"""Pages that wait for the end of a maintenance: nothing typed is lost, and it is said why (RD-05).

A view says by `@pauses(...)` what it changes.  While that is suspended, or when the operation
behind it refuses at the very edge, what was sent is sealed into the session and comes back on the
same page.  Opening a page is never stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from portal.dates import civil_date
from portal.held_input import hold_input
from portal.suspension import Action, Closing, Suspended, suspended

View = Callable[..., HttpResponseBase]
MissionOf = Callable[..., int | None]


def pauses(
    action: Action | None = None, mission_of: MissionOf | None = None
) -> Callable[[View], View]:
    """Let a view's POST wait while `action` is suspended, and keep what was sent.

    `mission_of(request, **arguments)` tells whose mission it is about; it is asked only while
    something is suspended.  Without it, or with None, every mission counts.  Without an action
    the operation alone decides, and the view lets its Suspended through.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            closing = _waits_for(request, action, mission_of, kwargs)
            if closing is not None:
                return kept(request, closing)
            try:
                return view(request, *args, **kwargs)
            except Suspended as refusal:
                return kept(request, refusal.closing)

        return guarded

    return guard


def _waits_for(
    request: HttpRequest,
    action: Action | None,
    mission_of: MissionOf | None,
    arguments: dict[str, Any],
) -> Closing | None:
    if request.method != "POST" or action is None or suspended(action) is None:
        return None
    mission_id = mission_of(request, **arguments) if mission_of else None
    return suspended(action, mission_id=mission_id)


def kept(request: HttpRequest, closing: Closing) -> HttpResponse:
    """Keep what was sent for its page, and say so."""
    hold_input(request, until=closing.ends_at)
    typed = bool(set(request.POST) - {"csrfmiddlewaretoken"})
    return paused(
        request, closing, kept="page" if typed else "nothing", back=request.get_full_path()
    )


def paused(request: HttpRequest, closing: Closing, *, kept: str, back: str) -> HttpResponse:
    """Say calmly why something waits, until when, what is kept and what to do.

    `kept` is "draft" (in the file), "page" (for the page that was sent) or "nothing".
    """
    context = {
        "closing": closing,
        "ends_today": civil_date(closing.ends_at) == civil_date(timezone.now()),
        "kept": kept,
        "back": back,
        "files": bool(request.FILES),
    }
    # Not 503: after an answer of 5xx no session is saved, and with it what was kept.
    response = render(request, "portal/paused.html", context, status=409)
    seconds = (closing.ends_at - timezone.now()).total_seconds()
    response["Retry-After"] = str(max(1, round(seconds)))
    response["Cache-Control"] = "no-store"
    return response
