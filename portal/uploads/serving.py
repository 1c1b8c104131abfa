"""Show a file to somebody who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from portal.audit import operations as audit

from . import stores
from .kinds import Kind
from .models import StoredFile
from .refusals import NotReady, NotScannedYet
from .sealing import Unsealed

# Nothing in a file may run, load, send or be framed, should a browser ever mistake it for a page.
# Styles are the browser's own, with which it centres a picture.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    # The content is compressed already, and a changed length would spoil the progress bar.
    "Content-Encoding": "identity",
}


def serve(
    request: HttpRequest, stored_file: StoredFile, *, download: bool = False
) -> StreamingHttpResponse:
    """Stream the cleaned copy, chunk by chunk; whether this person may see it, you have checked.

    Reading by staff is written to the trail. Raises NotReady without a cleaned copy (see
    `stored_file.refusal`), and NotScannedYet for staff while the virus scanner is owed.
    """
    _check(request, stored_file)
    content = stores.opened(stored_file.cleaned_name, stored_file.cleaned_key)
    if request.user.is_staff:
        audit.record_read(actor=request.user, subject=stored_file, what="content")
    kind = stored_file.shown_kind
    response = StreamingHttpResponse(_pieces(content), content_type=kind.content_type)
    own = {
        "Content-Security-Policy": _policy(kind, download),
        "Content-Length": str(content.size),
        "Content-Disposition": str(content_disposition_header(download, stored_file.download_name)),
    }
    for name, value in (HEADERS | own).items():
        response[name] = value
    return response


def _check(request: HttpRequest, stored_file: StoredFile) -> None:
    if not stored_file.is_ready:
        raise stored_file.refusal or NotReady()
    if request.user.is_staff and settings.CLAMD_URL and stored_file.awaits_scan:
        raise NotScannedYet


def _policy(kind: Kind, download: bool) -> str:
    """Return the policy. The viewers of some browsers do not show a PDF in a sandbox; they bring
    their own, and the cleaned copy has no scripts.
    """
    return POLICY if kind == Kind.PDF and not download else f"{POLICY}; sandbox"


def _pieces(content: Unsealed) -> Iterator[bytes]:
    with closing(content):
        yield from content.chunks()
