"""The cases of module ``fee``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.facts import VisaClass
from applications.rules.fee import FeeFacts, fee_verdict
from portal.rules.cases import answer, day, optional_day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer what the visa costs."""
    facts = FeeFacts(
        filing_date=day(inputs, "filing_date"),
        birth_date=optional_day(inputs, "birth_date"),
        visa_class=VisaClass(inputs.get("visa_class") or "short_stay"),
    )
    return answer(fee_verdict(facts, ruleset))
