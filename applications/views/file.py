"""Where each file of a person stands, and what comes next."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.closings_shown import closing_at, closings_ahead
from portal.dates import civil_date
from portal.display import Task
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.suspension import Closing

from .. import operations
from ..answers import answer_rows, rows_by_answer
from ..enums import ApplicationState
from ..forms.filing import Step, asked_steps
from ..forms.intake.step import typed_answers
from ..hub import Hub, hub
from ..journey_notes import review_notes
from ..models import Application
from ..next_step import NextStep
from ..operations.papers import OPEN_STATES
from ..overview import overview
from ..permissions import own_application
from ..workflow import APPLICATION_WORKFLOW
from .household import same_journey_sources
from .submission import must_agree_again


@require_GET
@never_cache
@keep_input_and_sign_in
def list_applications(request: SignedInRequest) -> HttpResponse:
    """Show everything this account has begun: what is under way first, then what is over."""
    cards = overview(request.user)
    context = {
        "under_way": [card for card in cards if not card.is_over],
        "over": [card for card in cards if card.is_over],
    }
    return render(request, "applications/list.html", context)


@require_GET
@never_cache
@keep_input_and_sign_in
def detail(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show where a file stands, the next thing to do, and everything about it."""
    application = own_application(request.user, application_id)
    page = hub(application, civil_date(timezone.now()))
    context: dict[str, Any] = {
        "hub": page,
        "closing": _closing_of(page.appointment),
        "closings_ahead": closings_ahead(mission_id=application.mission_id),
        "application": application,
        "checklist": page.checklist,
        "card": page.hosting,
        "next": page.next,
        "can_change": application.state in OPEN_STATES,
        "can_correct": _can(application, "correct"),
        "can_withdraw": _can(application, "withdraw"),
        **(_of_draft(page) if application.state == ApplicationState.DRAFT else _of_file(page)),
    }
    return render(request, "applications/detail.html", context)


def _closing_of(appointment: Any) -> Closing | None:
    """Return the announced maintenance in which the person of a file is still expected (RD-06)."""
    if appointment is None or not appointment.is_booked:
        return None
    return closing_at(appointment.slot.centre_id, appointment.slot.starts_at)


def _of_draft(page: Hub) -> dict[str, Any]:
    missing = set(operations.missing_answers(page.application))
    steps = asked_steps(page.application)
    first = next((step for step in steps if missing & _names(step)), None)
    return {
        "is_draft": True,
        "tasks": [_task(page.application, step, missing) for step in steps],
        "same_journey": same_journey_sources(page.application),
        "next": NextStep(page.next.label, _step_url(page.application, first))
        if first
        else page.next,
    }


def _step_url(application: Application, step: Step) -> str:
    return reverse("applications:step", args=[application.pk, step.slug])


def _names(step: Step) -> set[str]:
    """Return the answers of a step under every name they go by."""
    own = {*step.fields, *(f"{name}_id" for name in step.fields)}
    return own | {f"{name}_name" for name in step.fields}


def _of_file(page: Hub) -> dict[str, Any]:
    return {
        "rows": answer_rows(page.application),
        "review": review_notes(page.application),
        "agree_again": must_agree_again(page.application),
    }


def _task(application: Application, step: Step, missing: set[str]) -> Task:
    state, label = _progress(application, step, missing)
    return Task(
        title=str(step.title),
        state=state,
        label=label,
        url=_step_url(application, step),
    )


def _progress(application: Application, step: Step, missing: set[str]) -> tuple[str, str]:
    own = _names(step)
    if typed_answers(application, step.slug):
        return "progress", _("Begun")
    if missing & own:
        return "neutral", _("Not finished")
    answered = any(row.value for name, row in rows_by_answer(application).items() if name in own)
    return ("done", _("Done")) if answered else ("neutral", _("Optional"))


def _can(application: Application, name: str) -> bool:
    return APPLICATION_WORKFLOW.allows(application.state, name)
