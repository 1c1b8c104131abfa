"""The list of a person's applications, where each stands, and taking one back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.dates import civil_date
from portal.display import Task
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.refusals import Refused
from portal.wording import shown_stored

from .. import operations
from ..answers import answer_rows, rows_by_answer
from ..enums import ApplicationState
from ..file_checklist import file_checklist
from ..forms.filing import Step, asked_steps
from ..forms.intake.step import typed_answers
from ..journey_notes import review_notes
from ..models import Application
from ..operations.papers import OPEN_STATES
from ..permissions import own_application
from ..wording import PASSPORT
from ..workflow import APPLICATION_WORKFLOW
from .household import same_journey_sources
from .replies import refused
from .submission import must_agree_again

_STATE_COLOURS = {
    ApplicationState.DRAFT: "progress",
    ApplicationState.NOT_ACCEPTED: "problem",
    ApplicationState.PAPERS_ASKED: "attention",
    ApplicationState.WITHDRAWN: "neutral",
}


@require_GET
@never_cache
@keep_input_and_sign_in
def list_applications(request: SignedInRequest) -> HttpResponse:
    """Show everything this account has begun, newest first."""
    applications = Application.objects.filter(owner=request.user).select_related("mission")
    items = [
        Task(
            title=application.traveller or _("Application for a traveller not named yet"),
            hint=application.mission.name,
            reference=application.reference,
            state=_STATE_COLOURS.get(ApplicationState(application.state), "done"),
            label=application.get_state_display(),
            url=reverse("applications:detail", args=[application.pk]),
        )
        for application in applications
    ]
    return render(request, "applications/list.html", {"items": items})


@require_GET
@never_cache
@keep_input_and_sign_in
def detail(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show where an application stands and what comes next."""
    application = own_application(request.user, application_id)
    missing = set(operations.missing_answers(application))
    context: dict[str, Any] = {
        "application": application,
        "is_draft": application.state == ApplicationState.DRAFT,
        "state_colour": _STATE_COLOURS.get(ApplicationState(application.state), "done"),
        "is_complete": not missing,
        "can_correct": _can(application, "correct"),
        "can_withdraw": _can(application, "withdraw"),
        "can_book": _can(application, "book"),
    }
    if context["is_draft"]:
        context["tasks"] = [_task(application, step, missing) for step in asked_steps(application)]
        context["same_journey"] = same_journey_sources(application)
    else:
        context["rows"] = answer_rows(application)
        context["findings"] = _stored_findings(application)
        context["review"] = review_notes(application)
        context["agree_again"] = must_agree_again(application)
    context["checklist"] = file_checklist(application, today=civil_date(timezone.now()))
    context["can_change"] = application.state in OPEN_STATES
    return render(request, "applications/detail.html", context)


@require_POST
@keep_input_and_sign_in
def correct(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Turn a submitted application back into a draft."""
    application = own_application(request.user, application_id)
    try:
        operations.correct(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return refused(request, application, refusal)
    messages.info(request, _("You can change your answers now. Submit them again afterwards."))
    return redirect("applications:detail", application.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def withdraw(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Ask once, then withdraw."""
    application = own_application(request.user, application_id)
    if request.method == "GET":
        return render(request, "applications/withdraw.html", {"application": application})
    try:
        operations.withdraw(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return refused(request, application, refusal)
    messages.success(request, _("The application is withdrawn."))
    return redirect("applications:detail", application.pk)


def _task(application: Application, step: Step, missing: set[str]) -> Task:
    state, label = _progress(application, step, missing)
    return Task(
        title=str(step.title),
        state=state,
        label=label,
        url=reverse("applications:step", args=[application.pk, step.slug]),
    )


def _progress(application: Application, step: Step, missing: set[str]) -> tuple[str, str]:
    own = {*step.fields, *(f"{name}_id" for name in step.fields)}
    own |= {f"{name}_name" for name in step.fields}
    if typed_answers(application, step.slug):
        return "progress", _("Begun")
    if missing & own:
        return "neutral", _("Not finished")
    answered = any(row.value for name, row in rows_by_answer(application).items() if name in own)
    return ("done", _("Done")) if answered else ("neutral", _("Optional"))


def _stored_findings(application: Application) -> list[Any]:
    return shown_stored(application.passport_verdict, PASSPORT)


def _can(application: Application, name: str) -> bool:
    return APPLICATION_WORKFLOW.allows(application.state, name)
