"""The cases of module ``retention``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.retention import StartEvent, VisRetentionFacts, vis_retention_verdict
from portal.rules.cases import answer, day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer until when the Visa Information System keeps a file."""
    facts = VisRetentionFacts(
        start_event=StartEvent(inputs["start_event"]), start=day(inputs, "start")
    )
    return answer(vis_retention_verdict(facts, ruleset))
