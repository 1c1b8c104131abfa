"""Who may open the page of a case: its account, or whoever proved the e-mail address by a code.

A proof belongs to one session and ends after an hour.  A case that is nobody's in this session
leads to the page that asks for a code, as one that does not exist.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from portal.held_input import hold_input

from ..models import Case
from ..own_cases import own_cases

OPENED = "cases_opened"  # in the session: number of a case to the moment its proof ends
OPEN_FOR = 3600  # seconds

View = Callable[..., HttpResponseBase]


def remember_opened(request: HttpRequest, case_id: str) -> None:
    """Let this session see the case for an hour; under a new name, so that none is planted."""
    request.session.cycle_key()
    opened = _still_open(request)
    opened[case_id] = time.time() + OPEN_FOR
    request.session[OPENED] = opened


def forget_opened(request: HttpRequest, case_id: uuid.UUID) -> None:
    """Close a case in this session, as on a computer that others use."""
    opened = _still_open(request)
    opened.pop(str(case_id), None)
    request.session[OPENED] = opened


def with_own_case(view: View) -> View:
    """Give `view` the case of its address; without a proof lead to where one is given.

    What was sent meanwhile waits in the session for the page of the case.
    """

    @wraps(view)
    def guarded(request: HttpRequest, case_id: uuid.UUID, **rest: Any) -> HttpResponseBase:
        case = opened_case(request, case_id)
        if case is not None:
            return view(request, case, **rest)
        if request.method == "POST":
            hold_input(request)
        return redirect("complaints:status")

    return guarded


def opened_case(request: HttpRequest, case_id: uuid.UUID) -> Case | None:
    """Return the case if this visitor may see it, else None."""
    if request.user.is_authenticated:
        own = own_cases(request.user).filter(pk=case_id).first()
        if own is not None:
            return own
    if str(case_id) not in _still_open(request):
        return None
    return Case.objects.select_related("mission").filter(pk=case_id).first()


def _still_open(request: HttpRequest) -> dict[str, float]:
    kept: dict[str, float] = request.session.get(OPENED, {})
    return {number: until for number, until in kept.items() if until > time.time()}
