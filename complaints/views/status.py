"""Where is my answer? Number and e-mail address, then a mailed code (RC-02, CP-05)."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from portal.encryption import decrypt, encrypt
from portal.refusals import Refused

from .. import case_codes
from ..forms.status import CodeForm, StatusForm
from ..refusals import CannotCount, CodeExpired, TooManyCodes
from .case_access import remember_opened

ATTEMPT = "case_attempt"  # in the session: name of the attempt, and what was typed, sealed


@require_http_methods(["GET", "POST"])
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and e-mail address; the next page is the same for everybody."""
    form = (
        StatusForm(request.POST)
        if request.method == "POST"
        else StatusForm(initial=_typed(request))
    )
    if form.is_valid():
        try:
            _send(request, **form.cleaned_data)
        except (TooManyCodes, CannotCount) as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            return redirect("complaints:status_code")
    return render(request, "complaints/case/status.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and open the case on the right one."""
    attempt = request.session.get(ATTEMPT)
    if attempt is None:
        return redirect("complaints:status")
    form = CodeForm(request.POST if request.method == "POST" else None)
    over = False
    if form.is_valid():
        try:
            case_id = _use(attempt["name"], form.cleaned_data["code"])
        except Refused as refusal:
            over = isinstance(refusal, CodeExpired)
            form.add_error("code", f"{refusal.message} {refusal.remedy}")
        else:
            del request.session[ATTEMPT]
            remember_opened(request, case_id)
            return redirect("complaints:case", case_id)
    context = {"form": form, "over": over, "email": _typed(request).get("email", "")}
    return render(request, "complaints/case/code.html", context, status=_status(form))


def _send(request: HttpRequest, *, reference: str, email: str) -> None:
    try:
        name = case_codes.send(
            reference=reference,
            email=email,
            address=get_adapter().get_client_ip(request),
            language=get_language() or "fr",
        )
    except RedisError as error:
        raise CannotCount from error
    typed = encrypt(json.dumps({"reference": reference, "email": email})).decode()
    request.session[ATTEMPT] = {"name": name, "typed": typed}


def _use(name: str, typed: str) -> str:
    try:
        return case_codes.use(name, typed)
    except RedisError as error:
        raise CannotCount from error


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed for the attempt before, so that nobody types it for each code."""
    attempt = request.session.get(ATTEMPT)
    typed: dict[str, Any] = json.loads(decrypt(attempt["typed"].encode())) if attempt else {}
    return typed


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
