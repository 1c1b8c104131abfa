"""From a stored application to the facts that rules judge, and their verdict."""

from __future__ import annotations

from datetime import date

from portal.rules.findings import Verdict

from .models import Application
from .rules import passport
from .rules.facts import VisaClass


def passport_facts(application: Application, filing_date: date) -> passport.PassportFacts:
    """Return what the passport rules are given; the passport fields must be filled."""
    departures = [application.departs_on] if application.departs_on else []
    entries = [application.arrives_on] if application.arrives_on else []
    assert application.passport_issued_on is not None
    assert application.passport_expires_on is not None
    assert application.blank_pages is not None
    return passport.PassportFacts(
        filing_date=filing_date,
        issue_date=application.passport_issued_on,
        expiry_date=application.passport_expires_on,
        blank_pages=application.blank_pages,
        visa_class=VisaClass(application.visa_class),
        nationality=application.nationality,
        departure_dates=tuple(departures),
        entry_dates=tuple(entries),
        arrival_date=application.arrives_on,
        defects=frozenset(passport.Defect(value) for value in application.passport_defects),
        urgency_justified=application.is_urgent,
        authority=application.mission.state,
    )


def passport_verdict(application: Application, filing_date: date) -> Verdict:
    """Judge the passport of `application` as if it were handed in on `filing_date` (PA-01…13)."""
    return passport.passport_verdict(
        passport_facts(application, filing_date), application.mission.ruleset_for("PA")
    )
