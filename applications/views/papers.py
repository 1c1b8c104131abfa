"""The pages on which a person prepares the papers of one application.

Someone else's paper does not exist here: every row is looked for below the own application.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.dates import civil_date
from portal.held_input import SignedInRequest, held_input, keep_input_and_sign_in
from portal.pausing import pauses
from portal.refusals import Refused
from portal.suspension import Action, suspended
from portal.uploads.operations import wait_until_settled
from portal.uploads.serving import serve

from .. import operations
from ..file_checklist import NOT_UPLOADED, FileChecklist, PaperLine, file_checklist, paper_line
from ..forms.papers import PaperForm
from ..models import Application, Document, DocumentFile
from ..operations.papers import OPEN_STATES
from ..permissions import mission_of_file, own_application
from ..refusals import PaperChangedElsewhere
from ..rules.checklist_table import CHECKLIST

HOSTING = "hosting_certificate"
PATIENCE = 1.5  # seconds that a sender waits for the checks of a file


@require_GET
@never_cache
@keep_input_and_sign_in
def papers(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show which papers are needed, which are there, and whether they serve on the day."""
    application = own_application(request.user, application_id)
    return render(request, "applications/papers/checklist.html", _context(application))


@require_GET
@never_cache
@keep_input_and_sign_in
def to_bring(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show the same as a list to print and take along: originals (DO-05, HO-06)."""
    application = own_application(request.user, application_id)
    return render(request, "applications/papers/to_bring.html", _context(application))


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def paper(request: SignedInRequest, application_id: uuid.UUID, kind: str) -> HttpResponse:
    """Show one paper, and take a file or what the paper says."""
    application = own_application(request.user, application_id)
    checklist, line = _line(application, kind)
    form = PaperForm(*_sent(request), line=line, law=checklist.law)
    if request.method == "GET":
        return _paper_page(request, checklist, line, form)
    if not form.is_valid():
        return _paper_page(request, *_with_the_file_kept(request, checklist, line, form))
    try:
        document = _save(request, application, kind, form)
    except PaperChangedElsewhere as refusal:
        return _seen_anew(request, application, kind, refusal)
    except Refused as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        return _paper_page(request, checklist, line, form)
    _await_checks(document)
    messages.success(request, _("Saved: %(paper)s.") % {"paper": line.name})
    return redirect("applications:paper", application.pk, kind)


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def bring(request: SignedInRequest, application_id: uuid.UUID, kind: str) -> HttpResponse:
    """Note that a paper is brought without uploading it, or that it is not there after all."""
    application = own_application(request.user, application_id)
    _checklist, line = _line(application, kind)
    if request.method == "GET":  # back from signing in again: the button is on this page
        return redirect("applications:paper", application.pk, kind)
    same: dict[str, Any] = {"application_id": application.pk, "owner": request.user, "kind": kind}
    try:
        if request.POST.get("have") == "no":
            operations.take_back(**same)
        else:
            operations.provide_paper(**same, seen_version=_version(line))
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    return redirect("applications:paper", application.pk, kind)


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def remove(
    request: SignedInRequest, application_id: uuid.UUID, kind: str, part_id: int
) -> HttpResponse:
    """Remove one file of a paper."""
    application = own_application(request.user, application_id)
    _line(application, kind)
    if request.method == "GET":  # back from signing in again: the button is on this page
        return redirect("applications:paper", application.pk, kind)
    try:
        operations.remove_file(
            application_id=application.pk, owner=request.user, kind=kind, part_id=part_id
        )
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    else:
        messages.success(request, _("The file is removed."))
    return redirect("applications:paper", application.pk, kind)


@require_GET
@never_cache
@keep_input_and_sign_in
def file(
    request: SignedInRequest, application_id: uuid.UUID, kind: str, file_id: uuid.UUID
) -> HttpResponseBase:
    """Show a file to whom it belongs."""
    application = own_application(request.user, application_id)
    part = (
        DocumentFile.objects.filter(
            document__application=application, document__kind=kind, file_id=file_id
        )
        .select_related("file")
        .first()
    )
    if part is None:
        raise Http404
    try:
        return serve(request, part.file, download="download" in request.GET)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return redirect("applications:paper", application.pk, kind)


def _context(application: Application) -> dict[str, Any]:
    checklist = file_checklist(application, today=civil_date(timezone.now()))
    return {
        "application": application,
        "checklist": checklist,
        "can_change": application.state in OPEN_STATES,
    }


def _line(application: Application, kind: str) -> tuple[FileChecklist, PaperLine]:
    """Return one paper of the list; a paper that no list knows does not exist."""
    if kind not in CHECKLIST.proves or kind in NOT_UPLOADED:
        raise Http404
    checklist = file_checklist(application, today=civil_date(timezone.now()))
    return checklist, paper_line(checklist, kind)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    """Return what was sent now, or what waited while the person signed in again."""
    if request.method == "POST":
        return request.POST, request.FILES
    held = held_input(request)
    return (held,) if held is not None else ()


def _save(
    request: SignedInRequest, application: Application, kind: str, form: PaperForm
) -> Document:
    upload = form.cleaned_data.get("file")
    same: dict[str, Any] = {
        "application_id": application.pk,
        "owner": request.user,
        "kind": kind,
        "seen_version": form.seen_version(),
    }
    says = form.says()
    if upload is not None:
        return operations.add_file(**same, upload=upload, says=says)
    assert says is not None, "a form without a file says something"
    return operations.tell_dates(**same, says=says)


def _with_the_file_kept(
    request: SignedInRequest, checklist: FileChecklist, line: PaperLine, form: PaperForm
) -> tuple[FileChecklist, PaperLine, PaperForm]:
    """Keep a good file though another answer must be corrected: no browser sends it twice."""
    upload = form.cleaned_data.get("file")
    if upload is None:
        return checklist, line, form
    application = checklist.application
    try:
        operations.add_file(
            application_id=application.pk,
            owner=request.user,
            kind=line.kind,
            upload=upload,
            seen_version=form.seen_version(),
        )
    except Refused as refusal:
        form.add_error("file", f"{refusal.message} {refusal.remedy}".strip())
        return checklist, line, form
    messages.info(request, _("Your file is there already. Only the rest must be corrected."))
    anew, present = _line(application, line.kind)
    return anew, present, _with_version(request.POST, present, anew)


def _with_version(typed: QueryDict, line: PaperLine, checklist: FileChecklist) -> PaperForm:
    """Show what was typed on top of what is there now."""
    data = typed.copy()
    data["version"] = str(_version(line))
    form = PaperForm(data, line=line, law=checklist.law)
    form.is_valid()
    if "file" in form.errors:
        del form.errors["file"]
    return form


def _seen_anew(
    request: SignedInRequest, application: Application, kind: str, refusal: Refused
) -> HttpResponse:
    checklist, line = _line(application, kind)
    form = _with_version(request.POST, line, checklist)
    form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
    return _paper_page(request, checklist, line, form)


def _await_checks(document: Document) -> None:
    """Give the checks of the newest file a moment, so that most people see their outcome."""
    newest = document.parts.select_related("file").order_by("-pk").first()
    if newest is not None and newest.file.is_being_checked:
        wait_until_settled(stored_file=newest.file, seconds=PATIENCE)


def _version(line: PaperLine) -> int:
    return line.document.version if line.document else 0


def _paper_page(
    request: HttpRequest, checklist: FileChecklist, line: PaperLine, form: PaperForm
) -> HttpResponse:
    application = checklist.application
    context = {
        "application": application,
        "checklist": checklist,
        "paper": line,
        "proofs": checklist.proofs_of(line.kind),
        "form": form,
        "can_change": application.state in OPEN_STATES and line.state != "checked",
        "closing": suspended(Action.PREPARING, mission_id=application.mission_id),
        "hosting_url": _hosting_url(checklist) if line.kind == HOSTING else "",
    }
    status = 422 if form.is_bound and form.errors and request.method == "POST" else 200
    return render(request, "applications/papers/paper.html", context, status=status)


def _hosting_url(checklist: FileChecklist) -> str:
    if checklist.certificate is not None:
        return reverse("applications:hosting_change", args=[checklist.certificate.pk])
    return f"{reverse('applications:hosting_add')}?application={checklist.application.pk}"
