"""The pages on which a person chooses, sees and cancels an appointment."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications.enums import ApplicationState
from applications.file_checklist import file_checklist, not_fresh_on
from applications.models import Application
from applications.permissions import own_application
from applications.verdicts import passport_verdict
from applications.wording import PASSPORT
from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.missions.models import provider_name
from portal.refusals import Refused
from portal.shared_pages import shared_page
from portal.wording import shown_all

from .. import operations
from ..enums import LIVE_STATES, Service
from ..free_times import free_times
from ..models import Appointment, Centre
from ..notifications import calendar_for
from ..permissions import own_appointment
from ..refusals import SlotTaken


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
        "free_times": free_times(place, service, request.GET.get("from", "")),
    }
    return render(request, "appointments/centre.html", context)


@require_GET
@never_cache
@keep_input_and_sign_in
def choose(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Offer the free times of the mission's centres for one application."""
    application = own_application(request.user, application_id)
    return _choose_page(request, application)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def confirm(request: SignedInRequest, application_id: uuid.UUID, slot_id: int) -> HttpResponse:
    """Show what is about to be booked; book it on POST."""
    application = own_application(request.user, application_id)
    if request.method == "POST":
        return _book(request, application, slot_id)
    try:
        slot = operations.offered_slot(application=application, slot_id=slot_id)
    except Refused as refusal:
        return _choose_page(request, application, refusal)
    verdict = passport_verdict(application, civil_date(slot.starts_at))
    context = {
        "application": application,
        "slot": slot,
        "verdict": verdict,
        "findings": shown_all(verdict.findings, PASSPORT),
        "not_fresh": not_fresh_on(
            application, day=civil_date(slot.starts_at), today=civil_date(timezone.now())
        ),
    }
    return render(request, "appointments/confirm.html", context)


@require_GET
@never_cache
@keep_input_and_sign_in
def list_appointments(request: SignedInRequest) -> HttpResponse:
    """Show the appointments of this account, those to come first."""
    rows = (
        Appointment.objects.filter(application__owner=request.user)
        .select_related("slot__centre", "application__mission")
        .order_by("-slot__starts_at")
    )
    bookable = Application.objects.filter(
        owner=request.user,
        state__in=[ApplicationState.SUBMITTED, ApplicationState.NOT_ACCEPTED],
    ).select_related("mission")
    context = {"appointments": rows, "bookable": bookable}
    return render(request, "appointments/list.html", context)


@require_GET
@never_cache
@keep_input_and_sign_in
def detail(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show the present state of an appointment, whatever an old message said."""
    appointment = own_appointment(request.user, appointment_id)
    context = {
        "appointment": appointment,
        "application": appointment.application,
        "slot": appointment.slot,
        "checklist": file_checklist(appointment.application, today=civil_date(timezone.now())),
        "can_cancel": appointment.is_live and appointment.slot.starts_at > timezone.now(),
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
        return render(request, "appointments/cancel.html", {"appointment": appointment})
    try:
        operations.cancel(appointment_id=appointment.pk, owner=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    else:
        messages.success(request, _("The appointment is cancelled. You can book another one."))
    return redirect("appointments:detail", appointment.pk)


def _book(request: SignedInRequest, application: Application, slot_id: int) -> HttpResponse:
    try:
        appointment = operations.book(
            application_id=application.pk, slot_id=slot_id, owner=request.user
        )
    except Refused as refusal:
        return _choose_page(request, application, refusal)
    messages.success(request, _("Your appointment is booked."))
    return redirect("appointments:detail", appointment.pk)


def _choose_page(
    request: HttpRequest, application: Application, refusal: Refused | None = None
) -> HttpResponse:
    """Show the free times; after a refusal with its reason, so that the way goes on."""
    places = list(application.mission.centres.filter(is_active=True))
    code = request.GET.get("centre", "")
    place = next((one for one in places if one.code == code), places[0] if places else None)
    context: dict[str, Any] = {
        "application": application,
        "centres": places,
        "centre": place,
        "refusal": refusal,
        "walk_in": operations.is_walk_in(application),
        "is_bookable": application.state
        in (ApplicationState.SUBMITTED, ApplicationState.NOT_ACCEPTED),
    }
    if place and not context["walk_in"]:
        service = operations.service_for(application)
        context["free_times"] = free_times(
            place,
            service,
            request.GET.get("from", ""),
            choose_url=reverse("appointments:choose", args=[application.pk]),
            anew=refusal is not None,
        )
    status = 409 if isinstance(refusal, SlotTaken) else 422 if refusal else 200
    return render(request, "appointments/choose.html", context, status=status)


def _service(request: HttpRequest) -> Service:
    value = request.GET.get("service", Service.SHORT_STAY)
    return Service(value) if value in Service.values else Service.SHORT_STAY
