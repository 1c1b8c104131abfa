"""The cases of module exemption, put to the visa wizard and told back in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.rules.law import LAW
from applications.rules.travel import (
    Document,
    DocumentKind,
    Passport,
    PassportType,
    Transit,
    TravelFacts,
)
from applications.rules.visa_requirement import check_visa_requirement
from portal.rules.cases import listed
from portal.rules.findings import FactError, Severity
from portal.rules.parameters import Ruleset


def evaluate(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
    """Return outcome, code, visa type and warnings; for facts that cannot be judged, the error."""
    try:
        facts = facts_of(inputs)
        verdict = check_visa_requirement(facts, LAW.on(facts.entry, ruleset))
    except FactError as error:
        return {"error": error.code, "field": error.field}
    answer = {"outcome": verdict.outcome, **verdict.results}
    if warnings := verdict.codes(Severity.WARNING):
        answer["warnings"] = warnings
    return {key: str(value) if key != "warnings" else value for key, value in answer.items()}


def facts_of(inputs: Mapping[str, Any]) -> TravelFacts:
    """Return the facts of a case; raises FactError for a value that is not what it should be."""
    transit = inputs.get("airside_transit")
    entry = _date(inputs.get("entry"), "entry")
    if entry is None:
        raise FactError("entry", "REQUIRED", "the day of entry is needed")
    return TravelFacts(
        nationalities=listed(inputs, "nationalities"),
        destination=inputs.get("destination") or "",
        entry=entry,
        exit=_date(inputs.get("exit"), "exit"),
        passport=_passport(inputs.get("passport")),
        documents=tuple(
            _document(item, f"documents.{index}")
            for index, item in enumerate(inputs.get("documents") or ())
        ),
        birth_date=_date(inputs.get("birth_date"), "birth_date"),
        resides_in_france=inputs.get("resides_in_france"),
        proves_purpose_conditions_means=bool(inputs.get("proves_purpose_conditions_means")),
        transit=_transit(transit) if transit else None,
    )


def _transit(value: Mapping[str, Any]) -> Transit:
    return Transit(
        airports_in=listed(value, "airports_in"),
        leaves_international_zone=bool(value.get("leaves_international_zone")),
        intra_schengen_leg=value.get("intra_schengen_leg"),
    )


def _passport(value: Mapping[str, Any] | None) -> Passport | None:
    if value is None:
        return None
    try:
        kind = PassportType(value.get("type") or "ordinary")
    except ValueError as error:
        raise FactError("passport.type", "UNKNOWN_CHOICE", str(error)) from error
    return Passport(type=kind, expiry=_date(value.get("expiry"), "passport.expiry"))


def _document(value: Mapping[str, Any], field: str) -> Document:
    try:
        kind = DocumentKind(str(value.get("kind")))
    except ValueError as error:
        raise FactError(f"{field}.kind", "UNKNOWN_CHOICE", str(error)) from error
    return Document(
        kind=kind,
        valid_from=_date(value.get("valid_from"), f"{field}.valid_from"),
        valid_until=_date(value.get("valid_until"), f"{field}.valid_until"),
        issuer=value.get("issuer"),
        issued_in=value.get("issued_in"),
        territory=value.get("territory"),
        lost=bool(value.get("lost") or value.get("stolen")),
        multiple=bool(value.get("multiple")),
        already_used=bool(value.get("already_used")),
    )


def _date(value: str | None, field: str) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as error:
        raise FactError(field, "INVALID_DATE", str(error)) from error
