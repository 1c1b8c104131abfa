"""For how long could a visa for several entries run? DO-09."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.dates import add_years
from portal.rules.findings import FactError, Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow


class EarlierVisaKind(StrEnum):
    """Visas held before; only the uniform one opens a step."""

    UNIFORM = "uniform"
    LIMITED_TERRITORY = "limited_territory"
    AIRPORT_TRANSIT = "airport_transit"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVisa:
    """A visa held before, with its first and last day and whether it was used lawfully."""

    first_day: date
    last_day: date
    multiple: bool = False
    used_lawfully: bool = True
    kind: EarlierVisaKind = EarlierVisaKind.UNIFORM

    def runs(self, years: int) -> bool:
        """Tell whether it was a visa for several entries valid for at least `years` years."""
        return self.multiple and self.last_day >= _last_of(self.first_day, years)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleEntryFacts:
    """What the cascade is given; `starts_on` is the first day wanted, else the filing day."""

    filing_date: date
    passport_expiry: date
    earlier: tuple[EarlierVisa, ...] = ()
    starts_on: date | None = None


def check_multiple_entry(facts: MultipleEntryFacts, law: Law) -> Verdict:
    """Earlier visas, used lawfully, open steps of one, two and five years within the passport.

    Outcome: ``step`` or ``no_step``.  Results: ``years``, ``longest_until`` and ``capped`` for a
    step.  Raises FactError, naming the field.

    Rule: DO-09
    Source: 001; Visa Code art. 24(2)
    Boundaries: 3 visas in 2 years → 1 year; 2 visas → no step; 3 with one overstay → no step; a
        1-year visa in 2 years → 2 years; a 2-year visa in 3 years → 5 years; passport ends in 14
        months → capped; limited territory and airport transit do not count
    """
    _check(facts)
    steps = sorted(law.cases_of("DO-09", "step").values(), key=lambda row: -row.value["years"])
    row = next((row for row in steps if _opens(row, facts)), None)
    findings = [*_conditions(), *_overstays(facts.earlier)]
    if row is None:
        outcome, results = "no_step", {}
        findings.insert(0, Finding("NO_MULTIPLE_STEP", Severity.ADVICE, "DO-09", "001"))
    else:
        outcome, results = "step", _step(row, facts)
        findings.insert(0, Finding.by(row, "MULTIPLE_STEP", Severity.ADVICE, **results))
    return Verdict(
        outcome=outcome,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=law.used,
    )


def _opens(row: ParameterRow, facts: MultipleEntryFacts) -> bool:
    rule = row.value
    counted = [
        visa
        for visa in facts.earlier
        if visa.used_lawfully
        and visa.kind is EarlierVisaKind.UNIFORM
        and visa.first_day <= facts.filing_date <= add_years(visa.first_day, rule["within"])
        and (not rule["visa_years"] or visa.runs(rule["visa_years"]))
    ]
    return len(counted) >= int(rule["visas"])


def _step(row: ParameterRow, facts: MultipleEntryFacts) -> dict[str, object]:
    wanted = _last_of(facts.starts_on or facts.filing_date, row.value["years"])
    return {
        "years": row.value["years"],
        "longest_until": min(wanted, facts.passport_expiry),
        "capped": facts.passport_expiry < wanted,
    }


def _conditions() -> tuple[Finding, ...]:
    """Say what every visa for several entries asks for (001)."""
    return (Finding("MULTIPLE_CONDITIONS", Severity.ADVICE, "DO-09", "001"),)


def _overstays(earlier: Iterable[EarlierVisa]) -> tuple[Finding, ...]:
    if all(visa.used_lawfully for visa in earlier):
        return ()
    return (Finding("EARLIER_VISA_MISUSED", Severity.WARNING, "DO-09", "001"),)


def _last_of(first: date, years: int) -> date:
    return add_years(first, years) - timedelta(days=1)


def _check(facts: MultipleEntryFacts) -> None:
    if facts.passport_expiry < facts.filing_date:
        raise FactError("passport_expiry", "BEFORE_FILING", "the passport has expired")
    for index, visa in enumerate(facts.earlier):
        if visa.last_day < visa.first_day:
            field = f"earlier.{index}.last_day"
            raise FactError(field, "BEFORE_START", "it ends before it starts")
