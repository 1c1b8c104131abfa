"""The cases of module ``maintenance``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appointments.rules.maintenance import maintenance_verdict
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer whether the form portal is down at an instant, and by which window."""
    verdict = maintenance_verdict(datetime.fromisoformat(inputs["instant"]), ruleset)
    return dict(verdict.results)
