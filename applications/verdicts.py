"""From a stored application to the facts that rules judge, and their verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from portal.dates import DateRange
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from .enums import DecisionOutcome
from .intake import intake
from .models import Application, Decision, HostedApplication, HostingCertificate
from .rules import passport, remedies
from .rules.facts import VisaClass
from .rules.filing import DecisionFacts, decision_verdict
from .rules.hosting_certificate import HostingFacts, OwnMeans, hosting_verdict

# The law whose rules judge a host's undertaking; of other states' papers the sources say nothing.
HOSTING_LAW = "DE"


def passport_facts(
    application: Application, filing_date: date, *, urgent: bool | None = None
) -> passport.PassportFacts:
    """Return what the passport rules are given; the passport fields must be filled.

    `urgent` overrides what the applicant said of an urgency.
    """
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
        urgency_justified=application.is_urgent if urgent is None else urgent,
        authority=application.mission.state,
    )


def passport_verdict(
    application: Application, filing_date: date, *, urgent: bool | None = None
) -> Verdict:
    """Judge the passport of `application` as if it were handed in on `filing_date` (PA-01…13)."""
    facts = passport_facts(application, filing_date, urgent=urgent)
    return passport.passport_verdict(facts, application.mission.ruleset_for("PA"))


def remedies_verdict(decision: Decision, today: date) -> Verdict | None:
    """Name body and deadline against `decision` as of `today`; None for a visa that was granted.

    Without a day of notification there is no deadline in it (RC-06).
    """
    if decision.outcome == DecisionOutcome.GRANTED:
        return None
    application = decision.application
    short = VisaClass(application.visa_class).is_short
    facts = remedies.DecidedFacts(
        outcome=remedies.Decided(decision.outcome),
        state=application.mission.state,
        visa=remedies.RefusedVisa.SHORT_STAY if short else remedies.RefusedVisa.LONG_STAY,
        decided=decision.decided_on,
        notified=decision.notified_on,
        today=today,
    )
    return remedies.decision_remedies(facts, application.mission.ruleset_for("RC"))


def hosting_verdict_of(application: Application, day: date) -> Verdict | None:
    """Judge the hosting certificate of `application` as if handed in on `day` (HO-01 to HO-09).

    None without a certificate.  Outcomes: accepted, rejected, invalid_input; not_judged where the
    certificate is for another state than the rules know, and its day is then no matter of rules.
    The original counts as there until an agent has seen a copy (HO-06).
    """
    hosted = HostedApplication.objects.filter(application=application)
    covered = hosted.select_related("certificate").first()
    if covered is None:
        return None
    return judged_hosting(application, covered.certificate, day, original=covered.original)


def judged_hosting(
    application: Application,
    certificate: HostingCertificate,
    day: date,
    *,
    original: bool | None = None,
) -> Verdict:
    """Judge a certificate that the caller has loaded; see `hosting_verdict_of`."""
    ruleset = application.mission.ruleset_for("HO")
    if certificate.state != HOSTING_LAW:
        return Verdict("not_judged", (), day, ruleset)
    facts = hosting_facts(application, certificate, day, original=original)
    return _without_need_unless_said(
        application, _with_warning_of_today(facts, hosting_verdict(facts, ruleset))
    )


def hosting_facts(
    application: Application,
    certificate: HostingCertificate,
    day: date,
    *,
    original: bool | None = None,
) -> HostingFacts:
    """Return what the hosting rules are given; `original` None: nobody has looked yet."""
    cover = _range(certificate.covers_from, certificate.covers_until)
    return HostingFacts(
        confirmed=certificate.confirmed_on,
        deposit=day,
        original=original is not False,
        own_means=intake(application).own_means or OwnMeans.NONE,
        visa_class=VisaClass(application.visa_class),
        stay=_stay(application, open_cover=cover is not None and cover.last is None),
        cover=cover,
        expected_decision=expected_decision(application, day),
    )


def expected_decision(application: Application, day: date) -> date | None:
    """Return the first day on which a decision is to be expected of a file handed in on `day`.

    For a long stay that is the beginning of the usual span (AP-04): a paper that is too old even
    then is surely too old.
    """
    facts = DecisionFacts(
        visa_class=VisaClass(application.visa_class), accepted_on=application.filed_on or day
    )
    results = decision_verdict(facts, application.mission.ruleset_for("AP")).results
    found: date | None = results.get("target") or results.get("indicative_from")
    return found


def _with_warning_of_today(facts: HostingFacts, verdict: Verdict) -> Verdict:
    """Add what today's practice warns of, where the mission still follows the seed (HO-01)."""
    if verdict.ruleset is Ruleset.CURRENT:
        return verdict
    today = hosting_verdict(facts, Ruleset.CURRENT)
    known = set(verdict.codes())
    added = [found for found in today.findings if found.code == "DECISION_AFTER_SIX_MONTHS"]
    added = [found for found in added if found.code not in known]
    return replace(verdict, findings=(*verdict.findings, *added))


def _without_need_unless_said(application: Application, verdict: Verdict) -> Verdict:
    """Leave out who needs the paper while nobody has said what the traveller pays (HO-05)."""
    if intake(application).own_means is not None:
        return verdict
    needs = ("CERTIFICATE_REQUIRED", "CERTIFICATE_OPTIONAL")
    kept = tuple(found for found in verdict.findings if found.code not in needs)
    return replace(verdict, findings=kept, results={**verdict.results, "required": None})


def _stay(application: Application, *, open_cover: bool) -> DateRange | None:
    """Return the stay; one whose end is not known can be compared with an open cover only."""
    if application.departs_on is None and not open_cover:
        return None
    return _range(application.arrives_on, application.departs_on)


def _range(first: date | None, last: date | None) -> DateRange | None:
    return DateRange(first, last) if first else None
