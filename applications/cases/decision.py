"""The cases of module ``decision``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.facts import VisaClass
from applications.rules.filing import DecisionFacts, decision_verdict
from portal.rules.cases import answer, day, optional_day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer when a decision may be expected."""
    facts = DecisionFacts(
        visa_class=VisaClass(inputs["visa_class"]),
        accepted_on=day(inputs, "filing_date") if inputs.get("accepted", True) else None,
        today=optional_day(inputs, "today"),
        urgency_justified=bool(inputs.get("urgency_justified")),
    )
    reference = optional_day(inputs, "filing_date")
    return answer(decision_verdict(facts, ruleset, reference=reference))
