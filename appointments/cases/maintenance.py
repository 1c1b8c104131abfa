"""The cases of module ``maintenance``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appointments.rules.maintenance import maintenance_verdict
from portal.rules.cases import moment
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer whether the form portal is down at an instant, and by which window."""
    return dict(maintenance_verdict(moment(inputs["instant"]), ruleset).results)
