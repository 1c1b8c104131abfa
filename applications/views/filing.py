"""What a person does with a file beside filling it in: take it back, withdraw it, answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.pausing import pauses
from portal.refusals import Refused
from portal.suspension import Action

from .. import operations
from ..permissions import mission_of_file, own_application
from .replies import refused


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def correct(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Turn a submitted application back into a draft."""
    application = own_application(request.user, application_id)
    if request.method == "GET":  # back from signing in again: the button is to be pressed anew
        return redirect("applications:detail", application.pk)
    try:
        operations.correct(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return refused(request, application, refusal)
    messages.info(request, _("You can change your answers now. Submit them again afterwards."))
    return redirect("applications:detail", application.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.ANYTHING, mission_of_file)
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


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def answer_request(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Say that the papers that were asked for are there; the examination goes on."""
    application = own_application(request.user, application_id)
    if request.method == "GET":  # back from signing in again: the button is to be pressed anew
        return redirect("applications:detail", application.pk)
    try:
        operations.answer_request(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        return refused(request, application, refusal)
    messages.success(request, _("The consulate is told that the papers are there."))
    return redirect("applications:detail", application.pk)
