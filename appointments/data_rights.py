"""What appointments hold about a person, and when it ends: 90 days after the day (DP-04)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.ending import before_ending
from applications.models import Application
from applications.operations import expect_on
from applications.rules.law import LAW
from applications.rules.retention import Kept, kept_since
from applications.workflow import APPLICATION_WORKFLOW
from portal.accounts.models import User
from portal.audit.erasure import erase_history
from portal.data_rights.purges import Purge, register_purge, start_of
from portal.data_rights.sections import register_section

from . import purges
from .enums import RequestState
from .fee_data import forget_fees
from .models import (
    Appointment,
    BookingTrace,
    DrawRequest,
    DrawTraveller,
    Objection,
    Precaution,
    Signal,
    TipOff,
)
from .operations.draw_requests import leave, share_lock
from .permissions import signals_about


def register() -> None:
    """Tell the registries; called once the apps are ready."""
    register_section("appointments", appointments_of, subjects=lambda user: [_of(user)])
    register_section("draw_requests", draw_requests_of)
    register_section("signals", signals_of)
    before_ending(end_with_applications)
    before_ending(leave_draws)
    before_ending(leave_signals)
    register_purge(
        Purge(
            name="appointment",
            title=_("Appointments"),
            rows=Appointment.objects.all,
            due=past_appointments,
            remove=remove_appointments,
        )
    )
    register_purge(
        Purge(
            name="tip_off",
            title=_("Reports of touts"),
            rows=TipOff.objects.all,
            due=old_tip_offs,
            remove=remove_tip_offs,
        )
    )
    purges.register()


def appointments_of(user: User) -> list[dict[str, Any]]:
    """Return the appointments of all the person's applications."""
    rows = _of(user).select_related("application", "slot__centre")
    rows = rows.prefetch_related("moves__old_slot", "moves__new_slot")
    return [
        {
            "reference": row.reference,
            "application": row.application.reference,
            "state": row.state,
            "starts_at": row.slot.starts_at,
            "minutes": row.slot.minutes,
            "service": row.slot.service,
            "centre": row.slot.centre.code,
            "version": row.version,
            "booked_at": row.booked_at,
            "arrived_at": row.arrived_at,
            "called_at": row.called_at,
            "closed_at": row.closed_at,
            "counter": row.counter,
            "earlier_ok": row.earlier_ok,
            "moves": [
                {
                    "kind": move.kind,
                    "moved_at": move.moved_at,
                    "from": move.old_slot.starts_at,
                    "to": move.new_slot.starts_at,
                    "chosen_at": move.chosen_at,
                    "opened_at": move.opened_at,
                }
                for move in row.moves.all()
            ],
        }
        for row in rows
    ]


def draw_requests_of(user: User) -> list[dict[str, Any]]:
    """Return what the person asked for in draws, and what came of it."""
    rows = DrawRequest.objects.filter(owner=user).select_related("draw__centre")
    return [
        {
            "reference": row.reference,
            "draw": str(row.draw_id),
            "centre": row.draw.centre.code,
            "service": row.draw.service,
            "state": row.state,
            "preferences": row.preferences,
            "waiting_position": row.waiting_position,
            "requested_at": row.created_at,
        }
        for row in rows.defer("draw__transcript", "draw__seed").order_by("created_at")
    ]


def signals_of(user: User) -> list[dict[str, Any]]:
    """Return what was noticed about the person's bookings, asked because of it, and objected."""
    told = []
    for row in signals_about(user).prefetch_related("precautions", "objections", "appointments"):
        objection = next((one for one in row.objections.all() if one.account_id == user.pk), None)
        told.append(
            {
                "kind": row.kind,
                "numbers": row.numbers,
                "first_seen_at": row.first_seen_at,
                "last_seen_at": row.last_seen_at,
                "state": row.state,
                "asked": [
                    {
                        "kind": one.kind,
                        "reason": one.reason,
                        "from": one.valid.lower,
                        "until": one.valid.upper,
                    }
                    for one in row.precautions.all()
                    if one.account_id == user.pk
                ],
                "objection": objection
                and {
                    "text": objection.text,
                    "answer": objection.answer,
                    "received_at": objection.created_at,
                },
            }
        )
    return told


def past_appointments(today: date) -> QuerySet[Appointment]:
    """Appointments whose day is longer ago than their period; `today` is a day in Algiers."""
    first = kept_since(Kept.APPOINTMENT, today, LAW.on(today))
    return Appointment.objects.filter(slot__starts_at__lt=start_of(first))


def old_tip_offs(today: date) -> QuerySet[TipOff]:
    """Reports of touts that are as old as appointments may be."""
    first = kept_since(Kept.APPOINTMENT, today, LAW.on(today))
    return TipOff.objects.filter(received_at__lt=start_of(first))


def remove_tip_offs(rows: Sequence[TipOff]) -> int:
    """Delete locked reports and their history."""
    erase_history(TipOff, [row.pk for row in rows])
    return TipOff.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def remove_appointments(rows: Sequence[Appointment]) -> int:
    """Delete locked appointments and their history; one nobody closed frees its application."""
    for row in rows:
        if row.is_live:
            _free(row.application)
    return _delete(rows)


def end_with_applications(applications: Sequence[Application], erase: bool) -> None:
    """Delete the appointments of erased applications; of kept ones cut the traveller's key."""
    rows = list(Appointment.objects.filter(application__in=applications))
    if erase:
        _delete(rows)
        return
    for row in rows:
        Appointment.objects.filter(pk=row.pk).update(traveller_key=secrets.token_bytes(32))
    erase_history(Appointment, [row.pk for row in rows])


def leave_draws(applications: Sequence[Application], erase: bool) -> None:
    """Cut what leads from a draw to ended applications; a request of nobody leaves its draw.

    What was drawn for stays, under names that lead to nobody: the transcript must stay checkable.
    """
    rows = DrawTraveller.objects.filter(application__in=applications)
    draws = share_lock(set(rows.values_list("draw_id", flat=True)))
    found = set(rows.values_list("request_id", flat=True))
    requests = list(DrawRequest.objects.filter(pk__in=found).order_by("pk").select_for_update())
    rows.update(application=None, carry_key=None)
    for request in requests:
        if request.travellers.exclude(application=None).exists():
            continue
        request.draw = draws[request.draw_id]
        if request.state in (RequestState.REQUESTED, RequestState.WAITING, RequestState.OFFERED):
            leave(request, actor=None)
        DrawRequest.objects.filter(pk=request.pk).update(owner=None)


def leave_signals(applications: Sequence[Application], erase: bool) -> None:
    """Cut what leads from signals to ended applications, and what their holders objected."""
    BookingTrace.objects.filter(appointment__application__in=applications).delete()
    links = Signal.appointments.through.objects
    links.filter(appointment__application__in=applications).delete()
    of_owner = Signal.objects.filter(appointments__application__owner=OuterRef("account"))
    for rows in (Objection.objects, Precaution.objects):
        own = rows.filter(account__in={one.owner_id for one in applications})
        own.exclude(Exists(of_owner.filter(pk=OuterRef("signal")))).delete()


def _free(application: Application) -> None:
    if APPLICATION_WORKFLOW.allows(application.state, "unbook"):
        APPLICATION_WORKFLOW.move(application, "unbook", actor=None, reason="DP-04")
        expect_on(application=application, day=None)


def _delete(rows: Sequence[Appointment]) -> int:
    keys = [row.pk for row in rows]
    forget_fees(keys)
    Appointment.objects.filter(pk__in=keys).delete()
    erase_history(Appointment, keys)
    return len(keys)


def _of(user: User) -> QuerySet[Appointment]:
    return Appointment.objects.filter(application__owner=user).order_by("booked_at")
