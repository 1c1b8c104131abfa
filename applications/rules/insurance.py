"""Is the travel insurance enough? DO-07."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.dates import DateRange
from portal.rules.findings import FactError, Finding, Severity
from portal.rules.parameters import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuranceFacts:
    """A policy: both days are included; `states` None means the whole Schengen area.

    `risks` None means that nobody looked which risks it covers.
    """

    amount_eur: int
    first_day: date
    last_day: date
    states: tuple[str, ...] | None = None
    risks: frozenset[str] | None = None


def insurance_findings(
    policy: InsuranceFacts, stay: DateRange | None, law: Law
) -> Iterator[Finding]:
    """A policy covers the whole stay, the whole area, enough money and the named risks.

    For several entries `stay` is the first visit.  Raises FactError for a policy that ends
    before it starts.

    Rule: DO-07
    Source: 001; Visa Code art. 15
    Boundaries: 30,000 → ok; 29,999 → fail; ends one day before departure → fail; Germany only →
        fail
    """
    if policy.last_day < policy.first_day:
        raise FactError("insurance.last_day", "BEFORE_START", "it ends before it starts")
    least = law.need("DO-07", "least_cover")
    if policy.amount_eur < least.value:
        params = {"amount": policy.amount_eur, "least": least.value}
        yield Finding.by(least, "INSURANCE_AMOUNT_LOW", Severity.BLOCKING, **params)
    yield from _uncovered_days(policy, stay)
    if policy.states is not None:
        params = {"states": list(policy.states)}
        yield Finding.by(least, "INSURANCE_AREA_LIMITED", Severity.BLOCKING, **params)
    risks = law.need("DO-07", "risks")
    missing = [] if policy.risks is None else [r for r in risks.value if r not in policy.risks]
    if missing:
        yield Finding.by(risks, "INSURANCE_RISKS_MISSING", Severity.BLOCKING, risks=missing)


def _uncovered_days(policy: InsuranceFacts, stay: DateRange | None) -> Iterator[Finding]:
    if stay is None:
        return
    if stay.first < policy.first_day:
        params = {"first_day": policy.first_day, "entry": stay.first}
        yield Finding("INSURANCE_STARTS_LATE", Severity.BLOCKING, "DO-07", "001", params)
    if stay.last is not None and policy.last_day < stay.last:
        params = {"last_day": policy.last_day, "exit": stay.last}
        yield Finding("INSURANCE_ENDS_EARLY", Severity.BLOCKING, "DO-07", "001", params)
