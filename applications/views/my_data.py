"""The pages on which a person sees, takes along and deletes what is held about them (DP-05)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.data_rights.exporting import request_export
from portal.data_rights.models import DataExport
from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in, pressed_on
from portal.refusals import Refused
from portal.uploads import stores
from portal.uploads.sealing import Unsealed
from portal.uploads.serving import HEADERS, POLICY

from ..models import Application
from ..my_data import file_lines, periods, responsible_for
from ..operations import erasure
from ..permissions import own_application


@require_GET
@never_cache
@keep_input_and_sign_in
def index(request: SignedInRequest) -> HttpResponse:
    """Say what is held, and what the person may do."""
    lines = file_lines(request.user)
    context = {
        "lines": lines,
        "export": _latest_export(request),
        "periods": periods(),
        "responsible": responsible_for(lines),
    }
    return render(request, "my_data/index.html", context)


@keep_input_and_sign_in
@pressed_on("my_data:index")
def ask_export(request: SignedInRequest) -> HttpResponse:
    """Have the archive built."""
    request_export(owner=request.user)
    messages.success(request, _("The archive is being prepared. You get an e-mail when it is."))
    return redirect("my_data:index")


@require_GET
@never_cache
@keep_input_and_sign_in
def download(request: SignedInRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """Stream the archive to its owner, until its last day."""
    export = DataExport.objects.filter(pk=export_id, owner=request.user).first()
    if export is None or export.state != DataExport.State.READY:
        raise Http404
    if export.expires_at <= timezone.now():
        messages.info(request, _("This archive is too old. Ask for a new one."))
        return redirect("my_data:index")
    return _archive(export)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def delete_file(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Ask once, then delete a file that was never handed in."""
    application = own_application(request.user, application_id)
    if request.method == "GET":
        line = next(row for row in file_lines(request.user) if row.application == application)
        return render(request, "my_data/delete.html", {"line": line, "application": application})
    try:
        erasure.delete_application(application_id=application.pk, owner=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    except Application.DoesNotExist as error:  # sent twice
        raise Http404 from error
    else:
        messages.success(request, _("The application is deleted."))
    return redirect("my_data:index")


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def close_account(request: SignedInRequest) -> HttpResponse:
    """Ask once, then delete the account and sign out."""
    if request.method == "GET":
        return render(request, "my_data/close.html", {"lines": file_lines(request.user)})
    try:
        erasure.close_account(owner=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return redirect("my_data:index")
    logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("home")


def _latest_export(request: SignedInRequest) -> DataExport | None:
    rows = DataExport.objects.filter(owner=request.user, expires_at__gt=timezone.now())
    return rows.first()


def _archive(export: DataExport) -> StreamingHttpResponse:
    content = stores.opened(export.blob_name, export.blob_key)
    response = StreamingHttpResponse(_pieces(content), content_type="application/zip")
    assert export.ready_at is not None
    name = f"guichet-{civil_date(export.ready_at)}.zip"
    own = {
        "Content-Security-Policy": f"{POLICY}; sandbox",
        "Content-Length": str(content.size),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    for header, value in (HEADERS | own).items():
        response[header] = value
    return response


def _pieces(content: Unsealed) -> Iterator[bytes]:
    with closing(content):
        yield from content.chunks()
