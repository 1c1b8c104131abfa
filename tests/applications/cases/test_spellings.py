"""Cases may be spelt more than one way: null for absent, one value for a list, another name."""

from __future__ import annotations

from typing import Any

import pytest

from applications.cases import competence, exemption, hosting, passport, short_stay
from portal.rules.parameters import Ruleset

TRIP: dict[str, Any] = {
    "destination": "FR",
    "entry": "2026-01-10",
    "exit": "2026-01-19",
    "nationalities": ["DZ"],
    "passport": {"type": "ordinary", "expiry": "2030-01-01"},
}
PASSPORT: dict[str, Any] = {
    "filing_date": "2025-11-27",
    "issue_date": "2020-01-10",
    "expiry_date": "2026-04-20",
    "blank_pages": 2,
    "visa_class": "short_stay",
    "departure_dates": ["2026-01-20"],
}
PAPER = {"confirmation_date": "2025-06-01", "deposit": "2025-12-01"}


def trip(**changes: Any) -> tuple[Any, Any, Any]:
    answer = exemption.evaluate({**TRIP, **changes}, Ruleset.SEED)
    return answer.get("outcome"), answer.get("code"), answer.get("visa_type")


@pytest.mark.parametrize("word", ["lost", "stolen"])
def test_a_card_that_cannot_be_shown_opens_nothing(word: str) -> None:
    """EX-09, EX-12: lost and stolen are one, even if the card has not expired (E12)."""
    card = {"kind": "fr_residence_card", "valid_until": "2027-12-01", word: True}
    receipt = {"kind": "renewal_receipt", "valid_until": "2026-03-01"}
    answer = trip(documents=[card, receipt], birth_date="1985-05-05", resides_in_france=True)
    assert answer == ("VISA_REQUIRED", "RETURN_VISA", "return")


def test_one_nationality_may_stand_alone_and_null_is_absent() -> None:
    assert trip(nationalities="DZ", documents=None, airside_transit=None) == trip()
    assert trip(passport={"type": None, "expiry": "2026-01-10"}) == trip()


def test_a_german_sticker_names_the_area_in_german() -> None:
    """EX-15: the visa of an embassy that prints in German opens France."""
    visa = {
        "kind": "visa_c",
        "valid_from": "2026-01-01",
        "valid_until": "2026-02-01",
        "issuer": "DE",
        "territory": "SCHENGENER STAATEN",
    }
    assert trip(documents=[visa]) == ("EXEMPT", "SCHENGEN_VISA", None)


@pytest.mark.parametrize("key", ["on", "travel_date"])
@pytest.mark.parametrize(
    ("day", "competent"),
    [
        pytest.param("2024-03-30", ["FR"], id="CO-08 the day before Bulgaria is a member"),
        pytest.param("2024-03-31", ["BG"], id="CO-08 the first day"),
    ],
)
def test_membership_is_judged_on_the_day_of_travel(
    key: str, day: str, competent: list[str]
) -> None:
    legs = [{"state": "BG", "days": 10}, {"state": "FR", "days": 3}]
    inputs = {"itinerary": legs, "first_entry": "FR", key: day}
    assert competence.evaluate(inputs, Ruleset.SEED)["competent"] == competent


@pytest.mark.parametrize(
    ("deposit", "fresh"),
    [
        pytest.param("2025-12-02T00:30:00+01:00", False, id="HO-03 H21 half past midnight"),
        pytest.param("2025-12-01T23:30Z", False, id="HO-03 H21 in UTC, without seconds"),
        pytest.param("2025-12-02 00:30+01:00", False, id="HO-03 H21 with a blank"),
        pytest.param("2025-12-02T00:30", False, id="HO-03 H21 without an offset"),
        pytest.param("2025-11-30T23:30Z", True, id="HO-03 H22 already 1 Dec in Algiers"),
        pytest.param("2025-12-02T00:30:00+02:00", True, id="HO-03 still 1 Dec in Algiers"),
    ],
)
def test_a_deposit_is_a_day_in_algiers(deposit: str, fresh: bool) -> None:
    answer = hosting.evaluate({**PAPER, "deposit": deposit}, Ruleset.SEED)
    assert answer["fresh"] is fresh


def test_a_certificate_is_an_original_unless_the_case_says_no() -> None:
    """HO-06: null says nothing about a copy."""
    said_nothing = {"original": None, "visa_class": None, "stay": None, "cover": None}
    assert hosting.evaluate({**PAPER, **said_nothing}, Ruleset.SEED)["accepted"] is True
    copy = hosting.evaluate({**PAPER, "original": False}, Ruleset.SEED)
    assert copy["failures"] == ["NOT_ORIGINAL"]


@pytest.mark.parametrize(
    ("changes", "failures"),
    [
        pytest.param({"departure_dates": "2026-01-20"}, [], id="PA-03 one departure"),
        pytest.param({"nationality": None, "condition": None}, [], id="PA-03 null is absent"),
        pytest.param(
            {"condition": "commercially_laminated"}, ["CONDITION_LAMINATED"], id="PA-10 one defect"
        ),
    ],
)
def test_a_single_value_is_a_list_of_one(changes: dict[str, Any], failures: list[str]) -> None:
    assert passport.evaluate({**PASSPORT, **changes}, Ruleset.SEED)["failures"] == failures


def test_a_stay_without_basis_is_a_short_stay() -> None:
    """ST-12: null is no residence permit."""
    stay = {"entry": "2026-01-01", "exit": "2026-01-02", "basis": None, "state": None}
    inputs = {"query": "control", "stays": [stay], "date": "2026-01-02"}
    assert short_stay.evaluate(inputs, Ruleset.SEED)["days_used"] == 2
