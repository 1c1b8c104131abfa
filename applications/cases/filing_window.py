"""The cases of module ``filing_window``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.filing import WindowFacts, window_verdict
from portal.rules.cases import answer, day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer when a file may be handed in before a journey."""
    facts = WindowFacts(
        travel_start=day(inputs, "travel_start"),
        filing_date=day(inputs, "filing_date"),
        seafarer=bool(inputs.get("seafarer")),
        urgency_justified=bool(inputs.get("urgency_justified")),
    )
    return answer(window_verdict(facts, ruleset))
