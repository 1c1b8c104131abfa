"""The page of one case for its person: where it stands, what was said, what can be done.

Reading changes nothing: messages become read by the button, or by answering them.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications.forms.conversation import SeenForm
from portal.held_input import SignedInRequest, held_input, keep_input_and_sign_in
from portal.refusals import Refused
from portal.uploads.refusals import FileRefused
from portal.uploads.serving import serve

from ..appeal_receipts import what_happens_now
from ..enums import OPEN_CASES
from ..forms.conversation import CaseMessageForm
from ..models import Case, CaseFile
from ..operations import conversation
from ..own_cases import own_cases
from ..refusals import TooManyFilesOfCase
from ..standing import posted, standing
from ..workflow import CASE_WORKFLOW
from .case_access import forget_opened, with_own_case

MOST_LISTED = 100  # cases of one account; the newest come first


@require_GET
@never_cache
@keep_input_and_sign_in
def mine(request: SignedInRequest) -> HttpResponse:
    """List the complaints and appeals of an account."""
    cases = [(case, standing(case)) for case in own_cases(request.user)[:MOST_LISTED]]
    return render(request, "complaints/case/mine.html", {"cases": cases})


@require_http_methods(["GET", "POST"])
@never_cache
@with_own_case
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """Show a case; take a message on POST."""
    form = _form(request)
    if form.is_valid():
        try:
            conversation.write_back(
                case_id=case.pk,
                actor=_account(request),
                text=form.cleaned_data["text"],
                files=form.cleaned_data["attachments"],
                seen=form.cleaned_data["seen"],
            )
        except (TooManyFilesOfCase, FileRefused) as refusal:
            form.add_error("attachments", f"{refusal.message} {refusal.remedy}")
        except Refused as refusal:
            form.add_error("text", f"{refusal.message} {refusal.remedy}".strip())
        else:
            messages.success(request, _("Your message is sent. The answer comes here."))
            return redirect("complaints:case", case.pk)
    return _shown(request, case, form)


@require_http_methods(["GET", "POST"])
@with_own_case
def mark_read(request: HttpRequest, case: Case) -> HttpResponse:
    """Mark what stood on the page as read."""
    form = SeenForm(request.POST)
    if request.method == "POST" and form.is_valid():
        conversation.mark_read(case_id=case.pk, until=form.cleaned_data["seen"] or 0)
    return redirect("complaints:case", case.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@with_own_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask whether the complaint is to be withdrawn, and do so on POST."""
    if not _may_withdraw(case):
        return redirect("complaints:case", case.pk)
    if request.method == "POST":
        try:
            conversation.withdraw_own(case_id=case.pk, actor=_account(request))
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        else:
            messages.success(request, _("Your complaint is withdrawn."))
        return redirect("complaints:case", case.pk)
    return render(request, "complaints/case/withdraw.html", {"case": case})


@require_GET
@never_cache
@with_own_case
def file(request: HttpRequest, case: Case, file_id: uuid.UUID) -> HttpResponseBase:
    """Show a file of a case to its person, once it is clean."""
    part = CaseFile.objects.filter(case=case, file_id=file_id).select_related("file").first()
    if part is None:
        raise Http404
    try:
        return serve(request, part.file, download="download" in request.GET)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return redirect("complaints:case", case.pk)


@require_http_methods(["GET", "POST"])
@with_own_case
def leave(request: HttpRequest, case: Case) -> HttpResponse:
    """Close the case in this browser, for whoever sits at it next."""
    if request.method != "POST":
        return redirect("complaints:case", case.pk)
    forget_opened(request, case.pk)
    messages.success(request, _("This case is closed in this browser."))
    return redirect("complaints:status")


def _form(request: HttpRequest) -> CaseMessageForm:
    """What waited while the person proved their address again is shown without being judged."""
    if request.method == "POST":
        return CaseMessageForm(request.POST, request.FILES)
    held = held_input(request)
    return CaseMessageForm(initial={"text": held.get("text", "")} if held else {})


def _shown(request: HttpRequest, case: Case, form: CaseMessageForm) -> HttpResponse:
    said = list(case.messages.order_by("sent_at", "pk"))
    seen = max((one.pk for one in said), default=0)
    form.initial["seen"] = seen
    context: dict[str, Any] = {
        "case": case,
        "standing": standing(case),
        "appeal": case.appeal if case.is_appeal else None,
        "complaint": None if case.is_appeal else case.complaint,
        # What it says last is about the paper of the receipt.
        "happens": what_happens_now()[:2] if case.is_appeal else [],
        "posted": posted(case),
        "files": case.files.select_related("file"),
        "said": said,
        "seen": seen,
        "unread": sum(one.from_staff and one.read_at is None for one in said),
        "form": form,
        # What was typed while the case was closed stays in sight, with the reason.
        "may_write": (not case.is_appeal and case.state in OPEN_CASES)
        or form.is_bound
        or bool(form.initial.get("text")),
        "may_withdraw": _may_withdraw(case),
        "by_code": not (
            request.user.is_authenticated and own_cases(request.user).filter(pk=case.pk).exists()
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/case/case.html", context, status=status)


def _may_withdraw(case: Case) -> bool:
    return not case.is_appeal and CASE_WORKFLOW.allows(case.state, "withdraw")


def _account(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
