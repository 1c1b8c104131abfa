"""The cases of module competence, put to the rules of the main destination."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from applications.rules.law import LAW
from applications.rules.main_destination import ItineraryFacts, Leg, check_main_destination
from portal.dates import civil_date
from portal.rules.findings import FactError
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Return competent states and basis; for facts that cannot be judged, the error."""
    try:
        facts = facts_of(inputs)
        day = facts.on or next((leg.trip for leg in facts.legs if leg.trip), None)
        law = LAW.on(day or civil_date(datetime.now(UTC)), ruleset)
        verdict = check_main_destination(facts, law)
    except FactError as error:
        return {"competent": [], "basis": "none", "error": error.code, "field": error.field}
    return dict(verdict.results)


def facts_of(inputs: Mapping[str, Any]) -> ItineraryFacts:
    """Return the facts of a case; raises FactError for a value that is not what it should be."""
    return ItineraryFacts(
        legs=tuple(
            _leg(item, f"itinerary.{index}")
            for index, item in enumerate(inputs.get("itinerary") or ())
        ),
        first_entry=inputs.get("first_entry"),
        main_purpose_state=inputs.get("main_purpose_state"),
        on=_date(inputs.get("on") or inputs.get("travel_date"), "on"),
        post=inputs.get("post"),
        route_fits=inputs.get("route_fits"),
    )


def _leg(value: Mapping[str, Any], field: str) -> Leg:
    days = value.get("days")
    if days is not None and type(days) is not int:
        raise FactError(f"{field}.days", "NOT_A_NUMBER", "days are a whole number")
    return Leg(
        state=str(value.get("state") or ""),
        days=days,
        purpose=value.get("purpose") or "",
        transit=bool(value.get("transit")),
        trip=_date(value.get("trip"), f"{field}.trip"),
    )


def _date(value: str | None, field: str) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as error:
        raise FactError(field, "INVALID_DATE", str(error)) from error
