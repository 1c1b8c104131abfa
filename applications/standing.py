"""May this file be deleted now; if not, why not, and until when is it kept? DP-03, DP-04."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from portal.dates import civil_date
from portal.rules.findings import Verdict

from .enums import ApplicationState as State
from .enums import DecisionOutcome
from .models import Application, Decision
from .rules.law import LAW
from .rules.retention import (
    Kept,
    StartEvent,
    VisRetentionFacts,
    last_day_kept,
    vis_retention_verdict,
)

IN_EXAMINATION = (State.FILED, State.IN_EXAMINATION, State.EXTENDED, State.PAPERS_ASKED)
ANSWERED = (State.DECIDED, State.PASSPORT_READY)


class Standing(StrEnum):
    """What the law allows with a file that its traveller wants deleted."""

    ERASABLE = "erasable"  # never handed in: it is the traveller's alone
    BOOKED = "booked"  # the appointment has to be cancelled first
    WITH_AUTHORITY = "with_authority"  # the authority examines it
    CLOSED = "closed"  # answered, or withdrawn after it was handed in: kept for a while


def standing(application: Application) -> Standing:
    """Tell how far a file has gone."""
    state = State(application.state)
    if state == State.BOOKED:
        return Standing.BOOKED
    if state in IN_EXAMINATION:
        return Standing.WITH_AUTHORITY
    if state in ANSWERED or application.filed_on is not None:
        return Standing.CLOSED
    return Standing.ERASABLE


def closed_on(application: Application, decisions: list[Decision]) -> date:
    """Return the day from which a closed file counts: the last answer, or its last change."""
    days = [one.notified_on or one.decided_on for one in decisions]
    changed: datetime = application.updated_at
    return max(days, default=civil_date(changed))


def portal_keeps_until(application: Application, decisions: list[Decision], today: date) -> date:
    """Return the last day on which this portal keeps a closed file (DP-04)."""
    since = closed_on(application, decisions)
    return last_day_kept(Kept.CLOSED_FILE, since, LAW.on(today))


def vis_verdict(application: Application, decisions: list[Decision]) -> Verdict | None:
    """Say until when the Visa Information System keeps it; None while nothing says so (DP-03)."""
    facts = _vis_facts(application, decisions)
    return vis_retention_verdict(facts) if facts else None


def _vis_facts(application: Application, decisions: list[Decision]) -> VisRetentionFacts | None:
    if application.state == State.WITHDRAWN and not decisions:
        opened = civil_date(application.created_at)
        return VisRetentionFacts(start_event=StartEvent.FILE_CREATION, start=opened)
    if not decisions:
        return None
    last = max(decisions, key=lambda one: (one.decided_on, one.pk))
    if last.outcome != DecisionOutcome.GRANTED:
        return VisRetentionFacts(start_event=_EVENTS[last.outcome], start=last.decided_on)
    if last.visa_until is None:
        return None
    return VisRetentionFacts(start_event=StartEvent.VISA_EXPIRY, start=last.visa_until)


_EVENTS = {
    DecisionOutcome.REFUSED.value: StartEvent.REFUSAL,
    DecisionOutcome.ANNULLED.value: StartEvent.ANNULMENT,
    DecisionOutcome.REVOKED.value: StartEvent.REVOCATION,
}
