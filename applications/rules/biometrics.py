"""Whose fingerprints are taken: DO-13.  The reference date is the day of the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.dates import add_months, add_years
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, LawError, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .law import LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class BiometricsFacts:
    """When somebody applies, was born, and gave fingerprints for the first time (None: never)."""

    application_date: date
    birth_date: date | None = None
    first_stored: date | None = None


def biometrics_verdict(facts: BiometricsFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Tell whose fingerprints are taken by the law of the day of the application."""
    return check_biometrics(facts, LAW.on(facts.application_date, ruleset))


def check_biometrics(facts: BiometricsFacts, law: Law) -> Verdict:
    """Ten fingerprints at the first application; reused for 59 months; never under twelve.

    Outcomes: exempt_under_12, reuse, collect, invalid_input.  Results: ``fingerprints`` (the
    outcome's word), ``in_person``, ``collect_again_from`` (first day, or None).  The sources do not
    mention it, so both rulesets answer with the dated article.

    Rule: DO-13
    Source: Visa Code art. 13
    Boundaries: first stored on 15 Jan 2021: reused on 14 Dec 2025, collected again on 15 Dec
    (exactly 59 months); the day before the 12th birthday: exempt; on it: collected.
    """
    problem = _problem(facts)
    if problem is not None:
        finding = Finding.by(_row(law, "prints"), problem[0], Severity.BLOCKING, fields=problem[1])
        return _verdict("invalid_input", finding, None, law)
    age = _row(law, "exempt_below_age")
    if facts.birth_date and facts.application_date < add_years(facts.birth_date, age.value):
        finding = Finding.by(age, "FINGERPRINTS_EXEMPT", Severity.ADVICE, age=age.value)
        return _verdict("exempt_under_12", finding, None, law)
    reuse = _row(law, "reuse_below")
    if facts.first_stored is not None:
        until = add_months(facts.first_stored, reuse.value)
        if facts.application_date < until:
            finding = Finding.by(reuse, "FINGERPRINTS_REUSED", Severity.ADVICE, before=until)
            return _verdict("reuse", finding, until, law)
    prints = _row(law, "prints")
    finding = Finding.by(prints, "FINGERPRINTS_COLLECTED", Severity.ADVICE, prints=prints.value)
    return _verdict("collect", finding, None, law)


def _problem(facts: BiometricsFacts) -> tuple[str, tuple[str, ...]] | None:
    outside = implausible_dates(facts)
    if outside:
        return "DATE_OUT_OF_RANGE", tuple(outside)
    for name in ("birth_date", "first_stored"):
        day = getattr(facts, name)
        if day is not None and day > facts.application_date:
            return "INVALID_DATES", (name, "application_date")
    return None


def _row(law: Law, name: str) -> ParameterRow:
    row = law.stated("DO-13", name)
    if row is None:
        raise LawError(f"DO-13 {name} has a gap on {law.reference_date}")
    return row


def _verdict(outcome: str, finding: Finding, collect_from: date | None, law: Law) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=(finding,),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "fingerprints": outcome,
            "in_person": outcome == "collect",
            "collect_again_from": collect_from,
        },
        used=law.used,
    )
