"""The pages on which a household asks for seats in a draw, follows its request, and accepts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.refusals import Refused

from ..draws_shown import (
    offered_times,
    open_days,
    public_draws,
    request_kind,
    shown,
    wishes_in_words,
)
from ..enums import RequestState
from ..forms.draw_request import ChangedWishesForm, WishesForm, typed_before
from ..models import Draw, DrawRequest
from ..operations import draw_offers, draw_requests
from ..permissions import companions, own_draw_request
from .booking import _BOOKABLE, travellers_of

_IN_PLAY = (RequestState.REQUESTED, RequestState.WAITING, RequestState.OFFERED)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def ask(request: SignedInRequest, application_id: uuid.UUID, draw_id: uuid.UUID) -> HttpResponse:
    """Explain the draw and take the request of one application, or a household."""
    row = get_object_or_404(public_draws(), pk=draw_id)
    travellers = travellers_of(request, application_id)
    form = WishesForm(row, open_days(row), request.POST if request.method == "POST" else None)
    refusal: Refused | None = None
    if form.is_valid():
        try:
            asked = draw_requests.ask(
                draw_id=row.pk,
                application_ids=[one.pk for one in travellers],
                preferences=form.preferences(),
                owner=request.user,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Your request is in the draw."))
            return redirect("appointments:draw_request", asked.pk)
    first = travellers[0]
    context = {
        "draw": row,
        "shown": shown(row, timezone.now()),
        "application": first,
        "travellers": travellers,
        "companions": [one for one in companions(first) if one.state in _BOOKABLE],
        "is_bookable": first.state in _BOOKABLE,
        "form": form,
        "refusal": refusal,
        "own": _own_requests(row, request.user),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appointments/draw_ask.html", context, status=status)


@require_GET
@never_cache
@keep_input_and_sign_in
def detail(request: SignedInRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show where a request stands and what happens when."""
    return _page(request, own_draw_request(request.user, request_id))


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def wishes(request: SignedInRequest, request_id: uuid.UUID) -> HttpResponse:
    """Change when the household can come, until requests close."""
    row = own_draw_request(request.user, request_id)
    if request.method == "GET" and not _can_change(row, timezone.now()):
        return redirect("appointments:draw_request", row.pk)
    form = ChangedWishesForm(
        row.draw,
        open_days(row.draw),
        request.POST if request.method == "POST" else None,
        initial=typed_before(row.wishes),
    )
    refusal: Refused | None = None
    if form.is_valid():
        try:
            draw_requests.change_wishes(
                request_id=row.pk, preferences=form.preferences(), owner=request.user
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Your wishes are changed."))
            return redirect("appointments:draw_request", row.pk)
    context = {"row": row, "draw": row.draw, "form": form, "refusal": refusal}
    status = 422 if form.is_bound else 200
    return render(request, "appointments/draw_wishes.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def withdraw(request: SignedInRequest, request_id: uuid.UUID) -> HttpResponse:
    """Ask once, then take the request out, or decline the offered places."""
    row = own_draw_request(request.user, request_id)
    if request.method == "GET":
        return render(request, "appointments/draw_withdraw.html", {"row": row, "draw": row.draw})
    try:
        left = draw_requests.withdraw(request_id=row.pk, owner=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    else:
        declined = left.state == RequestState.DECLINED
        messages.success(
            request,
            _("You declined the places. They go to the next household.")
            if declined
            else _("Your request is withdrawn."),
        )
    return redirect("appointments:draw_request", row.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def accept(request: SignedInRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show the offered places once more, with one button that books them."""
    row = own_draw_request(request.user, request_id)
    if request.method == "GET":
        if row.state != RequestState.OFFERED:
            return redirect("appointments:draw_request", row.pk)
        return _page(request, row, template="appointments/draw_accept.html")
    try:
        appointments = draw_offers.accept(request_id=row.pk, owner=request.user)
    except Refused as refusal:
        return _page(request, own_draw_request(request.user, request_id), refusal)
    done = ngettext(
        "Your appointment is booked.", "%(count)s appointments are booked.", len(appointments)
    )
    messages.success(request, done % {"count": len(appointments)})
    if len(appointments) == 1:
        return redirect("appointments:detail", appointments[0].pk)
    return redirect(reverse("appointments:list"))


def _page(
    request: HttpRequest,
    row: DrawRequest,
    refusal: Refused | None = None,
    template: str = "appointments/draw_request.html",
) -> HttpResponse:
    now = timezone.now()
    travellers = [one.application for one in row.travellers.all() if one.application]
    context: dict[str, Any] = {
        "row": row,
        "draw": row.draw,
        "shown": shown(row.draw, now),
        "kind": request_kind(row),
        "wishes": wishes_in_words(row),
        "travellers": travellers,
        "times": offered_times(row) if row.offered else [],
        "can_change": _can_change(row, now),
        "has_appointment": any(one.state not in _BOOKABLE for one in travellers),
        "can_leave": row.state in _IN_PLAY,
        "before_closing": now < row.draw.closes_at,
        "refusal": refusal,
    }
    return render(request, template, context, status=409 if refusal else 200)


def _can_change(row: DrawRequest, now: datetime) -> bool:
    return row.state == RequestState.REQUESTED and now < row.draw.closes_at


def _own_requests(draw: Draw, user: Any) -> list[DrawRequest]:
    return list(DrawRequest.objects.filter(draw=draw, owner=user, state__in=_IN_PLAY))
