"""What the visa itself costs: DO-12.  The reference date is the filing date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.dates import add_years
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, LawError, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .facts import VisaClass
from .law import LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeFacts:
    """Who files when; without a birth date the fee of an adult is named, and said to be one."""

    filing_date: date
    birth_date: date | None = None
    visa_class: VisaClass = VisaClass.SHORT_STAY


def fee_verdict(facts: FeeFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Name the fee by the law that holds on the filing date."""
    return check_fee(facts, LAW.on(facts.filing_date, ruleset))


def check_fee(facts: FeeFacts, law: Law) -> Verdict:
    """The fee follows the age on the filing date; the booking itself is always free.

    Outcomes: adult, child, infant, not_stated (long stay), invalid_input.  Results:
    ``fee_eur`` (None where the sources state no fee).  The sources name no fee, so both
    rulesets answer with the dated amounts.

    Rule: DO-12
    Source: Visa Code art. 16; Reg. (EU) 2019/1155, 2024/1415
    Boundaries: the day before the 6th birthday: free; on it: half; on the 12th: full; filed on
    10 Jun 2024: 80 euros; on 11 Jun 2024: 90.
    """
    problem = _problem(facts)
    if problem is not None:
        row = _row(law, "fee", "adult")
        finding = Finding.by(row, problem[0], Severity.BLOCKING, fields=problem[1])
        return _verdict("invalid_input", [finding], None, law)
    group = _group(facts, law)
    row = _row(law, "fee", group)
    if not facts.visa_class.is_short:
        finding = Finding.by(row, "FEE_NOT_STATED", Severity.ADVICE)
        return _verdict("not_stated", [finding], None, law)
    findings = [Finding.by(row, f"FEE_{group.upper()}", Severity.ADVICE, euros=row.value)]
    if facts.birth_date is None:
        findings.append(Finding.by(row, "FEE_ADULT_ASSUMED", Severity.ADVICE))
    return _verdict(group, findings, row.value, law)


def _group(facts: FeeFacts, law: Law) -> str:
    """Find the age group: a birthday counts from its first minute (DO-12)."""
    if facts.birth_date is None:
        return "adult"
    for group in ("adult", "child"):
        age = _row(law, "age_from", group).value
        if facts.filing_date >= add_years(facts.birth_date, age):
            return group
    return "infant"


def _problem(facts: FeeFacts) -> tuple[str, tuple[str, ...]] | None:
    outside = implausible_dates(facts)
    if outside:
        return "DATE_OUT_OF_RANGE", tuple(outside)
    if facts.birth_date is not None and facts.birth_date > facts.filing_date:
        return "BORN_AFTER_FILING", ("birth_date", "filing_date")
    return None


def _row(law: Law, name: str, group: str) -> ParameterRow:
    row = law.stated("DO-12", name, group)
    if row is None:
        raise LawError(f"DO-12 {name} {group} has a gap on {law.reference_date}")
    return row


def _verdict(outcome: str, findings: list[Finding], fee: int | None, law: Law) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={"fee_eur": fee},
        used=law.used,
    )
