"""At the counter: a passport is looked at, a file is taken or not, a passport is handed back.

Each function is one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Entry
from portal.dates import civil_date
from portal.outbox.operations import enqueue
from portal.rules.findings import Verdict
from portal.workflow import TransitionRefused

from ..enums import PassportDefect
from ..models import Application, Derogation
from ..notifications import FileNotAccepted, PassportReady
from ..permissions import locked_for_staff
from ..receipts import FILED
from ..refusals import (
    DerogationOpen,
    DerogationReasonMissing,
    NoDerogation,
    NotAcceptedNeedsReason,
    NotDerogable,
    PassportInsufficient,
    PassportNeedsConsulate,
    PassportSeenIncomplete,
    SecondAgentNeeded,
)
from ..verdicts import passport_verdict
from ..workflow import APPLICATION_WORKFLOW
from .receipts import issue_receipt
from .requests import close_open_request

COUNTER_STEPS = ("file", "not_accept", "examine", "extend", "ready")


@transaction.atomic
def record_counter_step(
    *, application: Application, step: str, actor: User, reason: str = ""
) -> Application:
    """Record a step that an agent took with the file: file, not_accept, examine, extend, ready.

    A file is judged again on the day on which it is handed in (PA-12): with an insufficient
    passport it is refused with PassportInsufficient, and with one that only the consulate may
    let pass with PassportNeedsConsulate, until a second agent granted a derogation (PA-09).
    What is not accepted is no refusal and starts no clock; the applicant is told why, and needs
    to be, so that NotAcceptedNeedsReason is raised without a reason.  Raises LookupError for any
    other step.
    """
    if step not in COUNTER_STEPS:
        raise LookupError(f"{step!r} is no step of the counter")
    if step == "not_accept" and not reason.strip():
        raise NotAcceptedNeedsReason
    APPLICATION_WORKFLOW.move(application, step, actor=actor, reason=reason.strip())
    if step == "file":
        _accept(application)
    elif step == "not_accept":
        _send_away(application, reason.strip())
    elif step == "examine":
        close_open_request(application, actor=actor)
    elif step == "ready":
        enqueue(PassportReady.about(application))
    return application


def _accept(application: Application) -> None:
    today = civil_date(timezone.now())
    verdict = passport_verdict(application, today)
    if verdict.outcome != "admissible":
        _must_be_lifted(application, verdict)
    _keep(application, passport_verdict=verdict.as_json(), filed_on=today)
    issue_receipt(application, FILED)


def _must_be_lifted(application: Application, verdict: Verdict) -> None:
    """Let a passport pass that two agents let pass, for what urgency can lift and no more."""
    lifted = passport_verdict(application, verdict.reference_date, urgent=True)
    if lifted.outcome != "review":
        raise PassportInsufficient
    if not granted_derogation(application):
        raise PassportNeedsConsulate


def _send_away(application: Application, reason: str) -> None:
    verdict = passport_verdict(application, civil_date(timezone.now()))
    _keep(application, passport_verdict=verdict.as_json(), appointment_day=None)
    times = Entry.objects.filter(
        action="application.not_accept",
        subject_type=application._meta.label_lower,
        subject_id=str(application.pk),
    ).count()
    enqueue(FileNotAccepted.about(application, reason, times))


def _keep(application: Application, **values: object) -> None:
    for name, value in values.items():
        setattr(application, name, value)
    Application.objects.filter(pk=application.pk).update(**values)


@transaction.atomic
def record_passport_seen(
    *,
    application_id: uuid.UUID,
    actor: User,
    issued_on: date,
    expires_on: date,
    blank_pages: int,
    defects: Collection[str] = (),
) -> Application:
    """Record the passport as it lies on the desk, and judge it again (PA-12).

    The answers of the applicant are replaced: what the counter sees is what counts.  Only while
    the file is not handed in; raises PassportSeenIncomplete for dates that cannot be.
    """
    application = locked_for_staff(actor, application_id)
    if expires_on <= issued_on:
        raise PassportSeenIncomplete
    _must_be_before_handing_in(application)
    seen = {
        "passport_issued_on": issued_on,
        "passport_expires_on": expires_on,
        "blank_pages": blank_pages,
        "passport_defects": [PassportDefect(one).value for one in defects],
    }
    changed = sorted(name for name, value in seen.items() if getattr(application, name) != value)
    _keep(application, **seen, version=application.version + 1)
    verdict = passport_verdict(application, civil_date(timezone.now()))
    _keep(application, passport_verdict=verdict.as_json())
    audit.record(
        actor=actor,
        action="application.passport_seen",
        subject=application,
        details={"changed": changed, "outcome": verdict.outcome},
    )
    return application


def _must_be_before_handing_in(application: Application) -> None:
    if not APPLICATION_WORKFLOW.allows(application.state, "file"):
        raise TransitionRefused(params={"state": application.get_state_display()})


# --- Urgency (PA-09) ----------------------------------------------------------------------------


def granted_derogation(application: Application) -> Derogation | None:
    """Return the derogation that two agents granted since the application was submitted last.

    What was granted before was about other answers.
    """
    granted = application.derogations.filter(is_granted=True)
    if application.submitted_at is not None:
        granted = granted.filter(settled_at__gte=application.submitted_at)
    return granted.first()


@transaction.atomic
def propose_derogation(*, application_id: uuid.UUID, actor: User, reason: str) -> Derogation:
    """Propose that the consulate waives the margin of validity, because of an urgency (PA-09).

    A second agent settles it.  Raises NotDerogable unless the margin alone is missed,
    DerogationReasonMissing, DerogationOpen while one waits, or TransitionRefused for a file that
    was handed in.
    """
    application = locked_for_staff(actor, application_id)
    if not reason.strip():
        raise DerogationReasonMissing
    _must_be_before_handing_in(application)
    if application.derogations.filter(settled_at=None).exists():
        raise DerogationOpen
    today = civil_date(timezone.now())
    if (
        granted_derogation(application)
        or passport_verdict(application, today, urgent=True).outcome != "review"
    ):
        raise NotDerogable
    derogation = Derogation.objects.create(
        application=application, reason=reason.strip(), proposed_by=actor
    )
    audit.record(actor=actor, action="derogation.propose", subject=application)
    return derogation


@transaction.atomic
def settle_derogation(*, application_id: uuid.UUID, actor: User, granted: bool) -> Derogation:
    """Grant or refuse the derogation that waits (PA-09).

    Raises NoDerogation, or SecondAgentNeeded for who proposed it.
    """
    application = locked_for_staff(actor, application_id)
    derogation = application.derogations.filter(settled_at=None).first()
    if derogation is None:
        raise NoDerogation
    if derogation.proposed_by_id == actor.pk:
        raise SecondAgentNeeded
    derogation.settled_by, derogation.settled_at = actor, timezone.now()
    derogation.is_granted = granted
    derogation.save(update_fields=["settled_by", "settled_at", "is_granted"])
    name = "derogation.grant" if granted else "derogation.refuse"
    audit.record(actor=actor, action=name, subject=application)
    return derogation
