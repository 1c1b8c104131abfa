"""The pages for whoever was moved: another time, the old one back, seen, and earlier times."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.held_input import SignedInRequest, keep_input_and_sign_in, pressed_on
from portal.pausing import paused
from portal.refusals import Refused
from portal.suspension import Suspended

from ..choice_refusals import NoChoice, OfferIsOver
from ..free_times import Choice, ChoosingPage, Wish, free_times
from ..models import Appointment
from ..moves_shown import moved, moves_of, offered_back
from ..operations import counter_choice, return_offers
from ..own_choice import choosing_together
from ..permissions import own_appointment


@require_http_methods(["GET"])
@never_cache
@keep_input_and_sign_in
def another_time(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """List the free times among which somebody who was moved may choose once (RD-07)."""
    appointment = own_appointment(request.user, appointment_id)
    people = choosing_together(appointment)
    if not people:
        return _refused(request, appointment, NoChoice())
    return _times(request, appointment, people)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def take_another(request: SignedInRequest, appointment_id: uuid.UUID, slot_id: int) -> HttpResponse:
    """Show old and new time once more, with one button that changes it."""
    appointment = own_appointment(request.user, appointment_id)
    if request.method == "POST":
        return _chosen(request, appointment, slot_id)
    people = choosing_together(appointment)
    if not people:
        return _refused(request, appointment, NoChoice())
    try:
        pairs = counter_choice.offered(appointments=people, slot_id=slot_id)
    except Refused as refusal:
        return _times(request, appointment, people, refusal)
    context = {
        "appointment": appointment,
        "pairs": pairs,
        "choose_url": reverse("appointments:another_time", args=[appointment.pk]),
    }
    return render(request, "appointments/another_time_confirm.html", context)


def _chosen(request: SignedInRequest, appointment: Appointment, slot_id: int) -> HttpResponse:
    def act() -> None:
        counter_choice.choose(appointment_id=appointment.pk, slot_id=slot_id, owner=request.user)

    try:
        return _done(request, appointment, act, _("The new time is yours."))
    except NoChoice as refusal:
        return _refused(request, appointment, refusal)
    except Refused as refusal:
        return _times(request, appointment, choosing_together(appointment), refusal)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def old_time(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show the old time that is free again; take it back, or keep the present one."""
    appointment = own_appointment(request.user, appointment_id)
    if request.method == "GET":
        offer = offered_back(appointment)
        if offer is None:
            return _refused(request, appointment, OfferIsOver())
        context = {"appointment": appointment, "offer": offer}
        return render(request, "appointments/old_time.html", context)
    who: dict[str, Any] = {"appointment_id": appointment.pk, "owner": request.user}
    try:
        if request.POST.get("answer") == "accept":
            said = _("You have your old time back.")
            return _done(request, appointment, lambda: return_offers.accept(**who), said)
        said = _("The present time stays.")
        return _done(request, appointment, lambda: return_offers.decline(**who), said)
    except Refused as refusal:
        return _refused(request, appointment, refusal)


@keep_input_and_sign_in
@pressed_on("appointments:detail")
def noted(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Note that the person has seen the new time."""
    appointment = own_appointment(request.user, appointment_id)
    counter_choice.note_seen(appointment_id=appointment.pk, owner=request.user)
    messages.success(request, _("Thank you. We know now that you have seen the new time."))
    return redirect("appointments:detail", appointment.pk)


@keep_input_and_sign_in
@pressed_on("appointments:detail")
def earlier(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Note whether a maintenance may move the appointment to an earlier time, too."""
    appointment = own_appointment(request.user, appointment_id)
    wished = request.POST.get("earlier") == "yes"
    counter_choice.allow_earlier(
        appointment_id=appointment.pk, earlier_ok=wished, owner=request.user
    )
    messages.success(
        request,
        _("Noted: an earlier time would suit you, too.")
        if wished
        else _("Noted: no earlier time."),
    )
    return redirect("appointments:detail", appointment.pk)


def _done(
    request: HttpRequest, appointment: Appointment, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it and lead to the appointment; say so where the centre is closed meanwhile."""
    try:
        act()
    except Suspended as refusal:
        return paused(request, refusal.closing, kept="nothing", back=request.get_full_path())
    messages.success(request, said)
    return redirect("appointments:detail", appointment.pk)


def _refused(request: HttpRequest, appointment: Appointment, refusal: Refused) -> HttpResponse:
    messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    return redirect("appointments:detail", appointment.pk)


def _times(
    request: HttpRequest,
    appointment: Appointment,
    people: list[Appointment],
    refusal: Refused | None = None,
) -> HttpResponse:
    slot = appointment.slot
    choice = Choice(ChoosingPage.AFTER_A_MOVE, appointment.pk)
    wish = Wish(request.GET.get("from", ""), request.GET.get("month", ""), len(people))
    count = len(people)
    context = {
        "appointment": appointment,
        "people": people,
        "shown": moved(appointment, moves_of(appointment)),
        "refusal": refusal,
        "who": ngettext("For %(count)s person", "For %(count)s people", count) % {"count": count},
        "free_times": free_times(slot.centre, slot.service, wish, choice, anew=refusal is not None),
    }
    status = 409 if refusal else 200
    return render(request, "appointments/another_time.html", context, status=status)
