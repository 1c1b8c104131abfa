"""The cases of module ``biometrics``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules.biometrics import BiometricsFacts, biometrics_verdict
from portal.rules.cases import answer, day, optional_day
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer whether fingerprints are collected, reused or not asked."""
    facts = BiometricsFacts(
        application_date=day(inputs, "application_date"),
        birth_date=optional_day(inputs, "birth_date"),
        first_stored=optional_day(inputs, "first_stored"),
    )
    return answer(biometrics_verdict(facts, ruleset))
