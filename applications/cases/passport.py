"""The cases of module ``passport``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.facts import VisaClass
from applications.rules.passport import Defect, PassportFacts, Stage, passport_verdict
from portal.rules.cases import NotADateError, day, days, listed, optional_day
from portal.rules.findings import Severity
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer one case: verdict, failures, warnings and the named results."""
    try:
        facts = _facts(inputs)
    except NotADateError:
        return {"verdict": "invalid_input", "failures": ["INVALID_DATES"]}
    verdict = passport_verdict(facts, ruleset)
    return {
        "verdict": verdict.outcome,
        "failures": sorted(set(verdict.codes(Severity.BLOCKING))),
        "warnings": verdict.codes(Severity.WARNING),
        **verdict.results,
    }


def _facts(inputs: Mapping[str, Any]) -> PassportFacts:
    at_issue = inputs["visa_class"] == "issuance_check"
    visa_class = VisaClass.LONG_STAY if at_issue else VisaClass(inputs["visa_class"])
    return PassportFacts(
        filing_date=day(inputs, "filing_date"),
        issue_date=day(inputs, "issue_date"),
        expiry_date=day(inputs, "expiry_date"),
        blank_pages=int(inputs["blank_pages"]),
        visa_class=visa_class,
        nationality=inputs.get("nationality") or "DZ",
        departure_dates=days(inputs, "departure_dates"),
        entry_dates=days(inputs, "entry_dates"),
        arrival_date=optional_day(inputs, "arrival_date"),
        visa_end=optional_day(inputs, "visa_end"),
        visa_issue_date=optional_day(inputs, "visa_issue_date"),
        defects=frozenset(Defect(word) for word in listed(inputs, "condition")),
        urgency_justified=bool(inputs.get("urgency_justified")),
        spouse_first_name_mentioned=bool(inputs.get("spouse_first_name_mentioned")),
        stage=Stage.ISSUE if at_issue else Stage.FILING,
    )
