"""The last page before a booking, and what may be asked there: a pause, a code, the button."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from applications.file_checklist import not_fresh_on
from applications.models import Application
from applications.verdicts import passport_verdict
from applications.wording import PASSPORT
from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.refusals import Refused
from portal.wording import shown_all

from .. import booking_codes, operations
from ..enums import Switch
from ..guard import judge_attempt
from ..models.switches import switches_at
from ..refusals import (
    CannotCount,
    CodeExpired,
    CodeWrong,
    TooManyAttempts,
    TooManyCodes,
    WaitALittle,
)
from ..rules.limits import Answer
from .booking import choose_address, choose_page, travellers_of

_STAY_HERE = (CodeWrong, CodeExpired, TooManyCodes, TooManyAttempts, WaitALittle, CannotCount)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def confirm(request: SignedInRequest, application_id: uuid.UUID, slot_id: int) -> HttpResponse:
    """Show what is about to be booked, for everybody; book it on POST."""
    applications = travellers_of(request, application_id)
    if request.method == "GET":
        return _page(request, applications, slot_id)
    try:
        if _code_is_asked(request, applications, slot_id):
            return _page(request, applications, slot_id, asks_code=True)
        appointments = operations.book_together(
            application_ids=[one.pk for one in applications], slot_id=slot_id, owner=request.user
        )
    except _STAY_HERE as refusal:
        asks = isinstance(refusal, CodeWrong | CodeExpired | TooManyCodes)
        return _page(request, applications, slot_id, asks_code=asks, refusal=refusal)
    except Refused as refusal:
        return choose_page(request, applications, refusal)
    done = ngettext(
        "Your appointment is booked.", "%(count)s appointments are booked.", len(appointments)
    )
    messages.success(request, done % {"count": len(appointments)})
    if len(appointments) > 1:
        return redirect("appointments:list")
    return redirect("appointments:detail", appointments[0].pk)


def _code_is_asked(request: SignedInRequest, applications: list[Application], slot_id: int) -> bool:
    """Count the attempt; tell whether a code was mailed and must be typed first (AT-05, AT-06).

    Raises a refusal of AT-05 or AT-06.
    """
    switches = switches_at(slot_id, civil_date(timezone.now()))
    wish = booking_codes.Wish(request.session.session_key or "", slot_id, applications)
    try:
        solved = _code_is_right(request, wish)
        asked = Switch.CODE in switches
        if Switch.BUDGETS in switches:
            asked |= _is_judged_doubtful(request, applications, solved)
        if asked and not solved:
            operations.offered_seats(applications=applications, slot_id=slot_id)
            booking_codes.send(wish, language=get_language() or "fr")
        return asked and not solved
    except RedisError as error:
        raise CannotCount from error


def _code_is_right(request: SignedInRequest, wish: booking_codes.Wish) -> bool:
    code = request.POST.get("code", "")
    if not code or "again" in request.POST:
        return False
    booking_codes.use(wish, code)
    return True


def _is_judged_doubtful(
    request: SignedInRequest, applications: list[Application], solved: bool
) -> bool:
    """Tell whether so many attempts were made that a code is due; a pause or wait is raised."""
    judgement = judge_attempt(
        address=get_adapter().get_client_ip(request),
        applications=applications,
        day=civil_date(timezone.now()),
        solved=solved,
    )
    if judgement.answer is Answer.PAUSE:
        raise TooManyAttempts
    if judgement.answer is Answer.WAIT:
        raise WaitALittle
    return judgement.answer is Answer.CHALLENGE


def _page(
    request: SignedInRequest,
    applications: list[Application],
    slot_id: int,
    *,
    asks_code: bool = False,
    refusal: Refused | None = None,
) -> HttpResponse:
    try:
        seats = operations.offered_seats(applications=applications, slot_id=slot_id)
    except Refused as gone:
        return choose_page(request, applications, gone)
    context = {
        "application": applications[0],
        "slot": seats[0].slot,
        "seats": [_seat(seat) for seat in seats],
        "choose_url": choose_address(applications),
        "asks_code": asks_code,
        "refusal": refusal,
        "address": applications[0].owner.email,
    }
    return render(request, "appointments/confirm.html", context, status=_status(refusal))


def _status(refusal: Refused | None) -> int:
    if isinstance(refusal, CannotCount):
        return 503
    if isinstance(refusal, TooManyAttempts | WaitALittle | TooManyCodes):
        return 429
    return 422 if refusal else 200


def _seat(seat: operations.Seat) -> dict[str, Any]:
    """Return one traveller's line: who sits when, and what the rules say of that day."""
    day = civil_date(seat.slot.starts_at)
    verdict = passport_verdict(seat.application, day)
    return {
        "application": seat.application,
        "slot": seat.slot,
        "verdict": verdict,
        "findings": shown_all(verdict.findings, PASSPORT),
        "not_fresh": not_fresh_on(seat.application, day=day, today=civil_date(timezone.now())),
    }
