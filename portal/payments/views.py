"""The address for notices of the provider, and the trial page."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.formats import money

from . import trial
from .providers import NotGenuine, Outcome, ProviderAway
from .receiving import receive

log = logging.getLogger(__name__)
_OUTCOMES = {"pay": Outcome.PAID, "fail": Outcome.FAILED}


@csrf_exempt  # a machine sends it; the signature says who
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take a signed notice; whatever follows from it is settled before the answer (204)."""
    try:
        receive(request.body, request.headers)
    except NotGenuine as reason:
        log.warning("a payment notice was not believed: %s", reason)
        return HttpResponse(status=400)
    except ProviderAway:
        raise Http404 from None
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@never_cache
def trial_page(request: HttpRequest, order: str) -> HttpResponse:
    """Let somebody try what paying, failing and leaving lead to; no money moves."""
    try:
        wanted = trial.opened(order)
    except LookupError:
        raise Http404 from None
    if not trial.is_chosen():
        raise Http404
    if request.method == "GET":
        context = {"order": wanted, "amount": money(wanted.amount, wanted.currency)}
        return render(request, "payments/trial.html", context)
    outcome = _OUTCOMES.get(request.POST.get("do", ""))
    if outcome is not None:
        trial.tell(wanted, outcome)
    return redirect(wanted.return_url)
