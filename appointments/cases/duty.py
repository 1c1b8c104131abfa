"""The cases of module ``appointment``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appointments.rules.duty import DutyFacts, duty_verdict
from portal.rules.cases import day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer whether a file needs an appointment, and on what basis."""
    facts = DutyFacts(
        filing_date=day(inputs, "filing_date"),
        category=inputs["category"],
        formerly_exempt=bool(inputs.get("formerly_exempt")),
        applicant_age=inputs.get("applicant_age"),
    )
    return dict(duty_verdict(facts, ruleset).results)
