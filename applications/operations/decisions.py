"""What the authority decided, as the consulate records it.  Each function is one transaction."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import constraints
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.formats import lazy_date
from portal.outbox.operations import enqueue

from ..enums import DecisionOutcome
from ..models import Application, Decision
from ..notifications import DecisionRecorded
from ..permissions import locked_for_staff
from ..refusals import (
    DayInFuture,
    DecidedAlready,
    DecisionReasonMissing,
    NeverFiled,
    NothingToEnd,
    NotifiedAlready,
    NotifiedTooEarly,
    RequestOpen,
    VisaDaysWrong,
)
from ..verdicts import remedies_verdict
from ..workflow import APPLICATION_WORKFLOW
from .requests import close_open_request

_ANSWERS = (DecisionOutcome.GRANTED, DecisionOutcome.REFUSED)
_CONSTRAINTS = {
    "a_decision_follows_a_filed_file": NeverFiled,
    "only_a_granted_visa_ends_early": NothingToEnd,
    "one_answer_per_application": DecidedAlready,
    "one_early_end_per_visa": DecidedAlready,
}


@transaction.atomic
def decide(
    *,
    application_id: uuid.UUID,
    actor: User,
    outcome: str,
    decided_on: date,
    notified_on: date | None = None,
    visa_from: date | None = None,
    visa_until: date | None = None,
    reason: str = "",
) -> Decision:
    """Record what the authority decided, and tell the applicant with the remedies there are.

    granted and refused answer the application; annulled and revoked end a visa that was granted,
    once.  `notified_on` is the day on which the person was told: without it no deadline is
    computed (RC-06), and `record_notification` adds it later.  Raises a Refused of the section
    on decisions in refusals.py, or TransitionRefused for a file that is not examined (any more).
    """
    application = locked_for_staff(actor, application_id)
    decision = Decision(
        application=application,
        outcome=DecisionOutcome(outcome),
        decided_on=decided_on,
        notified_on=notified_on,
        visa_from=visa_from,
        visa_until=visa_until,
        reason=reason.strip(),
        recorded_by=actor,
    )
    _check(decision)
    with constraints.explained(_CONSTRAINTS):
        _move(application, decision, actor)
        decision.save(force_insert=True)
    _tell(decision)
    return decision


@transaction.atomic
def record_notification(*, decision_id: int, actor: User, notified_on: date) -> Decision:
    """Record the day on which the person was told of a decision: remedies run from it (RC-06).

    Raises NotifiedAlready, NotifiedTooEarly or DayInFuture.
    """
    application_id = Decision.objects.values_list("application_id", flat=True).get(pk=decision_id)
    application = locked_for_staff(actor, application_id)
    decision = application.decisions.get(pk=decision_id)
    if decision.notified_on is not None:
        raise NotifiedAlready
    decision.notified_on = notified_on
    _check_days(decision)
    decision.save(update_fields=["notified_on"])
    audit.record(
        actor=actor,
        action="decision.notify",
        subject=application,
        details={"outcome": decision.outcome, "notified_on": notified_on},
    )
    _tell(decision)
    return decision


def _move(application: Application, decision: Decision, actor: User) -> None:
    details: dict[str, Any] = {
        "outcome": decision.outcome,
        "decided_on": decision.decided_on,
        "notified_on": decision.notified_on,
    }
    if decision.outcome in _ANSWERS:
        _no_papers_awaited(application, actor)
        APPLICATION_WORKFLOW.move(application, "decide", actor=actor, details=details)
    else:
        audit.record(
            actor=actor,
            action=f"decision.{decision.outcome}",
            subject=application,
            details=details,
        )


def _no_papers_awaited(application: Application, actor: User) -> None:
    """Close a request whose day has passed; before that day nothing is decided."""
    request = application.paper_requests.filter(closed_at=None).first()
    if request is None:
        return
    if civil_date(timezone.now()) <= request.due_on:
        raise RequestOpen(params={"due_on": lazy_date(request.due_on)})
    close_open_request(application, actor=actor)


def _check(decision: Decision) -> None:
    granted = decision.outcome == DecisionOutcome.GRANTED
    days = (decision.visa_from, decision.visa_until)
    if granted:
        if decision.visa_from is None or decision.visa_until is None:
            raise VisaDaysWrong
        if decision.visa_from > decision.visa_until:
            raise VisaDaysWrong
    elif any(days):
        raise VisaDaysWrong
    elif not decision.reason:
        raise DecisionReasonMissing
    _check_days(decision)


def _check_days(decision: Decision) -> None:
    today = civil_date(timezone.now())
    known = [day for day in (decision.decided_on, decision.notified_on) if day is not None]
    if max(known) > today:
        raise DayInFuture
    if decision.notified_on is not None and decision.notified_on < decision.decided_on:
        raise NotifiedTooEarly


def _tell(decision: Decision) -> None:
    verdict = remedies_verdict(decision, civil_date(timezone.now()))
    enqueue(DecisionRecorded.about(decision, verdict.as_json() if verdict else {}))
