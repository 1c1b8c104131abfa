"""The visa wizard at its boundaries, rule by rule (EX-01 to EX-17)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.rules import visa_requirement as wizard
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
from portal.rules.findings import FactError, Severity, Verdict
from portal.rules.parameters import Ruleset

SEED, CURRENT = Ruleset.SEED, Ruleset.CURRENT
ENTRY = date(2026, 1, 10)
ADULT = date(1985, 5, 5)
K = DocumentKind


def day(text: str) -> date:
    return date.fromisoformat(text)


def doc(kind: DocumentKind, until: str | None = "2027-01-01", **more: Any) -> Document:
    return Document(kind=kind, valid_until=until and day(until), **more)


def ask(ruleset: Ruleset = SEED, **facts: Any) -> Verdict:
    given_facts = {
        "nationalities": ("DZ",),
        "destination": "FR",
        "entry": ENTRY,
        "passport": Passport(expiry=date(2030, 1, 1)),
        "birth_date": ADULT,
    } | facts
    travel = TravelFacts(**given_facts)
    return check_visa_requirement(travel, LAW.on(travel.entry, ruleset))


def resident(*documents: Document, **facts: Any) -> dict[str, Any]:
    return {"documents": documents, "resides_in_france": True, **facts}


def short(**facts: Any) -> dict[str, Any]:
    return {"exit": ENTRY + timedelta(days=9), **facts}


def passport(kind: str, expiry: str = "2030-01-01") -> Passport:
    return Passport(type=PassportType(kind), expiry=day(expiry))


def told(verdict: Verdict) -> tuple[str, str, str | None]:
    return (verdict.outcome, verdict.results["code"], verdict.results.get("visa_type"))


CHILD = date(2015, 4, 1)
D_VISA = doc(K.VISA_D, "2026-03-31", valid_from=day("2025-10-01"))
DE_CARD = doc(K.SCHENGEN_RESIDENCE_CARD, issuer="DE")
RETURN = ("VISA_REQUIRED", "RETURN_VISA", "return")
ORDINARY = ("VISA_REQUIRED", "DEFAULT", "short_stay")
LONG = ("VISA_REQUIRED", "DEFAULT", "long_stay")


def schengen_visa(territory: str | None, **more: Any) -> Document:
    given_more = {"issuer": "ES", "valid_from": day("2026-01-01")} | more
    until = given_more.pop("until", "2026-02-01")
    return doc(K.VISA_C, until, territory=territory, **given_more)


TABLE: list[tuple[str, Ruleset, dict[str, Any], tuple[str, str, str | None]]] = [
    # EX-01, EX-02: whose case the sources answer
    ("EX-01-E35", SEED, short(nationalities=("DZ", "FR")),
     ("USE_FRENCH_DOCUMENT", "DUAL_NATIONAL", None)),
    ("EX-01-french-to-guadeloupe", SEED, short(nationalities=("FR", "DZ"), destination="GP"),
     ("USE_FRENCH_DOCUMENT", "DUAL_NATIONAL", None)),
    ("EX-01-three-nationalities", SEED, short(nationalities=("MA", "FR", "DZ")),
     ("USE_FRENCH_DOCUMENT", "DUAL_NATIONAL", None)),
    ("EX-02-E53", SEED, short(nationalities=("ML",)), ("REFER", "OTHER_NATIONALITY", None)),
    ("EX-02-algerian-german", SEED, short(nationalities=("DZ", "DE")),
     ("REFER", "OTHER_NATIONALITY", None)),
    ("EX-02-algerian-swiss", SEED, short(nationalities=("DZ", "CH")),
     ("REFER", "OTHER_NATIONALITY", None)),
    ("EX-02-stateless", SEED, short(nationalities=("XXA",)), ("REFER", "OTHER_NATIONALITY", None)),
    ("EX-02-algerian-moroccan-goes-on", SEED, short(nationalities=("MA", "DZ")), ORDINARY),
    ("EX-02-britain-is-outside", SEED, short(destination="UK"),
     ("REFER", "OUTSIDE_SCHENGEN", None)),
    ("EX-02-croatia-before-it-joined", SEED, {"destination": "HR", "entry": day("2022-12-31")},
     ("REFER", "OUTSIDE_SCHENGEN", None)),
    ("EX-02-croatia-the-day-it-joined", SEED,
     {"destination": "HR", "entry": day("2023-01-01"), "exit": day("2023-01-05")}, ORDINARY),
    # EX-03: change of planes
    ("EX-03-E45", SEED, {"transit": Transit(airports_in=("FR",))},
     ("EXEMPT", "AIRPORT_TRANSIT", None)),
    ("EX-03-E46", SEED,
     {"transit": Transit(airports_in=("FR",), leaves_international_zone=True)},
     ("VISA_REQUIRED", "TRANSIT_LEAVES_ZONE", "short_stay")),
    ("EX-03-E47", SEED, {"transit": Transit(airports_in=("FR", "DE"), intra_schengen_leg=True)},
     ("VISA_REQUIRED", "TRANSIT_LEAVES_ZONE", "short_stay")),
    ("EX-03-leg-inside-is-seen-without-being-told", SEED,
     {"transit": Transit(airports_in=("FR", "DE"))},
     ("VISA_REQUIRED", "TRANSIT_LEAVES_ZONE", "short_stay")),
    ("EX-03-paris-london-frankfurt-stays-airside", SEED,
     {"transit": Transit(airports_in=("FR", "GB", "DE")), "destination": "US"},
     ("EXEMPT", "AIRPORT_TRANSIT", None)),
    ("EX-03-leaving-the-zone-with-a-card-is-an-exempt-entry", SEED,
     {"transit": Transit(airports_in=("FR",), leaves_international_zone=True),
      "documents": (doc(K.FR_RESIDENCE_CARD),)}, ("EXEMPT", "FR_RESIDENCE_CARD", None)),
    ("EX-03-E48", CURRENT, {"transit": Transit(airports_in=("CZ",))},
     ("VISA_REQUIRED", "AIRPORT_TRANSIT_VISA", "airport_transit")),
    ("EX-03-E48-seed-knows-no-list", SEED, {"transit": Transit(airports_in=("CZ",))},
     ("EXEMPT", "AIRPORT_TRANSIT", None)),
    ("EX-03-no-schengen-airport", SEED,
     {"transit": Transit(airports_in=("TR",)), "destination": "US"},
     ("REFER", "NO_SCHENGEN_AIRPORT", None)),
    # EX-04: the passport on the day of entry
    ("EX-04-E11", SEED,
     resident(doc(K.FR_RESIDENCE_CARD), passport=passport("ordinary", "2026-01-09")),
     ("NOT_READY", "PASSPORT_NOT_VALID", None)),
    ("EX-04-expiry-is-the-day-of-entry", SEED,
     resident(doc(K.FR_RESIDENCE_CARD), passport=passport("ordinary", "2026-01-10")),
     ("EXEMPT", "FR_RESIDENCE_CARD", None)),
    ("EX-04-no-passport", SEED, resident(doc(K.FR_RESIDENCE_CARD), passport=None),
     ("NOT_READY", "PASSPORT_NOT_VALID", None)),
    # EX-05, EX-06: diplomatic and service passports
    ("EX-05-E36", SEED, {"passport": passport("diplomatic"), "exit": day("2026-03-31")},
     ("EXEMPT", "DIPLOMATIC_PASSPORT", None)),
    ("EX-05-last-day-of-three-months", SEED,
     {"passport": passport("diplomatic"), "exit": day("2026-04-09")},
     ("EXEMPT", "DIPLOMATIC_PASSPORT", None)),
    ("EX-05-E37", SEED, {"passport": passport("diplomatic"), "exit": day("2026-04-10")},
     ("VISA_REQUIRED", "DIPLOMATIC_OVER_3_MONTHS", "long_stay")),
    ("EX-05-E38", CURRENT,
     {"passport": passport("diplomatic"), "entry": day("2025-05-15"), "exit": day("2025-05-20")},
     ("EXEMPT", "DIPLOMATIC_PASSPORT", None)),
    ("EX-05-E39", CURRENT,
     {"passport": passport("diplomatic"), "entry": day("2025-05-16"), "exit": day("2025-05-20")},
     ORDINARY),
    ("EX-05-E40", CURRENT, short(passport=passport("diplomatic")), ORDINARY),
    ("EX-05-E40-seed", SEED, short(passport=passport("diplomatic")),
     ("EXEMPT", "DIPLOMATIC_PASSPORT", None)),
    ("EX-05-E41", SEED, short(passport=passport("service")), ORDINARY),
    ("EX-05-service-under-the-agreement-of-2013", CURRENT,
     {"passport": passport("service"), "entry": day("2020-01-10"), "exit": day("2020-01-19")},
     ("EXEMPT", "SERVICE_PASSPORT", None)),
    ("EX-05-E44", SEED, short(passport=passport("diplomatic"), destination="RE"),
     ("EXEMPT", "DIPLOMATIC_PASSPORT", None)),
    ("EX-05-expired", SEED, short(passport=passport("diplomatic", "2026-01-09")),
     ("NOT_READY", "PASSPORT_NOT_VALID", None)),
    ("EX-06-E42", SEED, short(passport=passport("diplomatic"), destination="DE"),
     ("REFER", "DIPLOMATIC_OTHER_STATE", None)),
    ("EX-06-E43", CURRENT, short(passport=passport("diplomatic"), destination="DE"),
     ("EXEMPT", "DIPLOMATIC_PASSPORT_DE", None)),
    ("EX-06-E43-day-90", CURRENT,
     {"passport": passport("diplomatic"), "destination": "DE", "exit": day("2026-04-09")},
     ("EXEMPT", "DIPLOMATIC_PASSPORT_DE", None)),
    ("EX-06-E43-day-91", CURRENT,
     {"passport": passport("diplomatic"), "destination": "DE", "exit": day("2026-04-10")},
     ("VISA_REQUIRED", "DIPLOMATIC_OVER_3_MONTHS", "long_stay")),
    ("EX-06-spain", CURRENT, short(passport=passport("diplomatic"), destination="ES"),
     ("REFER", "DIPLOMATIC_OTHER_STATE", None)),
    # EX-07: overseas
    ("EX-07-E49", SEED, short(destination="GP"), ("REFER", "OVERSEAS_TEXT", None)),
    ("EX-07-E50", SEED,
     short(destination="RE", documents=(schengen_visa("ETATS SCHENGEN", issuer="FR"),)),
     ("REFER", "OVERSEAS_TEXT", None)),
    ("EX-07-E51", CURRENT, short(destination="GP", documents=(doc(K.FR_RESIDENCE_CARD),)),
     ("EXEMPT", "OVERSEAS_RESIDENCE_HOLDER", None)),
    ("EX-07-E51-seed", SEED, short(destination="GP", documents=(doc(K.FR_RESIDENCE_CARD),)),
     ("REFER", "OVERSEAS_TEXT", None)),
    ("EX-07-E51-card-expired", CURRENT,
     short(destination="GP", documents=(doc(K.FR_RESIDENCE_CARD, "2026-01-09"),)),
     ("REFER", "OVERSEAS_TEXT", None)),
    ("EX-07-suspended-diplomatic-passport", CURRENT,
     short(destination="RE", passport=passport("diplomatic")), ("REFER", "OVERSEAS_TEXT", None)),
    # EX-08, EX-09, EX-10: who lives in France
    ("EX-08-E05", SEED, resident(doc(K.FR_RESIDENCE_CARD, "2026-01-10")),
     ("EXEMPT", "FR_RESIDENCE_CARD", None)),
    ("EX-08-E06", SEED, resident(doc(K.FR_RESIDENCE_CARD, "2026-01-09")), RETURN),
    ("EX-08-not-valid-yet", SEED,
     resident(doc(K.FR_RESIDENCE_CARD, valid_from=day("2026-01-11"))), RETURN),
    ("EX-08-E19", SEED, resident(doc(K.FR_RESIDENCE_CARD), birth_date=day("2008-01-10")),
     ("EXEMPT", "FR_RESIDENCE_CARD", None)),
    ("EX-09-E07", SEED,
     resident(doc(K.FR_RESIDENCE_CARD, "2025-11-30"), doc(K.RENEWAL_RECEIPT, "2026-03-01")),
     ("EXEMPT", "RENEWAL_RECEIPT_WITH_EXPIRED_CARD", None)),
    ("EX-09-receipt-on-its-last-day", SEED,
     resident(doc(K.FR_RESIDENCE_CARD, "2025-11-30"), doc(K.RENEWAL_RECEIPT, "2026-01-10")),
     ("EXEMPT", "RENEWAL_RECEIPT_WITH_EXPIRED_CARD", None)),
    ("EX-09-E08", SEED, resident(doc(K.RENEWAL_RECEIPT, "2026-03-01")), RETURN),
    ("EX-09-E09", SEED,
     resident(doc(K.FR_RESIDENCE_CARD, "2025-11-30"), doc(K.RENEWAL_RECEIPT, "2026-01-09")),
     RETURN),
    ("EX-09-E12", SEED,
     resident(doc(K.FR_RESIDENCE_CARD, "2025-12-01", lost=True),
              doc(K.RENEWAL_RECEIPT, "2026-03-01")),
     RETURN),
    ("EX-10-E10", SEED, resident(doc(K.FIRST_RECEIPT, "2026-06-01")), RETURN),
    ("EX-10-expired", SEED, resident(doc(K.FIRST_RECEIPT, "2026-01-09")), RETURN),
    ("EX-10-with-visa-d", SEED, resident(doc(K.FIRST_RECEIPT, "2026-06-01"), D_VISA),
     ("EXEMPT", "VISA_D", None)),
    # EX-11: children
    ("EX-11-E13", SEED, resident(doc(K.DCEM), birth_date=CHILD), ("EXEMPT", "DCEM", None)),
    ("EX-11-E14", SEED, resident(doc(K.TIR), birth_date=CHILD), ("EXEMPT", "TIR", None)),
    ("EX-11-E15", SEED, resident(birth_date=CHILD), RETURN),
    ("EX-11-E16", SEED, resident(doc(K.DCEM, "2026-01-09"), birth_date=CHILD), RETURN),
    ("EX-11-E17", SEED, resident(doc(K.DCEM), birth_date=day("2008-01-11")),
     ("EXEMPT", "DCEM", None)),
    ("EX-11-E18", SEED, resident(doc(K.DCEM), birth_date=day("2008-01-10")), RETURN),
    ("EX-11-E18-current", CURRENT, resident(doc(K.DCEM), birth_date=day("2008-01-10")),
     ("REVIEW", "DCEM_HOLDER_18", None)),
    ("EX-11-eve-of-the-19th-birthday", CURRENT,
     resident(doc(K.DCEM), birth_date=day("2007-01-11")), ("REVIEW", "DCEM_HOLDER_18", None)),
    ("EX-11-19th-birthday", CURRENT, resident(doc(K.DCEM), birth_date=day("2007-01-10")), RETURN),
    ("EX-11-E20", SEED, resident(doc(K.FR_RESIDENCE_CARD), birth_date=day("2008-06-01")),
     ("REVIEW", "MINOR_WITH_ADULT_CARD", None)),
    ("EX-11-E52", CURRENT, resident(doc(K.DCEM, issued_in="YT"), birth_date=CHILD), RETURN),
    ("EX-11-E52-seed", SEED, resident(doc(K.DCEM, issued_in="YT"), birth_date=CHILD),
     ("EXEMPT", "DCEM", None)),
    # EX-12: return visa
    ("EX-12-no-paper", SEED, resident(), RETURN),
    ("EX-12-tourist-never-resident", SEED, short(), ORDINARY),
    # EX-13: D visa
    ("EX-13-E21", SEED, {"documents": (D_VISA,)}, ("EXEMPT", "VISA_D", None)),
    ("EX-13-E22", SEED, {"documents": (D_VISA,), "entry": day("2026-03-31")},
     ("EXEMPT", "VISA_D", None)),
    ("EX-13-E23", SEED,
     {"documents": (D_VISA,), "entry": day("2026-04-01"), "exit": day("2026-04-10")}, ORDINARY),
    ("EX-13-E24", SEED,
     {"documents": (D_VISA,), "entry": day("2025-09-30"), "exit": day("2025-10-05")}, ORDINARY),
    # EX-14: card of another state
    ("EX-14-E25", SEED, short(documents=(DE_CARD,), proves_purpose_conditions_means=True),
     ("EXEMPT", "OTHER_STATE_RESIDENCE_CARD", None)),
    ("EX-14-E26", SEED, short(documents=(DE_CARD,)),
     ("NOT_READY", "OTHER_STATE_CARD_PROOFS_MISSING", None)),
    ("EX-14-E27", SEED,
     {"documents": (DE_CARD,), "proves_purpose_conditions_means": True, "exit": day("2026-06-30")},
     ("VISA_REQUIRED", "OTHER_STATE_CARD_OVER_3_MONTHS", "long_stay")),
    ("EX-14-exactly-three-months-seed", SEED,
     {"documents": (DE_CARD,), "proves_purpose_conditions_means": True,
      "entry": day("2026-07-01"), "exit": day("2026-09-30")},
     ("EXEMPT", "OTHER_STATE_RESIDENCE_CARD", None)),
    ("EX-14-92-days-current", CURRENT,
     {"documents": (DE_CARD,), "proves_purpose_conditions_means": True,
      "entry": day("2026-07-01"), "exit": day("2026-09-30")},
     ("VISA_REQUIRED", "OTHER_STATE_CARD_OVER_3_MONTHS", "long_stay")),
    ("EX-14-E28", SEED,
     short(documents=(doc(K.SCHENGEN_RECEIPT, issuer="DE"),), proves_purpose_conditions_means=True),
     ORDINARY),
    ("EX-14-card-of-ireland-does-not-count", SEED,
     short(documents=(doc(K.SCHENGEN_RESIDENCE_CARD, issuer="IE"),),
           proves_purpose_conditions_means=True), ORDINARY),
    ("EX-14-french-card-to-germany", SEED,
     short(destination="DE", documents=(doc(K.FR_RESIDENCE_CARD),),
           proves_purpose_conditions_means=True), ("EXEMPT", "OTHER_STATE_RESIDENCE_CARD", None)),
    ("EX-14-german-card-to-germany", SEED, short(destination="DE", documents=(DE_CARD,)),
     ("EXEMPT", "DESTINATION_STATE_CARD", None)),
    # EX-15: Schengen visa of another state
    ("EX-15-E29", SEED, short(documents=(schengen_visa("ETATS SCHENGEN"),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-no-remark", SEED, short(documents=(schengen_visa(None),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-E30", SEED, short(documents=(schengen_visa("ES"),)),
     ("VISA_REQUIRED", "VISA_TERRITORIALLY_LIMITED", "short_stay")),
    ("EX-15-E31", SEED, short(documents=(schengen_visa("ETATS SCHENGEN (-FR)"),)),
     ("VISA_REQUIRED", "VISA_TERRITORIALLY_LIMITED", "short_stay")),
    ("EX-15-other-state-excluded", SEED, short(documents=(schengen_visa("États Schengen (- DE)"),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-E32", SEED, short(documents=(schengen_visa("ES,FR"),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-france-without-overseas", SEED,
     short(documents=(schengen_visa("FRANCE SAUF CTOM", issuer="FR"),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-overseas-sticker-does-not-open-europe", SEED,
     short(documents=(schengen_visa("DEPARTEMENT D’OUTRE-MER", issuer="FR"),)),
     ("VISA_REQUIRED", "VISA_TERRITORIALLY_LIMITED", "short_stay")),
    ("EX-15-E33", SEED,
     short(documents=(schengen_visa("ETATS SCHENGEN", issuer="DE", multiple=True),)),
     ("EXEMPT", "SCHENGEN_VISA", None)),
    ("EX-15-E34", SEED,
     short(documents=(schengen_visa("ETATS SCHENGEN", until="2026-01-09", valid_from=None),)),
     ORDINARY),
    ("EX-15-visa-of-britain", SEED, short(documents=(schengen_visa(None, issuer="GB"),)), ORDINARY),
    ("EX-15-too-long-for-a-short-stay-visa", SEED,
     {"exit": day("2026-07-10"), "documents": (schengen_visa(None, until="2026-12-01"),)}, LONG),
    # EX-17: everyone else
    ("EX-17-E01", SEED, short(), ORDINARY),
    ("EX-17-E02", SEED, {"exit": day("2026-07-09")}, LONG),
    ("EX-17-E03", SEED, {"entry": day("2026-07-01"), "exit": day("2026-09-30")}, ORDINARY),
    ("EX-17-one-day-more", SEED, {"entry": day("2026-07-01"), "exit": day("2026-10-01")}, LONG),
    ("EX-17-E04", CURRENT, {"entry": day("2026-07-01"), "exit": day("2026-09-30")}, LONG),
    ("EX-17-day-90", CURRENT, {"entry": day("2026-07-01"), "exit": day("2026-09-28")}, ORDINARY),
    ("EX-17-length-unknown", SEED, {}, ("VISA_REQUIRED", "DEFAULT", None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ruleset", "facts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_first_rule_that_matches_answers(
    ruleset: Ruleset, facts: dict[str, Any], expected: tuple[str, str, str | None]
) -> None:
    assert told(ask(ruleset, **facts)) == expected


MULTIPLE = schengen_visa("ETATS SCHENGEN", issuer="DE", multiple=True, until="2026-12-01")


@pytest.mark.parametrize(
    ("visa", "destination", "warnings", "advice"),
    [
        (MULTIPLE, "FR", ["FIRST_TRIP_SHOULD_BE_TO_ISSUING_STATE"], True),
        (replace(MULTIPLE, already_used=True), "FR", [], True),
        (replace(MULTIPLE, issuer="FR"), "FR", [], False),
        (replace(MULTIPLE, multiple=False), "FR", [], False),
        (replace(MULTIPLE, issuer="ES", already_used=True), "DE", [], True),
    ],
    ids=["E33", "used-there", "issued-by-france", "single-entry", "to-germany-itinerary"],
)
def test_ex_16_the_first_trip_should_go_to_the_issuing_state(
    visa: Document, destination: str, warnings: list[str], advice: bool
) -> None:
    verdict = ask(**short(documents=(visa,), destination=destination))
    assert verdict.outcome == "EXEMPT"
    assert verdict.codes(Severity.WARNING) == warnings
    assert ("SHOW_ITINERARY" in verdict.codes()) is advice


@pytest.mark.parametrize(
    ("first", "last", "unusual"),
    [
        ("2025-10-01", "2025-12-31", False),
        ("2025-10-12", "2026-01-10", True),
        ("2025-10-01", "2026-04-01", False),
        ("2025-10-01", "2026-04-02", True),
    ],
    ids=["3-months", "under-3-months", "6-months", "over-6-months"],
)
def test_ex_13_a_visa_d_of_unusual_length_is_pointed_out(
    first: str, last: str, unusual: bool
) -> None:
    visa = doc(K.VISA_D, last, valid_from=day(first))
    verdict = ask(entry=day(last), documents=(visa,))
    assert verdict.outcome == "EXEMPT"
    assert (verdict.codes(Severity.WARNING) == ["VISA_D_LENGTH_UNUSUAL"]) is unusual


def test_ex_11_todays_law_warns_that_a_tir_can_hardly_be_valid() -> None:
    facts = resident(doc(K.TIR), birth_date=CHILD)
    assert ask(CURRENT, **facts).codes(Severity.WARNING) == ["TIR_ABOLISHED"]
    assert ask(SEED, **facts).codes(Severity.WARNING) == []


def test_ex_10_the_first_receipt_is_explained_and_no_delay_is_promised() -> None:
    codes = ask(**resident(doc(K.FIRST_RECEIPT))).codes(Severity.ADVICE)
    assert {"FIRST_RECEIPT_NO_RETURN", "NO_DELAY_PROMISED"} <= set(codes)


def test_ex_11_a_child_hears_of_one_visa_per_child_and_of_the_slow_season() -> None:
    july = ask(**resident(birth_date=CHILD, entry=day("2026-07-10")))
    april = ask(**resident(birth_date=CHILD, entry=day("2026-04-10")))
    assert {"ONE_RETURN_VISA_PER_CHILD", "SLOW_SEASON"} <= set(july.codes())
    assert "SLOW_SEASON" not in april.codes()


def test_ex_12_the_reasons_of_a_return_visa_are_named() -> None:
    verdict = ask(**resident(doc(K.FR_RESIDENCE_CARD, None, lost=True), doc(K.RENEWAL_RECEIPT)))
    assert verdict.findings[0].params["reasons"] == ["lost", "receipt_without_card"]


def test_ex_15_a_stay_that_outlasts_the_visa_is_pointed_out() -> None:
    visa = schengen_visa("ETATS SCHENGEN", until="2026-01-15")
    assert ask(**short(documents=(visa,))).codes(Severity.WARNING) == ["VISA_ENDS_BEFORE_EXIT"]


def test_ex_08_a_card_without_a_birth_date_says_that_an_adult_was_taken_for_granted() -> None:
    verdict = ask(**resident(doc(K.FR_RESIDENCE_CARD), birth_date=None))
    assert verdict.outcome == "EXEMPT"
    assert "ADULT_TAKEN_FOR_GRANTED" in verdict.codes()


def test_ex_17_an_open_stay_is_asked_back_and_never_guessed() -> None:
    verdict = ask()
    assert verdict.findings[1].code == "STAY_LENGTH_UNKNOWN"
    assert "visa_type" not in verdict.results


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"nationalities": ()}, "nationalities", "REQUIRED"),
        ({"nationalities": ("DZ", "ZZ")}, "nationalities.1", "UNKNOWN_STATE"),
        ({"destination": "ZZ"}, "destination", "UNKNOWN_STATE"),
        ({"destination": "XXA"}, "destination", "UNKNOWN_STATE"),
        ({"exit": day("2026-01-09")}, "exit", "BEFORE_ENTRY"),
        ({"entry": date(9999, 12, 31)}, "entry", "IMPLAUSIBLE_DATE"),
        ({"birth_date": day("2026-01-11")}, "birth_date", "AFTER_ENTRY"),
        ({"documents": (doc(K.VISA_D, None),)}, "documents.0.valid_until", "REQUIRED"),
        ({"documents": (doc(K.VISA_D, "2025-01-01", valid_from=ENTRY),)},
         "documents.0.valid_until", "BEFORE_START"),
        ({"documents": (doc(K.VISA_C),)}, "documents.0.issuer", "REQUIRED"),
        ({"documents": (doc(K.SCHENGEN_RESIDENCE_CARD, issuer="QQ"),)},
         "documents.0.issuer", "UNKNOWN_STATE"),
        ({"documents": (schengen_visa("HALF OF EUROPE"),)},
         "documents.0.territory", "UNREADABLE_TERRITORY"),
        ({"documents": (doc(K.DCEM),), "birth_date": None}, "birth_date", "REQUIRED"),
        ({"transit": Transit(airports_in=())}, "transit.airports_in", "REQUIRED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_fact_that_cannot_be_judged_names_its_field(
    facts: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(FactError) as caught:
        ask(**facts)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_the_year_1900_gets_an_answer() -> None:
    assert (
        ask(entry=date(1900, 1, 1), birth_date=None, exit=date(1900, 1, 9)).outcome
        == "VISA_REQUIRED"
    )


@settings(deadline=None)
@given(
    entry=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    length=st.none() | st.integers(0, 400),
    kinds=st.lists(st.sampled_from(sorted(DocumentKind)), max_size=3),
    until=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    destination=st.sampled_from(["FR", "DE", "HR", "GP", "YT", "GB"]),
    passport_type=st.sampled_from(sorted(PassportType)),
    nationalities=st.lists(
        st.sampled_from(["DZ", "FR", "DE", "ML", "XXA"]), min_size=1, max_size=3
    ),
    lives=st.sampled_from([None, True, False]),
    ruleset=st.sampled_from([SEED, CURRENT]),
)
def test_whatever_the_facts_there_is_one_cited_answer(
    entry: date, length: int | None, kinds: list[DocumentKind], until: date, destination: str,
    passport_type: PassportType, nationalities: list[str], lives: bool | None, ruleset: Ruleset,
) -> None:  # fmt: skip
    verdict = ask(
        ruleset,
        entry=entry,
        exit=None if length is None else entry + timedelta(days=length),
        destination=destination,
        documents=tuple(doc(kind, until.isoformat(), issuer="ES") for kind in kinds),
        nationalities=tuple(nationalities),
        passport=Passport(type=passport_type, expiry=date(2300, 1, 1)),
        birth_date=date(1899, 1, 1),
        resides_in_france=lives,
    )
    assert verdict.outcome in set(wizard.Outcome)
    assert verdict.findings[0].code == verdict.results["code"]
    assert all(finding.citation and finding.rule_id for finding in verdict.findings)
    assert verdict.as_json()["findings"]


def test_every_rule_says_its_id_its_source_and_its_boundaries() -> None:
    for rule in wizard.ORDER:
        text = rule.__doc__ or ""
        assert "Rule: EX-" in text
        assert "Source: " in text
        assert "Boundaries: " in text
