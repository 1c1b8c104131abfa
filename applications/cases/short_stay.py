"""The cases of module ``stay_90_180``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from applications.rules import short_stay
from applications.rules.short_stay import Basis, ShortStayFacts, Stay
from portal.rules.cases import day, optional_day
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset

_QUERIES = {
    "control": short_stay.check_control,
    "plan": short_stay.check_plan,
    "reentry": short_stay.check_reentry,
    "trip": short_stay.check_trip,
}


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Answer one of the four questions: control, plan, reentry, trip."""
    facts = ShortStayFacts(
        stays=listed_stays(inputs),
        day=day(inputs, "date"),
        until=optional_day(inputs, "until"),
        wanted_days=inputs.get("wanted_days"),
    )
    return _answer(short_stay.short_stay_verdict(_QUERIES[inputs["query"]], facts, ruleset))


def listed_stays(inputs: Mapping[str, Any]) -> tuple[Stay, ...]:
    """Return the stays of a case as facts."""
    return tuple(
        Stay(
            entry=day(stay, "entry"),
            exit=optional_day(stay, "exit"),
            basis=Basis(stay.get("basis") or "short_stay"),
            state=stay.get("state") or "",
        )
        for stay in inputs.get("stays") or ()
    )


def _answer(verdict: Verdict) -> dict[str, Any]:
    warnings = verdict.codes(Severity.WARNING)
    overlap = [code for code in warnings if code == "OVERLAP"]
    return {**verdict.results, "warning": next(iter(overlap or warnings), None)}
