"""What the rules say of one file, for the agent who has it open: one line per question.

Nothing here decides (CV-06).  What was handed in is judged for the day of handing in, what is
booked for the day of the appointment, the rest for today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.countries import country_name
from portal.display import ShownFinding
from portal.rules.findings import FactError, Verdict
from portal.wording import shown_all, shown_stored

from .enums import ApplicationState
from .intake import intake
from .models import Application, PaperRequest
from .operations.requests import stopped_days
from .rules.biometrics import BiometricsFacts, biometrics_verdict
from .rules.facts import VisaClass
from .rules.fee import FeeFacts, fee_verdict
from .rules.filing import DecisionFacts, WindowFacts, decision_verdict, window_verdict
from .rules.law import LAW
from .rules.main_destination import ItineraryFacts, check_main_destination
from .verdicts import passport_verdict
from .wording import PASSPORT
from .wording.filing import BIOMETRICS, DECISION, FEE, FILING_WINDOW
from .wording.household import REVIEW
from .wording.main_destination import MAIN_DESTINATION

# In these states nothing was decided and the clock of the decision may run.
_OPEN = (
    ApplicationState.FILED,
    ApplicationState.IN_EXAMINATION,
    ApplicationState.EXTENDED,
    ApplicationState.PAPERS_ASKED,
)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The answer to one question; `state` is a colour of a status tag, `says` the word in it."""

    topic: str
    state: str
    says: str
    findings: tuple[ShownFinding, ...] = ()

    @property
    def weighs(self) -> bool:
        """Whether an agent should read the findings without being asked to."""
        return self.state in ("attention", "problem")


def deposit_day(application: Application, today: date) -> date:
    """Return the day for which the file is judged."""
    return application.filed_on or application.appointment_day or today


def file_verdicts(
    application: Application, today: date, requests: Collection[PaperRequest]
) -> list[FileVerdict]:
    """Return what the rules say, in the order in which a counter asks; no query."""
    day = deposit_day(application, today)
    found = (
        _passport(application, day),
        _window(application, day),
        _competence(application, day),
        _fingerprints(application, day),
        _fee(application, day),
        _clock(application, today, requests),
    )
    return [one for one in found if one is not None]


def review_findings(application: Application) -> list[ShownFinding]:
    """Return why somebody should look at the file, in words."""
    return shown_stored({"findings": application.review_reasons}, REVIEW)


def _passport(application: Application, day: date) -> FileVerdict | None:
    stored = application.passport_verdict
    if not stored and application.blank_pages is None:
        return None
    if application.filed_on is None and application.state != ApplicationState.NOT_ACCEPTED:
        stored = _live_passport(application, day) or stored
    if not stored:
        return None
    words = {
        "admissible": ("done", _("Meets the rules")),
        "review": ("attention", _("The consulate must say yes")),
    }
    state, says = words.get(stored["outcome"], ("problem", _("May not be accepted")))
    return FileVerdict(_("Passport"), state, says, tuple(shown_stored(stored, PASSPORT)))


def _live_passport(application: Application, day: date) -> Mapping[str, Any]:
    known = (
        application.passport_issued_on,
        application.passport_expires_on,
        application.blank_pages,
    )
    return {} if None in known else passport_verdict(application, day).as_json()


def _window(application: Application, day: date) -> FileVerdict | None:
    if application.arrives_on is None:
        return None
    facts = WindowFacts(
        travel_start=application.arrives_on,
        filing_date=day,
        urgency_justified=application.is_urgent,
    )
    verdict = window_verdict(facts, application.mission.ruleset_for("AP"))
    words = {
        "on_time": ("done", _("In time")),
        "too_early": ("problem", _("Too early")),
        "late_needs_urgency": ("attention", _("Late")),
        "after_travel": ("problem", _("After the journey")),
    }
    return _worded(_("Day of handing in"), verdict, words, FILING_WINDOW)


def _competence(application: Application, day: date) -> FileVerdict | None:
    answers = intake(application)
    if not answers.legs:
        return None
    facts = ItineraryFacts(
        legs=answers.legs,
        first_entry=answers.first_entry or None,
        main_purpose_state=answers.main_purpose_state or None,
        on=application.arrives_on,
        post=application.mission.state,
    )
    try:
        verdict = check_main_destination(facts, LAW.on(day, application.mission.ruleset_for("CO")))
    except FactError:
        return FileVerdict(_("Competent state"), "attention", _("Cannot be told from the answers"))
    states = verdict.results["competent"]
    findings = tuple(shown_all(verdict.findings, MAIN_DESTINATION))
    if application.mission.state in states:
        return FileVerdict(_("Competent state"), "done", _("This one"), findings)
    names = _(", ").join(str(country_name(state)) for state in states)
    says = _("Another: %(states)s") % {"states": names} if names else _("None")
    return FileVerdict(_("Competent state"), "problem", says, findings)


def _fingerprints(application: Application, day: date) -> FileVerdict:
    facts = BiometricsFacts(
        application_date=day,
        birth_date=application.birth_date,
        first_stored=intake(application).fingerprints_on,
    )
    words = {
        "exempt_under_12": ("neutral", _("None: under the age")),
        "reuse": ("neutral", _("Stored already")),
        "collect": ("progress", _("To be taken")),
    }
    verdict = biometrics_verdict(facts, application.mission.ruleset_for("DO"))
    return _worded(_("Fingerprints"), verdict, words, BIOMETRICS)


def _fee(application: Application, day: date) -> FileVerdict:
    facts = FeeFacts(
        filing_date=day,
        birth_date=application.birth_date,
        visa_class=VisaClass(application.visa_class),
    )
    verdict = fee_verdict(facts, application.mission.ruleset_for("DO"))
    euros = verdict.results["fee_eur"]
    says = _("Not named in the sources") if euros is None else _("%(euros)s euros")
    words = {verdict.outcome: ("neutral", says % {"euros": euros} if euros is not None else says)}
    return _worded(_("Visa fee"), verdict, words, FEE)


def _clock(
    application: Application, today: date, requests: Collection[PaperRequest]
) -> FileVerdict | None:
    if application.filed_on is None or application.state not in _OPEN:
        return None
    facts = DecisionFacts(
        visa_class=VisaClass(application.visa_class),
        accepted_on=application.filed_on,
        today=today,
        urgency_justified=application.is_urgent,
        stopped_days=stopped_days(requests, today),
    )
    verdict = decision_verdict(facts, application.mission.ruleset_for("AP"))
    words = {
        "in_time": ("done", _("In time")),
        "usual": ("done", _("In the usual time")),
        "extended_or_late": ("attention", _("Extended or late")),
        "longer_than_usual": ("attention", _("Longer than usual")),
        "legal_maximum_passed": ("problem", _("Over the longest time")),
    }
    state, says = words.get(str(verdict.results.get("status")), ("neutral", ""))
    return FileVerdict(
        _("Time for the decision"), state, says, tuple(shown_all(verdict.findings, DECISION))
    )


def _worded(
    topic: str,
    verdict: Verdict,
    words: Mapping[str, tuple[str, str]],
    table: Mapping[str, Any],
) -> FileVerdict:
    state, says = words.get(verdict.outcome, ("attention", _("Cannot be judged")))
    return FileVerdict(topic, state, says, tuple(shown_all(verdict.findings, table)))
