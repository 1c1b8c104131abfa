"""What appointments hold about a person, and when it ends: 90 days after the day (DP-04)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
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

from .models import Appointment


def register() -> None:
    """Tell the registries; called once the apps are ready."""
    register_section("appointments", appointments_of, subjects=lambda user: [_of(user)])
    before_ending(end_with_applications)
    register_purge(
        Purge(
            name="appointment",
            title=_("Appointments"),
            rows=Appointment.objects.all,
            due=past_appointments,
            remove=remove_appointments,
        )
    )


def appointments_of(user: User) -> list[dict[str, Any]]:
    """Return the appointments of all the person's applications."""
    rows = _of(user).select_related("application", "slot__centre")
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
        }
        for row in rows
    ]


def past_appointments(today: date) -> QuerySet[Appointment]:
    """Appointments whose day is longer ago than their period; `today` is a day in Algiers."""
    first = kept_since(Kept.APPOINTMENT, today, LAW.on(today))
    return Appointment.objects.filter(slot__starts_at__lt=start_of(first))


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


def _free(application: Application) -> None:
    if APPLICATION_WORKFLOW.allows(application.state, "unbook"):
        APPLICATION_WORKFLOW.move(application, "unbook", actor=None, reason="DP-04")
        expect_on(application=application, day=None)


def _delete(rows: Sequence[Appointment]) -> int:
    keys = [row.pk for row in rows]
    Appointment.objects.filter(pk__in=keys).delete()
    erase_history(Appointment, keys)
    return len(keys)


def _of(user: User) -> QuerySet[Appointment]:
    return Appointment.objects.filter(application__owner=user).order_by("booked_at")
