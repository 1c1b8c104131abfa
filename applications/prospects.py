"""When an answer may be expected: dates with the rule they come from, and never a promise.

AP-03 to AP-06; the clock starts when the counter accepts the file (AP-05).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from portal.display import ShownFinding
from portal.wording import shown

from .enums import ApplicationState as State
from .models import Application, PaperRequest
from .operations.requests import stopped_days
from .rules.facts import VisaClass
from .rules.filing import DecisionFacts, decision_verdict
from .standing import IN_EXAMINATION
from .wording.filing import DECISION

_BEFORE = (State.SUBMITTED, State.BOOKED, State.NOT_ACCEPTED)
# Once a day has passed, what was said about it is no news: the later word alone is shown.
_LATER = (
    ("LEGAL_MAXIMUM_PASSED", ("EXTENDED_OR_LATE", "DECISION_AT_MOST", "DECISION_WITHIN")),
    ("EXTENDED_OR_LATE", ("DECISION_AT_MOST", "DECISION_WITHIN")),
    ("LONGER_THAN_USUAL", ()),
)


@dataclass(frozen=True, slots=True)
class Prospects:
    """What may be expected; `if_on` is the day on which the counter would have to accept it."""

    findings: tuple[ShownFinding, ...] = ()
    if_on: date | None = None


def prospects(
    application: Application, today: date, requests: Collection[PaperRequest]
) -> Prospects:
    """Return by when an answer may be expected; nothing for a draft or what has an answer."""
    if application.state in IN_EXAMINATION and application.filed_on is not None:
        stopped = stopped_days(requests, today)
        return Prospects(_findings(application, application.filed_on, today, stopped))
    if application.state not in _BEFORE:
        return Prospects()
    start = _findings(application, None, today)
    day = application.appointment_day
    if application.state != State.BOOKED or day is None:
        return Prospects(start)
    return Prospects(_findings(application, day, None) + start, day)


def _findings(
    application: Application, accepted_on: date | None, today: date | None, stopped: int = 0
) -> tuple[ShownFinding, ...]:
    facts = DecisionFacts(
        visa_class=VisaClass(application.visa_class),
        accepted_on=accepted_on,
        today=today,
        urgency_justified=application.is_urgent,
        stopped_days=stopped,
    )
    verdict = decision_verdict(facts, application.mission.ruleset_for("AP"))
    found = {finding.code: shown(finding, DECISION) for finding in verdict.findings}
    for later, earlier in _LATER:
        if later in found:
            found = {later: found.pop(later)} | found
            found = {code: one for code, one in found.items() if code not in earlier}
    return tuple(found.values())
