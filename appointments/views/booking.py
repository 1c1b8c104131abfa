"""The pages on which a person chooses, sees and cancels an appointment."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from redis.exceptions import RedisError

from applications.enums import ApplicationState
from applications.file_checklist import file_checklist
from applications.models import Application
from applications.permissions import own_application
from portal.challenge import asking
from portal.challenge.refusals import ChallengeRefused
from portal.closings_shown import closings_ahead
from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.missions.models import provider_name
from portal.pausing import paused
from portal.refusals import Refused
from portal.shared_pages import shared_page
from portal.suspension import Suspended

from .. import challenges, operations
from ..closings import closing_of
from ..draws_shown import draw_requests_of
from ..entrance_code import entrance_code
from ..enums import LIVE_STATES, Service, Switch
from ..fees_shown import fee_of
from ..free_times import MOST_PEOPLE, Choice, ChoosingPage, Wish, free_times
from ..freed_seats import comes_back_later
from ..models import Appointment, Centre
from ..models.switches import centres_with
from ..moves_shown import moved, moves_of, offered_back, past_moves
from ..notifications import calendar_for
from ..operations.signals import asked_of
from ..own_choice import open_choice
from ..permissions import companions, own_appointment, signals_about
from ..refusals import CannotCount, NoAdjacentSeats, SlotTaken
from ..releases_shown import windows_ahead

_BOOKABLE = (ApplicationState.SUBMITTED, ApplicationState.NOT_ACCEPTED)


@require_GET
@shared_page
def centres(request: HttpRequest) -> HttpResponse:
    """List the centres by mission; no account is needed to look."""
    rows = Centre.objects.filter(is_active=True).select_related("mission")
    return render(request, "appointments/centres.html", {"centres": rows})


@require_GET
@shared_page
@never_cache
def centre(request: HttpRequest, code: str) -> HttpResponse:
    """Show the free times of a centre to anybody."""
    place = get_object_or_404(Centre.objects.select_related("mission"), code=code, is_active=True)
    service = _service(request)
    context = {
        "centre": place,
        "service": service,
        "services": Service.choices,
        "provider": provider_name(place.mission.state, place.post, civil_date(timezone.now())),
        "free_times": free_times(place, service, _wish(request)),
        "release_windows": windows_ahead(place, service, timezone.now()),
        "closings_ahead": closings_ahead(centre_id=place.pk),
    }
    return render(request, "appointments/centre.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def choose(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Offer the free times of the mission's centres for one application, or a household.

    POST brings the answer to the challenge before them (AT-04).
    """
    applications = travellers_of(request, application_id)
    if request.method == "GET":
        return choose_page(request, applications)
    try:
        challenges.before_search(request, applications[0]).is_open(request.POST)
    except ChallengeRefused as refusal:
        return choose_page(request, applications, refusal)
    except RedisError:
        return choose_page(request, applications, CannotCount())
    return redirect(request.get_full_path())


def travellers_of(request: SignedInRequest, application_id: uuid.UUID) -> list[Application]:
    """Return the application of the address, and those of the household that come too (AP-01).

    Raises Http404 for an application of somebody else, or for another mission or desk.
    """
    first = own_application(request.user, application_id)
    wanted = dict.fromkeys(one for one in request.GET.getlist("with") if one != str(first.pk))
    if not wanted:
        return [first]
    possible = {str(one.pk): one for one in companions(first)}
    if not wanted.keys() <= possible.keys() or len(wanted) >= MOST_PEOPLE:
        raise Http404
    return [first, *(possible[one] for one in wanted)]


@require_GET
@never_cache
@keep_input_and_sign_in
def list_appointments(request: SignedInRequest) -> HttpResponse:
    """Show the appointments of this account: those to come, the next one first, then the others."""
    rows = (
        Appointment.objects.filter(application__owner=request.user)
        .select_related("slot__centre", "application__mission", "fee_hold")
        .order_by("-slot__starts_at", "-booked_at")
    )
    now = timezone.now()
    ahead = [one for one in rows if one.is_live and one.slot.starts_at > now]
    others = [one for one in rows if one not in ahead]
    bookable = Application.objects.filter(
        owner=request.user,
        state__in=_BOOKABLE,
    ).select_related("mission")
    context = {
        "appointments": [*reversed(ahead), *others],
        "in_closing": {one.pk for one in rows if closing_of(one)},
        "bookable": bookable,
        "draw_requests": draw_requests_of(request.user),
        "signals": signals_about(request.user),
        "precautions": asked_of(request.user),
    }
    return render(request, "appointments/list.html", context)


@require_GET
@never_cache
@keep_input_and_sign_in
def detail(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show the present state of an appointment, whatever an old message said."""
    appointment = own_appointment(request.user, appointment_id)
    history = moves_of(appointment)
    context = {
        "appointment": appointment,
        "application": appointment.application,
        "moved": moved(appointment, history),
        "offer": offered_back(appointment) if history else None,
        "past_moves": past_moves(history),
        "slot": appointment.slot,
        "checklist": file_checklist(appointment.application, today=civil_date(timezone.now())),
        "can_cancel": appointment.is_booked and appointment.slot.starts_at > timezone.now(),
        "closing": closing_of(appointment),
        "fee": fee_of(appointment),
        "entrance_code": entrance_code(appointment.reference) if appointment.is_live else "",
        "signals": signals_about(request.user).filter(appointments=appointment),
        "precautions": asked_of(request.user),
    }
    return render(request, "appointments/detail.html", context)


@require_GET
@keep_input_and_sign_in
def of_application(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Lead to the live appointment of an application, or to the choice of one."""
    application = own_application(request.user, application_id)
    appointment = application.appointments.filter(state__in=LIVE_STATES).first()
    if appointment is None:
        return redirect("appointments:choose", application.pk)
    return redirect("appointments:detail", appointment.pk)


@require_GET
@never_cache
@keep_input_and_sign_in
def calendar(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Give the calendar file of the present state."""
    appointment = own_appointment(request.user, appointment_id)
    content = calendar_for(appointment, get_language() or "fr")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{appointment.reference}.ics"'
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def cancel(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Ask once, then cancel."""
    appointment = own_appointment(request.user, appointment_id)
    if request.method == "GET":
        context = {
            "appointment": appointment,
            "comes_back_later": comes_back_later(appointment.slot),
            "after_move": open_choice(appointment) is not None,
        }
        return render(request, "appointments/cancel.html", context)
    try:
        operations.cancel(appointment_id=appointment.pk, owner=request.user)
    except Suspended as refusal:
        return paused(request, refusal.closing, kept="nothing", back=request.get_full_path())
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    else:
        messages.success(request, _("The appointment is cancelled. You can book another one."))
    return redirect("appointments:detail", appointment.pk)


def choose_page(
    request: HttpRequest,
    applications: list[Application],
    refusal: Refused | None = None,
    lost: int | None = None,
) -> HttpResponse:
    """Show the free times; after a refusal with its reason, so that the way goes on.

    `lost` is the slot that was just refused, if one was.
    """
    application = applications[0]
    day = civil_date(timezone.now())
    places = centres_with(Switch.CHALLENGE, application.mission_id, day)
    code = request.GET.get("centre", "")
    nowhere: tuple[Centre | None, bool] = (None, False)
    place, is_gated = next((one for one in places if one[0].code == code), [*places, nowhere][0])
    context: dict[str, Any] = {
        "application": application,
        "travellers": applications,
        "companions": [one for one in companions(application) if one.state in _BOOKABLE],
        "others": _others(applications),
        "centres": [one for one, _is_gated in places],
        "centre": place,
        "refusal": refusal,
        "walk_in": operations.is_walk_in(application),
        "is_bookable": application.state in _BOOKABLE,
        "closings_ahead": closings_ahead(mission_id=application.mission_id),
    }
    if is_gated and context["is_bookable"] and not context["walk_in"]:
        context["challenge"] = _challenge(request, application, refusal)
    if place and not context["walk_in"] and not context.get("challenge"):
        service = operations.service_for(application)
        context["free_times"] = free_times(
            place,
            service,
            _wish(request, len(applications)),
            Choice(ChoosingPage.FIRST, application.pk, _others(applications)),
            anew=refusal is not None,
            lost=lost,
        )
    return render(request, "appointments/choose.html", context, status=_status(refusal))


def _challenge(
    request: HttpRequest, application: Application, refusal: Refused | None
) -> asking.Asked | None:
    """Return what stands before free times; nothing for who solved one a while ago (AT-04)."""
    gate = challenges.before_search(request, application)
    with suppress(RedisError):  # who cannot be known to have passed is asked
        if gate.is_passed():
            return None
    # What nobody could check is kept; what was wrong is not asked again.
    return gate.ask(None if isinstance(refusal, ChallengeRefused) else request.POST)


def _status(refusal: Refused | None) -> int:
    if isinstance(refusal, CannotCount):
        return 503
    if isinstance(refusal, SlotTaken | NoAdjacentSeats):
        return 409
    return 422 if refusal else 200


def _others(applications: list[Application]) -> str:
    """Return the part of a query that names who comes with the first."""
    return "".join(f"&with={one.pk}" for one in applications[1:])


def choose_address(applications: list[Application]) -> str:
    """Return the address of the free times for these travellers."""
    address = reverse("appointments:choose", args=[applications[0].pk])
    return f"{address}?{_others(applications)[1:]}" if len(applications) > 1 else address


def _wish(request: HttpRequest, people: int = 1) -> Wish:
    return Wish(request.GET.get("from", ""), request.GET.get("month", ""), people)


def _service(request: HttpRequest) -> Service:
    value = request.GET.get("service", Service.SHORT_STAY)
    return Service(value) if value in Service.values else Service.SHORT_STAY
