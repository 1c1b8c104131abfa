"""What the rules say about the answers so far, beside the passport: advice, never a decision.

The responsible state (CO), the window for handing in (AP-02), fingerprints (DO-13), several
entries (DO-09), the fee (DO-12) and the insurance (DO-07).  Plain values in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from portal.dates import DateRange
from portal.display import ShownFinding
from portal.rules.findings import FactError, Finding, Severity
from portal.rules.parameters import Law
from portal.wording import Table, shown_all, shown_stored

from .enums import Entries, VisaClass
from .intake import Intake, intake
from .models import Application
from .rules.biometrics import BiometricsFacts, check_biometrics
from .rules.fee import FeeFacts, check_fee
from .rules.filing import WindowFacts, check_filing_window
from .rules.insurance import InsuranceFacts, insurance_findings
from .rules.law import LAW
from .rules.main_destination import ItineraryFacts, check_main_destination
from .rules.multiple_entry import MultipleEntryFacts, check_multiple_entry
from .wording.checklist import CHECKLIST, MULTIPLE_ENTRY
from .wording.filing import BIOMETRICS, FEE, FILING_WINDOW
from .wording.household import REVIEW
from .wording.main_destination import MAIN_DESTINATION

WORDS: Table = {
    **MAIN_DESTINATION,
    **FILING_WINDOW,
    **BIOMETRICS,
    **FEE,
    **CHECKLIST,
    **MULTIPLE_ENTRY,
}


def journey_notes(application: Application, today: date) -> list[ShownFinding]:
    """Return what the rules find on `today`, or for the day of the appointment if there is one."""
    return shown_all(_findings(application, application.appointment_day or today), WORDS)


def post_notes(application: Application, today: date) -> list[ShownFinding]:
    """Return the warnings about the post alone (CO-09): the file may be at the wrong state."""
    warnings = (
        f for f in _post(application, intake(application), today) if f.severity == "warning"
    )
    return shown_all(warnings, WORDS)


def review_notes(application: Application) -> list[ShownFinding]:
    """Return why an agent will look at the file, for the applicant and for agents (AT-05)."""
    return shown_stored({"findings": application.review_reasons}, REVIEW)


def _findings(application: Application, day: date) -> Iterator[Finding]:
    told = intake(application)
    yield from _post(application, told, day)
    yield from _window(application, day)
    if told.child_in_parents_passport:
        yield Finding("CHILD_NEEDS_OWN_FILE", Severity.ADVICE, "AP-01", "001")
    if application.visa_class != VisaClass.SHORT_STAY:
        return
    yield from _fingerprints(application, told, day)
    fee = FeeFacts(filing_date=day, birth_date=application.birth_date)
    yield from check_fee(fee, _law(application, "DO", day)).findings
    yield from _entries(application, told, day)
    yield from _insurance(application, told, day)


def _law(application: Application, family: str, day: date) -> Law:
    return LAW.on(day, application.mission.ruleset_for(family))


def _post(application: Application, told: Intake, day: date) -> Iterator[Finding]:
    """The post chosen against the states of the journey; a sole destination needs no words."""
    if application.visa_class != VisaClass.SHORT_STAY or not told.legs:
        return
    facts = ItineraryFacts(
        legs=told.legs,
        first_entry=told.first_entry or None,
        main_purpose_state=told.main_purpose_state or None,
        on=application.arrives_on,
        post=application.mission.state,
    )
    try:
        verdict = check_main_destination(facts, _law(application, "CO", day))
    except FactError:
        return  # lengths unknown and no first entry: nothing can be said yet
    yield from verdict.findings


def _window(application: Application, day: date) -> Iterator[Finding]:
    short = application.visa_class == VisaClass.SHORT_STAY
    if not short or application.arrives_on is None:
        return
    facts = WindowFacts(
        travel_start=application.arrives_on,
        filing_date=day,
        urgency_justified=application.is_urgent,
    )
    findings = check_filing_window(facts, _law(application, "AP", day)).findings
    # No appointment is fixed before the file is complete: that it is early today says nothing.
    early = application.appointment_day is None
    yield from (f for f in findings if not (early and f.code == "FILED_TOO_EARLY"))


def _fingerprints(application: Application, told: Intake, day: date) -> Iterator[Finding]:
    facts = BiometricsFacts(
        application_date=day,
        birth_date=application.birth_date,
        first_stored=told.fingerprints_on,
    )
    yield from check_biometrics(facts, _law(application, "DO", day)).findings


def _entries(application: Application, told: Intake, day: date) -> Iterator[Finding]:
    if told.entries is not Entries.MULTIPLE or application.passport_expires_on is None:
        return
    facts = MultipleEntryFacts(
        filing_date=day,
        passport_expiry=application.passport_expires_on,
        earlier=told.visas,
        starts_on=application.arrives_on,
    )
    try:
        yield from check_multiple_entry(facts, _law(application, "DO", day)).findings
    except FactError:
        return  # the passport has expired, which its own verdict says


def _insurance(application: Application, told: Intake, day: date) -> Iterator[Finding]:
    if not told.has_insurance:
        return
    assert told.insurance_amount is not None
    assert told.insurance_from is not None
    assert told.insurance_until is not None
    policy = InsuranceFacts(
        amount_eur=told.insurance_amount,
        first_day=told.insurance_from,
        last_day=told.insurance_until,
    )
    law = _law(application, "DO", day)
    try:
        for found in insurance_findings(policy, _stay(application), law):
            # The policy can still be changed: nothing stops here (CV-06).
            yield replace(found, severity=Severity.WARNING)
    except FactError:
        return


def _stay(application: Application) -> DateRange | None:
    arrival, departure = application.arrives_on, application.departs_on
    return DateRange(arrival, departure) if arrival and departure else None
