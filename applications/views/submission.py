"""Check the answers, agree to the texts, submit."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.dates import civil_date
from portal.display import Row
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.pausing import pauses
from portal.refusals import Refused
from portal.suspension import Action
from portal.wording import shown_all

from .. import operations
from ..answers import rows_by_answer
from ..enums import ApplicationState
from ..forms.filing import AgreeForm, Step, SubmitForm, asked_steps
from ..journey_notes import journey_notes
from ..models import Application
from ..permissions import mission_of_file, own_application
from ..refusals import Incomplete, TextChanged
from ..rules.commitments import notice_on
from ..verdicts import passport_verdict
from ..wording import PASSPORT
from ..wording.notice import readers
from .intake import CHECK
from .replies import refused, status, typed


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def check(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show all answers, the verdicts and the texts before they are submitted."""
    application = own_application(request.user, application_id)
    if application.state != ApplicationState.DRAFT:
        return redirect("applications:detail", application.pk)
    if operations.missing_answers(application):
        messages.warning(request, Incomplete.message)
        return redirect("applications:detail", application.pk)
    today = civil_date(timezone.now())
    verdict = passport_verdict(application, today)
    at_risk = verdict.outcome != "admissible"
    texts = operations.agreed_texts()
    form = SubmitForm(typed(request), texts=texts, passport_at_risk=at_risk)
    if request.method == "POST" and form.texts_changed:
        form = SubmitForm(texts=texts, passport_at_risk=at_risk)
        messages.warning(request, f"{TextChanged.message} {TextChanged.remedy}")
        return _check_page(request, application, form, verdict, code=422)
    if request.method == "POST" and form.is_valid():
        return _submit(request, application)
    return _check_page(request, application, form, verdict, code=status(form))


def _submit(request: SignedInRequest, application: Application) -> HttpResponse:
    try:
        operations.submit(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return refused(request, application, refusal)
    messages.success(request, _("Your application is submitted. Now choose an appointment."))
    return redirect("applications:detail", application.pk)


def _check_page(
    request: HttpRequest, application: Application, form: SubmitForm, verdict: Any, *, code: int
) -> HttpResponse:
    today = civil_date(timezone.now())
    context = {
        "application": application,
        "form": form,
        "groups": answer_groups(application),
        "total": len(asked_steps(application)) + 1,
        "verdict": verdict,
        "findings": shown_all(verdict.findings, PASSPORT),
        "notes": journey_notes(application, today),
        **_notice(),
    }
    return render(request, "applications/check.html", context, status=code)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def agree(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Ask again when a text that was agreed to on submitting has a new version (AP-07)."""
    application = own_application(request.user, application_id)
    if not must_agree_again(application):
        return redirect("applications:detail", application.pk)
    texts = operations.agreed_texts()
    form = AgreeForm(typed(request), texts=texts)
    if request.method == "POST" and form.is_valid() and not form.texts_changed:
        operations.agree(application_id=application.pk, owner=request.user)
        messages.success(request, _("Thank you. Your confirmation is kept with the file."))
        return redirect("applications:detail", application.pk)
    context = {"application": application, "form": form, **_notice()}
    return render(request, "applications/agree.html", context, status=status(form))


def must_agree_again(application: Application) -> bool:
    """Whether a submitted file was agreed to in an older version of a text."""
    ended = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    return application.state not in ended and bool(operations.texts_to_read(application))


def answer_groups(application: Application) -> list[tuple[Any, list[Row]]]:
    """Return the answers by step, each with the link that changes it and comes back here."""
    return [(step, _rows(application, step)) for step in asked_steps(application)]


def _rows(application: Application, step: Step) -> list[Row]:
    """A step that was left empty has one line, which says so and leads to it."""
    url = reverse("applications:step", args=[application.pk, step.slug]) + f"?back={CHECK}"
    rows = rows_by_answer(application, change_url=url)
    given = [rows[name] for name in step.fields if name in rows and rows[name].value]
    return given or [Row(key=str(step.title), value="", change_url=url)]


def _notice() -> dict[str, Any]:
    notice = notice_on(civil_date(timezone.now()))
    return {"notice": notice, "readers": readers(notice)}
