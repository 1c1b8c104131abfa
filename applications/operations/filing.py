"""What people do with an application.  Each function is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.missions.models import Mission

from ..enums import ApplicationState
from ..models import Application
from ..refusals import ChangedElsewhere, Incomplete, NotADraft
from ..verdicts import passport_verdict
from ..workflow import APPLICATION_WORKFLOW
from .paper_days import tell_not_fresh

# The version of the sentences a person agrees to on submitting; a new text gets a new version.
AGREED_TEXTS = {"commitments": "2026-11", "data_protection": "2026-11"}


@transaction.atomic
def start_application(*, owner: User, mission: Mission, answers: Mapping[str, Any]) -> Application:
    """Open a draft at `mission` with the answers of the first step.

    A draft that begins the same and has no further answers is taken up again, so that a double
    click opens one application and not two.
    """
    User.objects.select_for_update().get(pk=owner.pk)
    untouched = Application.objects.filter(
        owner=owner, mission=mission, state=ApplicationState.DRAFT, version=1, **answers
    ).first()
    if untouched is not None:
        return untouched
    application = Application(owner=owner, mission=mission, **answers)
    application.save(force_insert=True)
    audit.record(actor=owner, action="application.start", subject=application, mission=mission)
    return application


@transaction.atomic
def save_answers(
    *, application_id: uuid.UUID, owner: User, answers: Mapping[str, Any], seen_version: int
) -> Application:
    """Save one step of a draft.

    Raises NotADraft, or ChangedElsewhere if `seen_version` is not the stored one.
    """
    application = _own(application_id, owner)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    if application.version != seen_version:
        raise ChangedElsewhere
    for name, value in answers.items():
        setattr(application, name, value)
    application.remember_keys()
    application.version += 1
    application.save()
    return application


@transaction.atomic
def submit(*, application_id: uuid.UUID, owner: User) -> Application:
    """Submit a complete draft and keep the passport verdict of today.

    The verdict is advice, so an inadmissible passport does not stop a submission (CV-06); the
    counter decides (PA-12).  Submitting twice is submitting once.  Raises Incomplete, or
    TransitionRefused if it is no draft.
    """
    application = _own(application_id, owner)
    if application.state == ApplicationState.SUBMITTED:
        return application
    if missing_answers(application):
        raise Incomplete
    now = timezone.now()
    APPLICATION_WORKFLOW.move(application, "submit", actor=owner)
    application.submitted_at = now
    application.passport_verdict = passport_verdict(application, civil_date(now)).as_json()
    application.agreed = {
        name: {"version": version, "at": now.isoformat()} for name, version in AGREED_TEXTS.items()
    }
    application.save()
    return application


@transaction.atomic
def correct(*, application_id: uuid.UUID, owner: User) -> Application:
    """Turn a submitted application back into a draft, so that its answers can be mended.

    While an appointment is booked this is refused: the slot is bound to the traveller's name
    and passport (AT-03).
    """
    application = _own(application_id, owner)
    if application.state == ApplicationState.DRAFT:
        return application
    return APPLICATION_WORKFLOW.move(application, "correct", actor=owner)


@transaction.atomic
def withdraw(*, application_id: uuid.UUID, owner: User) -> Application:
    """Withdraw an application; a booked appointment must be cancelled first."""
    application = _own(application_id, owner)
    if application.state == ApplicationState.WITHDRAWN:
        return application
    return APPLICATION_WORKFLOW.move(application, "withdraw", actor=owner)


def expect_on(*, application: Application, day: date | None) -> None:
    """Note the day on which the file will be handed in, or that none is fixed any more.

    The papers must be fresh on it, and the passport is judged for it; who has papers that were
    fresh before and are not on `day` is told.  Called by whoever books, moves or ends an
    appointment, inside that transaction.
    """
    before = application.appointment_day or civil_date(timezone.now())
    application.appointment_day = day
    Application.objects.filter(pk=application.pk).update(appointment_day=day)
    if day is not None:
        keep_passport_verdict(application=application, filing_date=day)
        tell_not_fresh(application=application, before=before)


def keep_passport_verdict(*, application: Application, filing_date: date) -> None:
    """Store the verdict on the passport for the day on which the file is handed in."""
    application.passport_verdict = passport_verdict(application, filing_date).as_json()
    Application.objects.filter(pk=application.pk).update(
        passport_verdict=application.passport_verdict
    )


_NEEDED = (
    "mission_id",
    "visa_class",
    "purpose",
    "family_name",
    "given_names",
    "birth_date",
    "nationality",
    "passport_number",
    "passport_issued_on",
    "passport_expires_on",
    "blank_pages",
    "arrives_on",
)


def missing_answers(application: Application) -> list[str]:
    """Return the names of the answers that submitting needs and that are not there yet."""
    needed = list(_NEEDED)
    if application.visa_class == "short_stay":
        needed.append("departs_on")
    return [name for name in needed if getattr(application, name) in (None, "")]


def _own(application_id: uuid.UUID, owner: User) -> Application:
    """Lock and return an application of `owner`; raises Application.DoesNotExist otherwise."""
    return Application.objects.select_for_update().get(pk=application_id, owner=owner)
