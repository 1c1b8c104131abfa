"""The cases of ``filing_window``, ``decision``, ``fee``, ``biometrics`` and ``retention``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.biometrics import BiometricsFacts, biometrics_verdict
from applications.rules.facts import VisaClass
from applications.rules.fee import FeeFacts, fee_verdict
from applications.rules.filing import (
    DecisionFacts,
    WindowFacts,
    decision_verdict,
    window_verdict,
)
from applications.rules.retention import StartEvent, VisRetentionFacts, vis_retention_verdict
from portal.rules.cases import day, optional_day
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset


def filing_window(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer when a file may be handed in before a journey."""
    facts = WindowFacts(
        travel_start=day(inputs, "travel_start"),
        filing_date=day(inputs, "filing_date"),
        seafarer=bool(inputs.get("seafarer")),
        urgency_justified=bool(inputs.get("urgency_justified")),
    )
    return _answer(window_verdict(facts, ruleset))


def decision(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer when a decision may be expected."""
    facts = DecisionFacts(
        visa_class=VisaClass(inputs["visa_class"]),
        accepted_on=day(inputs, "filing_date") if inputs.get("accepted", True) else None,
        today=optional_day(inputs, "today"),
        urgency_justified=bool(inputs.get("urgency_justified")),
    )
    reference = optional_day(inputs, "filing_date")
    return _answer(decision_verdict(facts, ruleset, reference=reference))


def fee(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer what the visa costs."""
    facts = FeeFacts(
        filing_date=day(inputs, "filing_date"),
        birth_date=optional_day(inputs, "birth_date"),
        visa_class=VisaClass(inputs.get("visa_class", "short_stay")),
    )
    return _answer(fee_verdict(facts, ruleset))


def biometrics(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer whether fingerprints are collected, reused or not asked."""
    facts = BiometricsFacts(
        application_date=day(inputs, "application_date"),
        birth_date=optional_day(inputs, "birth_date"),
        first_stored=optional_day(inputs, "first_stored"),
    )
    return _answer(biometrics_verdict(facts, ruleset))


def retention(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer until when the Visa Information System keeps a file."""
    facts = VisRetentionFacts(
        start_event=StartEvent(inputs["start_event"]), start=day(inputs, "start")
    )
    return _answer(vis_retention_verdict(facts, ruleset))


def _answer(verdict: Verdict) -> dict[str, Any]:
    errors = verdict.codes(Severity.BLOCKING) if verdict.outcome == "invalid_input" else []
    return {**verdict.results, "error": next(iter(errors), None)}
