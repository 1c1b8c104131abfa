"""A typing error in who an appointment is bound to, corrected at the desk (AT-03)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import Application
from applications.operations import keep_passport_verdict
from portal import constraints
from portal.audit import operations as audit
from portal.dates import civil_date

from ..models import Appointment
from ..refusals import (
    AnotherPerson,
    CorrectionNeedsReason,
    NothingCorrected,
    TravellerAlreadyBooked,
)
from ..rules.identity import Identity, correction_findings
from ..rules.law import LAW
from .ending import lock_appointment

_FIELDS = ("family_name", "given_names", "birth_date", "passport_number")
# In Application.details, which rest encrypted: as whom a corrected appointment was booked.
_BOOKED_AS = "booked_as"


def identity_of(application: Application) -> Identity:
    """Return who the appointments of `application` are bound to."""
    return Identity(**{name: getattr(application, name) for name in _FIELDS})


@transaction.atomic
def correct_typing_error(
    *, appointment: Appointment, corrected: Identity, actor: Any, reason: str
) -> Appointment:
    """Correct name, birth date or passport number of a live appointment and its application.

    Each correction is held against what was booked, not against the one before, or a few of them
    would hand the appointment on.
    The trail keeps which fields were corrected and why, not what stood in them.  Raises
    CorrectionNeedsReason, NothingCorrected, AnotherPerson, or TravellerAlreadyBooked if the
    corrected passport holds another appointment.  Rules: AT-03, RD-09.
    """
    if not reason.strip():
        raise CorrectionNeedsReason
    appointment = lock_appointment(appointment.pk)
    application = appointment.application
    before = identity_of(application)
    if corrected == before:
        raise NothingCorrected
    now = timezone.now()
    ruleset = application.mission.ruleset_for("AT")
    booked = _booked_as(appointment)
    if correction_findings(booked, corrected, LAW.on(civil_date(now), ruleset)):
        raise AnotherPerson
    _keep_booked_as(appointment, booked)
    fields = _write(application, corrected)
    _bind(appointment, application)
    keep_passport_verdict(
        application=application, filing_date=civil_date(appointment.slot.starts_at)
    )
    for subject in (appointment, application):
        audit.record(
            actor=actor,
            action="appointment.correct_typing_error",
            subject=subject,
            reason=reason.strip(),
            mission=application.mission,
            details={"fields": fields},
        )
    return appointment


def _booked_as(appointment: Appointment) -> Identity:
    kept = appointment.application.details.get(_BOOKED_AS, {})
    if kept.get("appointment") != str(appointment.pk):
        return identity_of(appointment.application)
    fields = {name: kept[name] for name in _FIELDS}
    return Identity(**{**fields, "birth_date": date.fromisoformat(kept["birth_date"])})


def _keep_booked_as(appointment: Appointment, booked: Identity) -> None:
    appointment.application.details[_BOOKED_AS] = {
        **asdict(booked),
        "birth_date": booked.birth_date.isoformat(),
        "appointment": str(appointment.pk),
    }


def _write(application: Application, corrected: Identity) -> list[str]:
    changed = [name for name in _FIELDS if getattr(application, name) != getattr(corrected, name)]
    for name in changed:
        setattr(application, name, getattr(corrected, name))
    application.remember_keys()
    application.version += 1
    application.save()
    return changed


def _bind(appointment: Appointment, application: Application) -> None:
    appointment.traveller_key = application.traveller_key
    with constraints.explained(
        {"one_live_appointment_per_traveller_and_state": TravellerAlreadyBooked}
    ):
        appointment.save(update_fields=["traveller_key", "updated_at"])
