"""The page on which an applicant reads and writes messages about one file.

Reading changes nothing: messages become read by the button, or by answering them.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
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
from ..enums import ApplicationState
from ..forms.conversation import MessageForm, SeenForm
from ..models import Application
from ..permissions import mission_of_file, own_application
from .replies import status, typed

ON_ONE_PAGE = 40  # messages


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.ANYTHING, mission_of_file)
def conversation(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show the conversation; take a message on POST."""
    application = own_application(request.user, application_id)
    form = _form(request)
    if form.is_valid():
        try:
            operations.write(
                application_id=application.pk,
                author=request.user,
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
            )
        except Refused as refusal:
            form.add_error("text", f"{refusal.message} {refusal.remedy}".strip())
        else:
            messages.success(request, _("Your message is sent. The answer comes here."))
            return redirect("applications:messages", application.pk)
    return _page(request, application, form)


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
def mark_read(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Mark what stood on the page as read."""
    application = own_application(request.user, application_id)
    form = SeenForm(request.POST)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        operations.mark_read(application_id=application.pk, reader=request.user, until=seen)
    return redirect("applications:messages", application.pk)


def _form(request: SignedInRequest) -> MessageForm:
    """What waited while the person signed in again is shown without being judged."""
    data = typed(request)
    if request.method == "POST":
        return MessageForm(data)
    return MessageForm(initial={"text": data.get("text", "")} if data else {})


def _page(request: SignedInRequest, application: Application, form: MessageForm) -> HttpResponse:
    rows = application.messages.order_by("-sent_at", "-pk")
    part = Paginator(rows, ON_ONE_PAGE).get_page(request.GET.get("page"))
    said = list(part.object_list)[::-1]
    seen = max((one.pk for one in said), default=0)
    form.initial["seen"] = seen
    context: dict[str, Any] = {
        "application": application,
        "form": form,
        "said": said,
        "seen": seen,
        "unread": sum(one.from_staff and one.read_at is None for one in said),
        "part": part,
        "may_write": application.state != ApplicationState.DRAFT,
    }
    return render(request, "applications/file/messages.html", context, status=status(form))
