"""The cases of module ``appeal``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.rules.remedies import AppealFacts, Refusal, RefusedVisa, appeal_verdict
from portal.rules.cases import optional_day
from portal.rules.parameters import Ruleset

# A case without a date of notification is answered without computing; any law will do.
_ANY_DAY = date(2026, 1, 1)


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer to whom and by when a refusal is contested."""
    visa = inputs.get("visa_class")
    facts = AppealFacts(
        refusal=Refusal(inputs["kind"]),
        notified=optional_day(inputs, "notified"),
        visa=RefusedVisa(visa) if visa else None,
        today=optional_day(inputs, "today"),
    )
    return dict(appeal_verdict(facts, ruleset, reference=_ANY_DAY).results)
