"""How the pages of a file answer: with what was typed, or with a refusal in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from portal.held_input import held_input
from portal.refusals import Refused

from ..models import Application


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent now, or what waited while the person signed in again."""
    return request.POST if request.method == "POST" else held_input(request)


def status(form: Any) -> int:
    """Return 422 for a form that was sent and cannot be taken."""
    return 422 if form.is_bound and not form.is_valid() else 200


def refused(request: HttpRequest, application: Application, refusal: Refused) -> HttpResponse:
    """Lead to the overview of the file, which shows why not."""
    messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    return redirect("applications:detail", application.pk)
