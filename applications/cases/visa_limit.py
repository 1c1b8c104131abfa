"""The cases of module ``stay_visa_limit``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.short_stay import VisaLimitFacts, visa_limit_verdict
from portal.rules.cases import answer, day, optional_day
from portal.rules.parameters import Ruleset

from .short_stay import listed_stays


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer until when a visa lets somebody stay, and which limit binds."""
    facts = VisaLimitFacts(
        stays=listed_stays(inputs),
        entry=day(inputs, "entry"),
        visa_from=optional_day(inputs, "visa_from"),
        visa_until=optional_day(inputs, "visa_until"),
        days_left_on_sticker=inputs.get("days_left_on_sticker"),
    )
    return answer(visa_limit_verdict(facts, ruleset))
