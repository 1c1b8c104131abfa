"""The pages on which a person fills in an application and submits it.

No page is kept by a browser: on a shared computer nobody finds them with the Back button, and
Back shows what is saved, so that editing after it does not meet an old version.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.dates import civil_date
from portal.display import Row, Task
from portal.held_input import SignedInRequest, held_input, keep_input_and_sign_in
from portal.refusals import Refused
from portal.wording import shown_all, shown_stored

from .. import operations
from ..answers import answer_rows
from ..enums import ApplicationState
from ..file_checklist import file_checklist
from ..forms.filing import STEPS, Step, StepForm, SubmitForm, VisaForm, step_after
from ..models import Application
from ..operations.papers import OPEN_STATES
from ..permissions import own_application
from ..refusals import ChangedElsewhere, Incomplete, NotADraft
from ..verdicts import passport_verdict
from ..wording import PASSPORT
from ..workflow import APPLICATION_WORKFLOW

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


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def start(request: SignedInRequest) -> HttpResponse:
    """Open a new application with its first answers."""
    form = VisaForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        application = operations.start_application(
            owner=request.user,
            mission=form.cleaned_data["mission"],
            answers={k: v for k, v in form.answers().items() if k != "mission"},
        )
        return redirect("applications:step", application.pk, STEPS[1].slug)
    return _step_page(request, form, STEPS[0], application=None)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def step(request: SignedInRequest, application_id: uuid.UUID, slug: str) -> HttpResponse:
    """Show or save one step of a draft."""
    application = own_application(request.user, application_id)
    current = _step_named(slug)
    if application.state != ApplicationState.DRAFT:
        return _refused(request, application, NotADraft())
    form = current.form(
        _typed(request), application=application, initial={"version": application.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_answers(
                application_id=application.pk,
                owner=request.user,
                answers=form.answers(),
                seen_version=form.cleaned_data["version"] or 0,
            )
        except ChangedElsewhere as refusal:
            form = _with_present_version(form, application)
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        except Refused as refusal:
            return _refused(request, application, refusal)
        else:
            return redirect(_next_page(application, current))
    return _step_page(request, form, current, application)


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
        context["tasks"] = [_task(application, step, missing) for step in STEPS]
    else:
        context["rows"] = answer_rows(application)
        context["findings"] = _stored_findings(application)
    context["checklist"] = file_checklist(application, today=civil_date(timezone.now()))
    context["can_change"] = application.state in OPEN_STATES
    return render(request, "applications/detail.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def check(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show all answers and the passport verdict before they are submitted."""
    application = own_application(request.user, application_id)
    if application.state != ApplicationState.DRAFT:
        return redirect("applications:detail", application.pk)
    missing = set(operations.missing_answers(application))
    if missing:
        messages.warning(request, Incomplete.message)
        return redirect("applications:detail", application.pk)
    verdict = passport_verdict(application, civil_date(timezone.now()))
    form = SubmitForm(_typed(request), passport_at_risk=verdict.outcome != "admissible")
    if request.method == "POST" and form.is_valid():
        try:
            operations.submit(application_id=application.pk, owner=request.user)
        except Refused as refusal:
            return _refused(request, application, refusal)
        messages.success(request, _("Your application is submitted. Now choose an appointment."))
        return redirect("applications:detail", application.pk)
    context = {
        "application": application,
        "form": form,
        "rows": _changeable_rows(application),
        "verdict": verdict,
        "findings": shown_all(verdict.findings, PASSPORT),
    }
    return render(request, "applications/check.html", context, status=_status(form))


@require_POST
@keep_input_and_sign_in
def correct(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Turn a submitted application back into a draft."""
    application = own_application(request.user, application_id)
    try:
        operations.correct(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return _refused(request, application, refusal)
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
        return _refused(request, application, refusal)
    messages.success(request, _("The application is withdrawn."))
    return redirect("applications:detail", application.pk)


def _typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent now, or what waited while the person signed in again."""
    return request.POST if request.method == "POST" else held_input(request)


def _step_named(slug: str) -> Step:
    for step in STEPS:
        if step.slug == slug:
            return step
    raise Http404


def _step_page(
    request: HttpRequest, form: StepForm, current: Step, application: Application | None
) -> HttpResponse:
    context = {
        "form": form,
        "step": current,
        "number": STEPS.index(current) + 1,
        "total": len(STEPS) + 1,
        "application": application,
    }
    return render(request, "applications/step.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200


def _with_present_version(form: StepForm, application: Application) -> StepForm:
    """Keep what was typed, so that sending it again saves it on top of the other window's."""
    application.refresh_from_db()
    typed = QueryDict(mutable=True)
    typed.update(form.data)
    typed["version"] = str(application.version)
    kept = type(form)(typed, application=application)
    kept.is_valid()
    return kept


def _next_page(application: Application, current: Step) -> str:
    following = step_after(current.slug)
    if following is None:
        return reverse("applications:check", args=[application.pk])
    return reverse("applications:step", args=[application.pk, following.slug])


def _task(application: Application, step: Step, missing: set[str]) -> Task:
    done = not missing & {*step.fields, *(f"{name}_id" for name in step.fields)}
    return Task(
        title=str(step.title),
        state="done" if done else "neutral",
        label=_("Done") if done else _("Not finished"),
        url=reverse("applications:step", args=[application.pk, step.slug]),
    )


def _changeable_rows(application: Application) -> list[Row]:
    where = {name: step.slug for step in STEPS for name in step.fields}
    return answer_rows(
        application,
        change_url=lambda name: reverse("applications:step", args=[application.pk, where[name]]),
    )


def _stored_findings(application: Application) -> list[Any]:
    return shown_stored(application.passport_verdict, PASSPORT)


def _can(application: Application, name: str) -> bool:
    return APPLICATION_WORKFLOW.allows(application.state, name)


def _refused(request: HttpRequest, application: Application, refusal: Refused) -> HttpResponse:
    messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    return redirect("applications:detail", application.pk)
