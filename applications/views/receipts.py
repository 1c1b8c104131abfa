"""Receipts to print or to keep."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.refusals import Refused

from ..permissions import own_application
from ..receipts import RECEIPTS, printed
from .replies import refused


@require_GET
@never_cache
@keep_input_and_sign_in
def receipt(request: SignedInRequest, application_id: uuid.UUID, receipt: str) -> HttpResponse:
    """Give a receipt as PDF in the reader's language; changes nothing."""
    application = own_application(request.user, application_id)
    kind = RECEIPTS.get(receipt)
    if kind is None:
        raise Http404
    try:
        paper = printed(application, kind, (get_language() or "fr")[:2])
    except Refused as refusal:
        return refused(request, application, refusal)
    if paper is None:
        raise Http404
    name = f"{application.reference}-{kind.slug}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
