"""Who may see and do what with an appointment."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from applications.enums import ApplicationState, VisaClass
from applications.models import Application
from portal import rows

from .models import Appointment, DrawRequest, Payment, Signal


def own_appointment(user: Any, appointment_id: uuid.UUID) -> Appointment:
    """Return an appointment of `user`; raises Http404 for anybody else's, as for none at all."""
    appointment = (
        Appointment.objects.select_related(
            "slot__centre", "application__mission", "application__owner"
        )
        .filter(pk=appointment_id, application__owner=user)
        .first()
    )
    if appointment is None:
        raise Http404
    return appointment


def own_draw_request(user: Any, request_id: uuid.UUID) -> DrawRequest:
    """Return a request of `user` in a draw; raises Http404 for anybody else's."""
    request = (
        DrawRequest.objects.select_related("draw__centre__mission")
        .defer("draw__transcript", "draw__seed", "draw__seats")
        .prefetch_related("travellers__application")
        .filter(pk=request_id, owner=user)
        .first()
    )
    if request is None:
        raise Http404
    return request


def own_signal(user: Any, signal_id: uuid.UUID) -> Signal:
    """Return a signal that names an appointment of `user`; raises Http404 for any other."""
    signal = signals_about(user).filter(pk=signal_id).first()
    if signal is None:
        raise Http404
    return signal


def signals_about(user: Any) -> QuerySet[Signal]:
    """Return what was noticed about appointments of `user`, the latest first."""
    rows = Signal.objects.filter(appointments__application__owner=user)
    return rows.distinct().order_by("-last_seen_at")


_APPLICATION = rows.Columns(Application, "a")
_COMPANIONS = rows.select(
    """
    FROM applications_application a
    WHERE a.owner_id = %s AND a.mission_id = %s AND a.state = ANY(%s) AND a.id <> %s
      AND (a.visa_class = %s) = %s
    ORDER BY a.created_at
    """,
    _APPLICATION,
)
_COME_ALONG = [
    ApplicationState.SUBMITTED.value,
    ApplicationState.NOT_ACCEPTED.value,
    ApplicationState.BOOKED.value,
]


def companions(application: Application) -> list[Application]:
    """Return the other applications of the account that are handed in at the same desk (AP-01).

    Those that can be booked, and those that are booked: a second click asks for them again.
    """
    short = VisaClass.SHORT_STAY.value
    params = [
        *(application.owner_id, application.mission_id, _COME_ALONG, application.pk),
        *(short, application.visa_class == short),
    ]
    found = [one for (one,) in rows.read(_COMPANIONS, params, _APPLICATION)]
    for one in found:
        one.mission, one.owner = application.mission, application.owner
    return found


def own_payment(user: Any, payment_id: uuid.UUID) -> Payment:
    """Return a payment of `user`; raises Http404 for anybody else's."""
    rows = Payment.objects.select_related("centre__mission")
    payment = rows.filter(pk=payment_id, owner=user).first()
    if payment is None:
        raise Http404
    return payment
