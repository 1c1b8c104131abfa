"""The cases of module ``hosting``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.rules.facts import VisaClass
from applications.rules.hosting_certificate import HostingFacts, OwnMeans, hosting_verdict
from portal.dates import DateRange, civil_date
from portal.rules.cases import day, days, moment, optional_day
from portal.rules.findings import Severity
from portal.rules.parameters import Ruleset

_OWN_MEANS = {True: OwnMeans.PROVEN, False: OwnMeans.NONE, None: OwnMeans.NONE}


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer one case; the warning of today's practice has a key of its own."""
    verdict = hosting_verdict(_facts(inputs), ruleset)
    warnings = verdict.codes(Severity.WARNING)
    return {
        **verdict.results,
        "failures": verdict.codes(Severity.BLOCKING),
        "modern_warning": next(iter(warnings), None),
    }


def _facts(inputs: Mapping[str, Any]) -> HostingFacts:
    means = inputs.get("applicant_proves_own_means")
    return HostingFacts(
        confirmed=day(inputs, "confirmation_date"),
        deposit=_deposit_day(inputs),
        original=inputs.get("original") is not False,
        own_means=OwnMeans(means) if isinstance(means, str) else _OWN_MEANS[means],
        visa_class=VisaClass(inputs.get("visa_class") or "short_stay"),
        stay=_range(inputs, "stay"),
        cover=_range(inputs, "cover"),
        expected_decision=optional_day(inputs, "expected_decision_date"),
    )


def _deposit_day(inputs: Mapping[str, Any]) -> date:
    """Return the Algiers date of a deposit given as a day or as a moment (HO-03, CV-02)."""
    text = inputs.get("deposit")
    if not isinstance(text, str) or len(text) <= len("2025-12-02"):
        return day(inputs, "deposit")
    return civil_date(moment(text))


def _range(inputs: Mapping[str, Any], key: str) -> DateRange | None:
    ends = days(inputs, key)
    return DateRange(*ends) if ends else None
