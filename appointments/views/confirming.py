"""The last page before a booking, and what may be asked there.

In this order: a challenge, a moment's wait, a pause that ends by itself, and where the centre
wants it a mailed code.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from enum import StrEnum
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

from applications.enums import ApplicationState
from applications.file_checklist import not_fresh_on
from applications.models import Application
from applications.verdicts import passport_verdict
from applications.wording import PASSPORT
from portal.challenge import asking
from portal.challenge.refusals import ChallengeRefused
from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.pausing import paused
from portal.payments.providers import is_configured
from portal.refusals import Refused
from portal.suspension import Suspended
from portal.wording import shown_all

from .. import booking_codes, challenges, operations
from ..booking_traces import Origin, page_opened, seconds_since
from ..enums import Switch
from ..guard import judge_attempt, wait_is_over
from ..models import Appointment
from ..models.switches import switches_at
from ..refusals import (
    CannotCount,
    CodeExpired,
    CodeWrong,
    TooManyAttempts,
    TooManyCodes,
    WaitALittle,
)
from ..rules.limits import Answer, Judgement
from .booking import choose_address, choose_page, travellers_of

_ABOUT_CODES = (CodeWrong, CodeExpired, TooManyCodes)
_STAY_HERE = (*_ABOUT_CODES, ChallengeRefused, TooManyAttempts, WaitALittle, CannotCount)


class Ask(StrEnum):
    """What is asked of a person before their booking."""

    NOTHING = ""
    CHALLENGE = "challenge"
    CODE = "code"


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def confirm(request: SignedInRequest, application_id: uuid.UUID, slot_id: int) -> HttpResponse:
    """Show what is about to be booked, for everybody; book it on POST."""
    applications = travellers_of(request, application_id)
    if request.method == "GET":
        return _page(request, applications, slot_id, asks=_asked_at_once(request, slot_id))
    try:
        # Whoever sends the same booking again gets the same appointments, and is asked nothing.
        asks = (
            Ask.NOTHING
            if _is_booked(applications)
            else _asked_first(request, applications, slot_id)
        )
        if asks:
            return _page(request, applications, slot_id, asks=asks)
        appointments = operations.book_together(
            application_ids=[one.pk for one in applications],
            slot_id=slot_id,
            owner=request.user,
            origin=_origin(request, applications, slot_id),
            read=applications,
        )
    except Suspended as refusal:
        return paused(request, refusal.closing, kept="nothing", back=request.get_full_path())
    except _STAY_HERE as refusal:
        now = travellers_of(request, application_id)
        if _is_booked(now):
            # Of two clicks the other one used up the code, and has booked by now.
            return _booked_before(request, now, slot_id)
        asks = _asked_again(request, refusal)
        return _page(request, applications, slot_id, asks=asks, refusal=refusal)
    except Refused as refusal:
        return choose_page(request, applications, refusal, slot_id)
    return _booked(request, appointments)


def _booked_before(
    request: SignedInRequest, applications: list[Application], slot_id: int
) -> HttpResponse:
    try:
        made = operations.book_together(
            application_ids=[one.pk for one in applications],
            slot_id=slot_id,
            owner=request.user,
            read=applications,  # as they were booked: what is cancelled now is not booked unasked
        )
    except Refused as refusal:
        return choose_page(request, applications, refusal, slot_id)
    return _booked(request, made)


def _booked(request: SignedInRequest, appointments: list[Appointment]) -> HttpResponse:
    done = ngettext(
        "Your appointment is booked.", "%(count)s appointments are booked.", len(appointments)
    )
    messages.success(request, done % {"count": len(appointments)})
    if len(appointments) > 1:
        return redirect("appointments:list")
    return redirect("appointments:detail", appointments[0].pk)


def _is_booked(applications: list[Application]) -> bool:
    return any(one.state == ApplicationState.BOOKED for one in applications)


def _origin(request: SignedInRequest, applications: list[Application], slot_id: int) -> Origin:
    return Origin(
        address=get_adapter().get_client_ip(request),
        seconds=seconds_since(request.POST.get("opened", ""), applications[0], slot_id),
    )


def _asked_at_once(request: SignedInRequest, slot_id: int) -> Ask:
    """Return what the page asks before anything was sent: the device works while one reads."""
    switches = switches_at(slot_id, request.user.pk, civil_date(timezone.now()))
    return Ask.CHALLENGE if Switch.CHALLENGE in switches else Ask.NOTHING


def _asked_again(request: SignedInRequest, refusal: Refused) -> Ask:
    """Return what the page asks after a refusal."""
    if isinstance(refusal, _ABOUT_CODES):
        return Ask.CODE
    return Ask.CHALLENGE if asking.is_answer(request.POST) else Ask.NOTHING


def _asked_first(request: SignedInRequest, applications: list[Application], slot_id: int) -> Ask:
    """Count the attempt; return what has to be done first (AT-04, AT-05, AT-06), or nothing.

    Raises a refusal of these rules.
    """
    switches = switches_at(slot_id, request.user.pk, civil_date(timezone.now()))
    try:
        judged = _judged(request, applications, switches)
        gate = challenges.before_booking(request, applications, slot_id)
        is_gated = Switch.CHALLENGE in switches or judged.answer is not Answer.GO_ON
        if is_gated and not gate.is_open(request.POST):
            return Ask.CHALLENGE
        if judged.answer is Answer.WAIT and not wait_is_over(applications[0], judged.lasts):
            raise WaitALittle
        if Switch.CODE in switches and not _code_is_right(request, applications, slot_id):
            return Ask.CODE
        return Ask.CHALLENGE if is_gated and not gate.close() else Ask.NOTHING
    except RedisError as error:
        raise CannotCount from error


def _judged(
    request: SignedInRequest, applications: list[Application], switches: frozenset[Switch]
) -> Judgement:
    """Count the attempt where the centre wants it; raises TooManyAttempts during a pause."""
    if Switch.BUDGETS not in switches:
        return Judgement(Answer.GO_ON)
    judged = judge_attempt(
        address=get_adapter().get_client_ip(request),
        applications=applications,
        day=civil_date(timezone.now()),
    )
    if judged.answer is Answer.PAUSE:
        raise TooManyAttempts
    return judged


def _code_is_right(request: SignedInRequest, applications: list[Application], slot_id: int) -> bool:
    """Use up the code that was typed; where none was, mail one and say no (AT-06)."""
    wish = booking_codes.Wish(request.session.session_key or "", slot_id, applications)
    code = request.POST.get("code", "")
    if code and "again" not in request.POST:
        booking_codes.use(wish, code)
        return True
    operations.offered_seats(applications=applications, slot_id=slot_id)
    booking_codes.send(wish, language=get_language() or "fr")
    return False


def _page(
    request: SignedInRequest,
    applications: list[Application],
    slot_id: int,
    *,
    asks: Ask = Ask.NOTHING,
    refusal: Refused | None = None,
) -> HttpResponse:
    try:
        seats = operations.offered_seats(applications=applications, slot_id=slot_id)
    except Refused as gone:
        return choose_page(request, applications, gone, slot_id)
    challenge = None
    if asks is Ask.CHALLENGE:
        challenge = _challenge(request, applications, slot_id, refusal)
    context = {
        "application": applications[0],
        "slot": seats[0].slot,
        "seats": [_seat(seat) for seat in seats],
        "prepaid": any(seat.prepaid for seat in seats) and is_configured(),
        "choose_url": choose_address(applications),
        "asks_code": asks is Ask.CODE,
        "was_sent": request.method == "POST",
        "challenge": challenge,
        "opened": page_opened(applications[0], slot_id),
        "refusal": refusal,
        "address": applications[0].owner.email,
    }
    return render(request, "appointments/confirm.html", context, status=_status(refusal))


def _challenge(
    request: SignedInRequest,
    applications: list[Application],
    slot_id: int,
    refusal: Refused | None,
) -> asking.Asked | None:
    """Return a challenge to show; none if one was solved for this booking already."""
    gate = challenges.before_booking(request, applications, slot_id)
    with suppress(RedisError):  # who cannot be known to have passed may answer meanwhile
        if gate.is_passed():
            return None
    # What nobody could check is kept; what was wrong is not asked again.
    return gate.ask(None if isinstance(refusal, ChallengeRefused) else request.POST)


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
