"""Is a paper of a file still good on the day it is handed in? PA, HO-01, DO-07, DO-11.

Where no source speaks of a paper's age, nothing is judged: `Age.NO_RULE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from portal.dates import DateRange
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Law

from .intake import Intake, intake
from .models import Application, Document, HostingCertificate
from .rules.insurance import InsuranceFacts, insurance_findings
from .rules.law import LAW
from .rules.paper_dates import age_findings, asks_issue_date
from .verdicts import HOSTING_LAW, judged_hosting, passport_verdict

HOSTING_CERTIFICATE = "hosting_certificate"
# What a finding must weigh to make a paper useless on the day.
_SPOILS = (Severity.BLOCKING, Severity.WARNING)


class Age(StrEnum):
    """What can be said of a paper on the day."""

    FRESH = "fresh"
    STALE = "stale"  # a rule says that it does not serve on that day
    UNKNOWN = "unknown"  # a rule asks for a date that nobody has told yet
    ENDED = "ended"  # its own last day is over; no rule speaks of it
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The answer for one paper on one day, and what was found."""

    age: Age
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class PapersOnDay:
    """The papers of one application as they will be on `day`; asks no database.

    `documents` are the rows by kind, `certificate` the hosting certificate if there is one.
    """

    application: Application
    day: date
    documents: dict[str, Document]
    certificate: HostingCertificate | None

    @cached_property
    def answers(self) -> Intake:
        """The further answers of the application."""
        return intake(self.application)

    @cached_property
    def law(self) -> Law:
        """The law on papers as this post reads it on the day."""
        return LAW.on(self.day, self.application.mission.ruleset_for("DO"))

    @cached_property
    def stay(self) -> DateRange | None:
        """The planned stay, once the arrival is known."""
        arrives = self.application.arrives_on
        return DateRange(arrives, self.application.departs_on) if arrives else None

    def of(self, kind: str) -> Freshness:
        """Say whether the paper of `kind` serves on the day."""
        judge = _JUDGES.get(kind, _by_own_dates)
        return judge(self, kind)

    @cached_property
    def insurance(self) -> InsuranceFacts | None:
        """What is known of the policy: from the paper if it was told there, else from the form."""
        paper = self.documents.get("insurance")
        if paper and paper.valid_from and paper.valid_until and paper.amount is not None:
            return InsuranceFacts(
                amount_eur=paper.amount, first_day=paper.valid_from, last_day=paper.valid_until
            )
        told = self.answers
        if told.insurance_from is None or told.insurance_until is None:
            return None
        if told.insurance_amount is None or told.insurance_until < told.insurance_from:
            return None
        return InsuranceFacts(
            amount_eur=told.insurance_amount,
            first_day=told.insurance_from,
            last_day=told.insurance_until,
        )


def _passport(papers: PapersOnDay, kind: str) -> Freshness:
    """PA-01 to PA-13, as on the day of handing in."""
    told = papers.application
    if None in (told.passport_issued_on, told.passport_expires_on, told.blank_pages):
        return Freshness(Age.UNKNOWN)
    if not told.visa_class:
        return Freshness(Age.UNKNOWN)
    verdict = passport_verdict(told, papers.day)
    findings = tuple(f for f in verdict.findings if f.severity is not Severity.ADVICE)
    spoiled = verdict.outcome in ("inadmissible", "invalid_input")
    return Freshness(Age.STALE if spoiled else Age.FRESH, findings)


def _hosting(papers: PapersOnDay, kind: str) -> Freshness:
    """HO-01 to HO-07: six months after the confirmation, and the whole of a long stay."""
    if papers.certificate is None:
        judged = papers.application.mission.state == HOSTING_LAW
        return Freshness(Age.UNKNOWN if judged else Age.NO_RULE)
    verdict = judged_hosting(papers.application, papers.certificate, papers.day)
    if verdict.outcome == "not_judged":
        return Freshness(Age.NO_RULE)
    # The rest stands on the page of the certificate, or is said of every application anyway.
    findings = tuple(
        finding
        for finding in verdict.findings
        if finding.severity is not Severity.ADVICE or finding.code == "LAST_DAY_IS_CLOSED"
    )
    return Freshness(Age.FRESH if verdict.outcome == "accepted" else Age.STALE, findings)


def _insurance(papers: PapersOnDay, kind: str) -> Freshness:
    """DO-07: the whole stay, the whole area, enough money."""
    policy = papers.insurance
    if policy is None:
        return Freshness(Age.UNKNOWN)
    return _weighed(insurance_findings(policy, papers.stay, papers.law))


def _by_own_dates(papers: PapersOnDay, kind: str) -> Freshness:
    """A rule about its age where there is one (DO-11); else only its own last day."""
    paper = papers.documents.get(kind)
    if asks_issue_date(kind, papers.law):
        if paper is None or paper.issued_on is None:
            return Freshness(Age.UNKNOWN)
        return _weighed(age_findings(kind, paper.issued_on, papers.law))
    if paper is not None and paper.valid_until and paper.valid_until < papers.day:
        return Freshness(Age.ENDED)
    return Freshness(Age.NO_RULE)


def _weighed(findings: Iterable[Finding]) -> Freshness:
    found = tuple(findings)
    spoiled = any(finding.severity in _SPOILS for finding in found)
    return Freshness(Age.STALE if spoiled else Age.FRESH, found)


_JUDGES: dict[str, Callable[[PapersOnDay, str], Freshness]] = {
    "passport": _passport,
    HOSTING_CERTIFICATE: _hosting,
    "insurance": _insurance,
}


def papers_on(application: Application, day: date) -> PapersOnDay:
    """Read the papers of `application` for `day`: two queries."""
    return PapersOnDay(
        application=application,
        day=day,
        documents={row.kind: row for row in Document.objects.filter(application=application)},
        certificate=HostingCertificate.objects.filter(covered__application=application).first(),
    )


def spoiled_between(papers: PapersOnDay, before: date) -> list[str]:
    """Return the papers at hand that serve on `before`, and no longer on the day of `papers`."""
    earlier = replace(papers, day=before)
    at_hand = [kind for kind, row in papers.documents.items() if row.is_at_hand]
    if papers.certificate is not None and HOSTING_CERTIFICATE not in at_hand:
        at_hand.append(HOSTING_CERTIFICATE)
    if "passport" not in at_hand:
        at_hand.append("passport")
    return [
        kind
        for kind in at_hand
        if papers.of(kind).age is Age.STALE and earlier.of(kind).age is Age.FRESH
    ]
