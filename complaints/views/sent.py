"""After a complaint was sent: its number at once, and the receipt as PDF (CP-05).

Whoever sent it sees both in the same session; later the page of the case asks for a code.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ..enums import CaseState
from ..models import Case
from ..operations.drafts import find_draft
from ..receipts import printed, receipt_rows
from ..unsent import SESSION_KEY

SENT_KEY = "complaints_sent"  # the numbers of cases, and when they were sent
SHOWN_FOR = 12 * 3600  # seconds
MOST_SHOWN = 20


def remember_sent(request: HttpRequest, cases: Sequence[Case]) -> None:
    """Let this session see these cases' receipts for some hours."""
    known = [entry for entry in _sent(request) if entry[0] not in {str(one.pk) for one in cases}]
    new = [[str(one.pk), time.time()] for one in cases]
    request.session[SENT_KEY] = [*known, *new][-MOST_SHOWN:]


def was_sent(request: HttpRequest) -> bool:
    """Tell whether something was sent from this session."""
    return bool(_sent(request))


def sent_cases(request: HttpRequest) -> list[Case]:
    """Return the complaints that were sent from this session, the newest first."""
    numbers = [str(number) for number, _at in _sent(request)]
    rows = Case.objects.filter(pk__in=numbers).select_related("complaint", "mission")
    return list(rows.order_by("-received_at", "reference"))


@require_GET
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Show what was sent, with number, date, subject and language."""
    cases = sent_cases(request)
    if not cases:
        return redirect("complaints:start")
    owner = request.user if request.user.is_authenticated else None
    draft = find_draft(draft_id=request.session.get(SESSION_KEY), owner=owner)
    context = {
        "shown": [
            {
                "case": case,
                "rows": receipt_rows(case)[1:],  # the number stands above them
                "is_doubted": case.state == CaseState.DOUBT,
            }
            for case in cases
        ],
        "appeal_waits": bool(draft.appeal_text),
    }
    return render(request, "complaints/sent.html", context)


@require_GET
@never_cache
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the receipt as PDF to the session that sent it; changes nothing."""
    case = next((one for one in sent_cases(request) if one.reference == reference), None)
    paper = printed(case, (get_language() or "fr")[:2]) if case else None
    if case is None or paper is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{case.reference}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _sent(request: HttpRequest) -> list[list[str | float]]:
    oldest = time.time() - SHOWN_FOR
    return [entry for entry in request.session.get(SENT_KEY, []) if entry[1] >= oldest]
