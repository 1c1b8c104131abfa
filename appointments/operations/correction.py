"""A typing error in who an appointment is bound to, corrected at the desk (AT-03)."""

from __future__ import annotations

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


def identity_of(application: Application) -> Identity:
    """Return who the appointments of `application` are bound to."""
    return Identity(**{name: getattr(application, name) for name in _FIELDS})


@transaction.atomic
def correct_typing_error(
    *, appointment: Appointment, corrected: Identity, actor: Any, reason: str
) -> Appointment:
    """Correct name, birth date or passport number of a live appointment and its application.

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
    if correction_findings(before, corrected, LAW.on(civil_date(now), ruleset)):
        raise AnotherPerson
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
