"""Passport: PA-01 to PA-13, boundary by boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.facts import VisaClass
from applications.rules.passport import Defect, PassportFacts, Stage, passport_verdict
from portal.dates import add_months
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat


def facts(**changes: Any) -> PassportFacts:
    """A good passport for a short stay in January 2026, with changes given as ISO dates."""
    plain: dict[str, Any] = {
        "filing_date": "2025-11-27",
        "issue_date": "2020-01-10",
        "expiry_date": "2030-01-09",
        "blank_pages": 5,
        "visa_class": VisaClass.SHORT_STAY,
        "departure_dates": ["2026-01-20"],
    }
    plain |= changes
    return PassportFacts(**{key: _read(key, value) for key, value in plain.items()})


def _read(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(D(item) for item in value)
    return D(value) if key.endswith(("_date", "_end")) and value else value


def judge(ruleset: Ruleset = Ruleset.SEED, **changes: Any) -> Verdict:
    return passport_verdict(facts(**changes), ruleset)


def long_stay(visa_class: VisaClass = VisaClass.LONG_STAY, **changes: Any) -> dict[str, Any]:
    return {"visa_class": visa_class, "departure_dates": [], **changes}


def failures(verdict: Verdict) -> list[str]:
    return verdict.codes(Severity.BLOCKING)


GOOD: list[str] = []
CASES = [
    # PA-01
    pytest.param({"blank_pages": 2}, "admissible", GOOD, id="PA-01 P17 two pages"),
    pytest.param({"blank_pages": 1}, "inadmissible", ["BLANK_PAGES"], id="PA-01 P16 one page"),
    pytest.param({"blank_pages": 0}, "inadmissible", ["BLANK_PAGES"], id="PA-01 none"),
    # PA-02
    pytest.param({"issue_date": "2015-11-28"}, "admissible", GOOD, id="PA-02 P10 day before"),
    pytest.param(
        {"issue_date": "2015-11-27"},
        "inadmissible",
        ["ISSUED_10Y_OR_MORE"],
        id="PA-02 P11 anniversary",
    ),
    pytest.param(
        {
            "filing_date": "2026-02-27",
            "issue_date": "2016-02-29",
            "departure_dates": ["2026-03-20"],
        },
        "admissible",
        GOOD,
        id="PA-02 P13 29 Feb, day before",
    ),
    pytest.param(
        {
            "filing_date": "2026-02-28",
            "issue_date": "2016-02-29",
            "departure_dates": ["2026-03-20"],
        },
        "inadmissible",
        ["ISSUED_10Y_OR_MORE"],
        id="PA-02 P14 29 Feb, clamped anniversary",
    ),
    # PA-03
    pytest.param({"expiry_date": "2026-04-20"}, "admissible", GOOD, id="PA-03 P02 equal"),
    pytest.param(
        {"expiry_date": "2026-04-19"},
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 P03 one day less",
    ),
    pytest.param(
        {"expiry_date": "2026-02-28", "departure_dates": ["2025-11-30"]},
        "admissible",
        GOOD,
        id="PA-03 P04 30 Nov needs 28 Feb",
    ),
    pytest.param(
        {"expiry_date": "2026-02-27", "departure_dates": ["2025-11-30"]},
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 P05 30 Nov, 27 Feb",
    ),
    pytest.param(
        {
            "filing_date": "2027-11-01",
            "expiry_date": "2028-02-29",
            "departure_dates": ["2027-11-30"],
        },
        "admissible",
        GOOD,
        id="PA-03 P06 30 Nov needs 29 Feb in a leap year",
    ),
    pytest.param(
        {
            "filing_date": "2027-11-01",
            "expiry_date": "2028-02-28",
            "departure_dates": ["2027-11-30"],
        },
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 P07 28 Feb in a leap year",
    ),
    pytest.param(
        {
            "filing_date": "2026-05-01",
            "expiry_date": "2026-09-29",
            "departure_dates": ["2026-07-01"],
        },
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 P08 ninety days are not three months",
    ),
    pytest.param(
        {
            "filing_date": "2026-11-01",
            "expiry_date": "2027-04-30",
            "departure_dates": ["2027-01-31"],
        },
        "admissible",
        GOOD,
        id="PA-03 P09 89 days can be three months",
    ),
    pytest.param(
        {"expiry_date": "2026-09-29", "departure_dates": ["2026-06-30", "2026-01-20"]},
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 P41 the last departure, in any order",
    ),
    pytest.param(
        {"expiry_date": "2026-01-19"},
        "inadmissible",
        ["VALIDITY_SHORT_BEFORE_DEPARTURE"],
        id="PA-03 expires before departure",
    ),
    pytest.param(
        {"expiry_date": "2026-01-20"},
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 expires on departure",
    ),
    pytest.param(
        {"visa_class": VisaClass.AIRPORT_TRANSIT, "expiry_date": "2026-04-19"},
        "inadmissible",
        ["VALIDITY_SHORT_3M"],
        id="PA-03 airport transit too",
    ),
    # PA-04
    pytest.param(
        long_stay(expiry_date="2026-07-27"), "admissible", GOOD, id="PA-04 P27 eight months"
    ),
    pytest.param(
        long_stay(expiry_date="2026-07-26"),
        "inadmissible",
        ["VALIDITY_LONG_8M"],
        id="PA-04 P28 one day less",
    ),
    pytest.param(
        long_stay(filing_date="2025-06-30", expiry_date="2026-02-28"),
        "admissible",
        GOOD,
        id="PA-04 P29 30 Jun + 8 is 28 Feb",
    ),
    pytest.param(
        long_stay(filing_date="2025-06-30", expiry_date="2026-02-27"),
        "inadmissible",
        ["VALIDITY_LONG_8M"],
        id="PA-04 30 Jun, 27 Feb",
    ),
    pytest.param(
        long_stay(expiry_date="2026-06-15", visa_end="2026-02-27"),
        "inadmissible",
        ["VALIDITY_LONG_8M"],
        id="PA-04 P44 the seed keeps its eight months",
    ),
    # PA-05
    pytest.param(
        long_stay(stage=Stage.ISSUE, visa_issue_date="2026-02-10", expiry_date="2026-08-10"),
        "admissible",
        GOOD,
        id="PA-05 P46 six months at issue",
    ),
    pytest.param(
        long_stay(stage=Stage.ISSUE, visa_issue_date="2026-02-10", expiry_date="2026-08-09"),
        "inadmissible",
        ["VALIDITY_LONG_6M_AT_ISSUE"],
        id="PA-05 P47 one day less",
    ),
    # PA-06
    pytest.param(
        long_stay(VisaClass.FAMILY_REUNIFICATION, expiry_date="2026-11-27"),
        "admissible",
        GOOD,
        id="PA-06 P30 one year",
    ),
    pytest.param(
        long_stay(VisaClass.FAMILY_REUNIFICATION, expiry_date="2026-11-26"),
        "inadmissible",
        ["VALIDITY_FAMILY_12M"],
        id="PA-06 P31 one day less",
    ),
    pytest.param(
        long_stay(
            VisaClass.FAMILY_REUNIFICATION, filing_date="2024-02-29", expiry_date="2025-02-28"
        ),
        "admissible",
        GOOD,
        id="PA-06 P32 29 Feb + one year",
    ),
    # PA-07
    pytest.param(
        long_stay(VisaClass.RETURN, filing_date="2025-10-31", expiry_date="2026-02-28"),
        "admissible",
        GOOD,
        id="PA-07 P33 four months",
    ),
    pytest.param(
        long_stay(VisaClass.RETURN, filing_date="2025-10-31", expiry_date="2026-02-27"),
        "inadmissible",
        ["VALIDITY_RETURN_4M"],
        id="PA-07 P34 one day less",
    ),
    pytest.param(
        long_stay(VisaClass.RETURN, expiry_date="2026-04-27"),
        "admissible",
        GOOD,
        id="PA-07 P35 five months are enough here",
    ),
    # PA-08
    pytest.param(
        long_stay(nationality="TN", arrival_date="2026-01-15", expiry_date="2027-01-27"),
        "admissible",
        GOOD,
        id="PA-08 P36 fourteen months",
    ),
    pytest.param(
        long_stay(nationality="TN", arrival_date="2026-01-15", expiry_date="2027-01-26"),
        "inadmissible",
        ["VALIDITY_OTHER_14M"],
        id="PA-08 P37 one day less",
    ),
    pytest.param(
        long_stay(nationality="TN", arrival_date="2026-04-01", expiry_date="2027-03-31"),
        "inadmissible",
        ["VALIDITY_OTHER_12M_AFTER_ARRIVAL"],
        id="PA-08 P38 a late arrival",
    ),
    pytest.param(
        long_stay(nationality="TN", arrival_date="2026-04-01", expiry_date="2027-01-26"),
        "inadmissible",
        ["VALIDITY_OTHER_12M_AFTER_ARRIVAL", "VALIDITY_OTHER_14M"],
        id="PA-08 both missed",
    ),
    pytest.param(
        long_stay(VisaClass.RETURN, nationality="TN"), "review", GOOD, id="PA-08 P39 silent"
    ),
    pytest.param(
        long_stay(VisaClass.RETURN, nationality="TN", blank_pages=1),
        "inadmissible",
        ["BLANK_PAGES"],
        id="PA-08 silent, but a page is missing",
    ),
    pytest.param(long_stay(authority="DE"), "review", GOOD, id="PA-08 silent about Germany"),
    # PA-09
    pytest.param(
        {"expiry_date": "2026-03-01", "urgency_justified": True},
        "review",
        ["VALIDITY_SHORT_3M"],
        id="PA-09 P23 only the margin",
    ),
    pytest.param(
        {"expiry_date": "2026-01-19", "urgency_justified": True},
        "inadmissible",
        ["VALIDITY_SHORT_BEFORE_DEPARTURE"],
        id="PA-09 P24 before departure",
    ),
    pytest.param(
        {"expiry_date": "2026-01-20", "urgency_justified": True},
        "review",
        ["VALIDITY_SHORT_3M"],
        id="PA-09 valid on the day of departure",
    ),
    pytest.param(
        {"issue_date": "2015-01-01", "urgency_justified": True},
        "inadmissible",
        ["ISSUED_10Y_OR_MORE"],
        id="PA-09 P25 ten years",
    ),
    pytest.param(
        {"expiry_date": "2026-03-01", "blank_pages": 1, "urgency_justified": True},
        "inadmissible",
        ["BLANK_PAGES", "VALIDITY_SHORT_3M"],
        id="PA-09 P26 mixed",
    ),
    pytest.param(
        long_stay(expiry_date="2026-06-30", urgency_justified=True),
        "review",
        ["VALIDITY_LONG_8M"],
        id="PA-09 P43 long stay",
    ),
    pytest.param(
        long_stay(expiry_date="2025-11-26", urgency_justified=True),
        "inadmissible",
        ["PASSPORT_EXPIRED", "VALIDITY_LONG_8M"],
        id="PA-09 expired",
    ),
    pytest.param(
        long_stay(expiry_date="2026-02-26", visa_end="2026-02-27", urgency_justified=True),
        "inadmissible",
        ["VALIDITY_LONG_8M"],
        id="PA-09 ends before the visa it is for",
    ),
    pytest.param({"urgency_justified": True}, "admissible", GOOD, id="PA-09 nothing to lift"),
    # PA-10
    pytest.param(
        {"defects": frozenset({Defect.FILM})},
        "inadmissible",
        ["CONDITION_FILM"],
        id="PA-10 P18 film",
    ),
    pytest.param(
        {"defects": frozenset({Defect.LAMINATED})},
        "inadmissible",
        ["CONDITION_LAMINATED"],
        id="PA-10 P19 laminated",
    ),
    pytest.param(
        {"defects": frozenset({Defect.ALTERED})},
        "inadmissible",
        ["CONDITION_ALTERED"],
        id="PA-10 P20 altered",
    ),
    pytest.param({}, "admissible", GOOD, id="PA-10 P01 good condition"),
    # PA-11
    pytest.param(
        {"spouse_first_name_mentioned": True}, "admissible", GOOD, id="PA-11 P21 spouse's name"
    ),
    pytest.param(
        {"spouse_first_name_mentioned": True, "blank_pages": 1},
        "inadmissible",
        ["BLANK_PAGES"],
        id="PA-11 the name and a missing page",
    ),
    # PA-12, PA-13
    pytest.param(
        {
            "issue_date": "2015-01-01",
            "expiry_date": "2026-04-01",
            "blank_pages": 0,
            "defects": frozenset({Defect.FILM}),
        },
        "inadmissible",
        ["BLANK_PAGES", "CONDITION_FILM", "ISSUED_10Y_OR_MORE", "VALIDITY_SHORT_3M"],
        id="PA-12 P22 every failure at once",
    ),
    pytest.param(
        {"expiry_date": "2025-11-26"},
        "inadmissible",
        ["PASSPORT_EXPIRED", "VALIDITY_SHORT_BEFORE_DEPARTURE"],
        id="PA-13 P40 expired",
    ),
    pytest.param(
        {"expiry_date": "2025-11-27"},
        "inadmissible",
        ["VALIDITY_SHORT_BEFORE_DEPARTURE"],
        id="PA-13 valid on the filing date itself",
    ),
]


@pytest.mark.parametrize(("changes", "outcome", "codes"), CASES)
def test_boundaries(changes: dict[str, Any], outcome: str, codes: list[str]) -> None:
    verdict = judge(**changes)
    assert (verdict.outcome, failures(verdict)) == (outcome, codes)
    accepted = outcome == "admissible"  # PA-12
    assert verdict.results["provider_may_accept"] is accepted
    assert verdict.results["transmitted_to_consulate"] is accepted


@pytest.mark.parametrize(
    ("changes", "code", "fields"),
    [
        pytest.param(
            {"issue_date": "2025-12-01"},
            "INVALID_DATES",
            ("issue_date", "filing_date"),
            id="PA-13 P42 issued after filing",
        ),
        pytest.param(
            {"expiry_date": "2020-01-10"},
            "INVALID_DATES",
            ("expiry_date", "issue_date"),
            id="PA-13 expires on its issue date",
        ),
        pytest.param(
            {"departure_dates": []},
            "DEPARTURE_DATE_MISSING",
            ("departure_dates",),
            id="PA-13 short stay without departure",
        ),
        pytest.param(
            {"departure_dates": ["2025-11-26"]},
            "DEPARTURE_BEFORE_FILING",
            ("departure_dates", "filing_date"),
            id="PA-13 departure in the past",
        ),
        pytest.param(
            {"entry_dates": ["2026-01-21"]},
            "INVALID_DATES",
            ("entry_dates", "departure_dates"),
            id="PA-13 entry after the last departure",
        ),
        pytest.param(
            {"blank_pages": -1}, "INVALID_BLANK_PAGES", ("blank_pages",), id="PA-13 -1 pages"
        ),
        pytest.param(
            {"expiry_date": "9999-12-31"},
            "DATE_OUT_OF_RANGE",
            ("expiry_date",),
            id="PA-13 year 9999",
        ),
        pytest.param(
            {"departure_dates": ["2026-01-20", "9999-12-31"]},
            "DATE_OUT_OF_RANGE",
            ("departure_dates",),
            id="PA-13 departure in 9999",
        ),
        pytest.param(
            {"issue_date": "0001-01-01"},
            "DATE_OUT_OF_RANGE",
            ("issue_date",),
            id="PA-13 year 1",
        ),
        pytest.param(
            long_stay(nationality="TN"),
            "ARRIVAL_DATE_MISSING",
            ("arrival_date",),
            id="PA-08 arrival unknown",
        ),
        pytest.param(
            long_stay(stage=Stage.ISSUE),
            "VISA_ISSUE_DATE_MISSING",
            ("visa_issue_date",),
            id="PA-05 day of issue unknown",
        ),
    ],
)
def test_contradictions_are_errors_of_input(
    changes: dict[str, Any], code: str, fields: tuple[str, ...]
) -> None:
    verdict = judge(**changes)
    assert verdict.outcome == "invalid_input"
    assert failures(verdict) == [code]
    assert verdict.findings[0].params["fields"] == fields
    assert verdict.results["threshold"] is None


def test_two_contradictions_are_both_named() -> None:
    verdict = judge(issue_date="2025-12-01", expiry_date="2025-11-30", blank_pages=-1)
    assert failures(verdict) == ["INVALID_BLANK_PAGES", "INVALID_DATES", "INVALID_DATES"]


@pytest.mark.parametrize(
    ("changes", "threshold"),
    [
        pytest.param({}, "2026-04-20", id="PA-03"),
        pytest.param({"departure_dates": ["2026-06-30", "2026-01-20"]}, "2026-09-30", id="P41"),
        pytest.param(
            long_stay(nationality="TN", arrival_date="2026-01-15"), "2027-01-27", id="P36 later one"
        ),
        pytest.param(
            long_stay(nationality="TN", arrival_date="2026-04-01"), "2027-04-01", id="P38 later one"
        ),
        pytest.param(long_stay(VisaClass.RETURN, nationality="TN"), None, id="P39 none stated"),
    ],
)
def test_threshold_is_the_first_sufficient_expiry(
    changes: dict[str, Any], threshold: str | None
) -> None:
    assert judge(**changes).results["threshold"] == (threshold and D(threshold))


@pytest.mark.parametrize(
    ("visa_class", "rule"),
    [
        pytest.param(VisaClass.LONG_STAY, "PA-04", id="PA-04"),
        pytest.param(VisaClass.FAMILY_REUNIFICATION, "PA-06", id="PA-06"),
        pytest.param(VisaClass.RETURN, "PA-07", id="PA-07"),
    ],
)
def test_todays_law_counts_from_the_end_of_the_visa(visa_class: VisaClass, rule: str) -> None:
    changes = long_stay(visa_class, expiry_date="2026-05-27", visa_end="2026-02-27")
    good = judge(Ruleset.CURRENT, **changes)
    assert good.outcome == "admissible"  # P45
    assert good.results["threshold"] == D("2026-05-27")
    short = judge(Ruleset.CURRENT, **(changes | {"expiry_date": "2026-05-26"}))
    assert failures(short) == ["VALIDITY_LONG_3M_AFTER_VISA_END"]
    assert short.findings[0].rule_id == rule
    missing = judge(Ruleset.CURRENT, **(changes | {"visa_end": None}))
    assert (missing.outcome, failures(missing)) == ("invalid_input", ["VISA_END_MISSING"])


def test_todays_law_speaks_for_other_nationalities_too() -> None:
    changes = long_stay(
        VisaClass.RETURN, nationality="TN", expiry_date="2026-05-27", visa_end="2026-02-27"
    )
    assert judge(Ruleset.CURRENT, **changes).outcome == "admissible"


def test_todays_law_of_the_short_stay_is_the_seeds() -> None:
    assert failures(judge(Ruleset.CURRENT, expiry_date="2026-04-19")) == ["VALIDITY_SHORT_3M"]
    assert judge(Ruleset.CURRENT, expiry_date="2026-04-20").outcome == "admissible"


@pytest.mark.parametrize(
    ("entries", "warned"),
    [
        pytest.param(["2026-01-06"], True, id="PA-02 P15 after the anniversary"),
        pytest.param(["2025-12-05"], True, id="PA-02 on the anniversary"),
        pytest.param(["2025-12-04"], False, id="PA-02 the day before"),
        pytest.param(["2025-12-04", "2026-01-06"], True, id="PA-02 one of several entries"),
        pytest.param([], False, id="PA-02 entry unknown"),
    ],
)
def test_the_border_asks_for_the_ten_years_again(entries: list[str], warned: bool) -> None:
    verdict = judge(issue_date="2015-12-05", expiry_date="2027-01-01", entry_dates=entries)
    assert verdict.outcome == "admissible"
    assert verdict.codes(Severity.WARNING) == (["ISSUED_10Y_AT_ENTRY"] if warned else [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            long_stay(VisaClass.RETURN, nationality="TN"),
            "RULE_NOT_STATED_FOR_OTHER_NATIONALITIES",
            id="P39",
        ),
        pytest.param(long_stay(authority="DE"), "RULE_NOT_STATED_FOR_THIS_STATE", id="Germany"),
        pytest.param(
            {"expiry_date": "2026-03-01", "urgency_justified": True},
            "URGENCY_DEROGATION_POSSIBLE",
            id="P23",
        ),
        pytest.param({}, None, id="P01"),
    ],
)
def test_a_review_says_what_the_consulate_must_look_at(
    changes: dict[str, Any], reason: str | None
) -> None:
    assert judge(**changes).results["reason"] == reason


def test_not_accepted_is_not_refused() -> None:
    assert "NOT_ACCEPTED_IS_NOT_REFUSED" in judge(blank_pages=1).codes()
    assert "PAPERS_AND_FEE_RETURNED" not in judge(blank_pages=1).codes()
    assert "PAPERS_AND_FEE_RETURNED" in judge(Ruleset.CURRENT, blank_pages=1).codes()
    assert judge().codes() == []


def test_the_second_reading_is_advice_and_nothing_more() -> None:
    verdict = judge(expiry_date="2027-01-01", visa_end="2026-10-02")
    assert verdict.outcome == "admissible"
    assert verdict.codes() == ["VALIDITY_SHORT_OF_VISA_END"]
    assert judge(expiry_date="2027-01-02", visa_end="2026-10-02").codes() == []


def test_a_lifetime_over_ten_years_is_only_asked_about_today() -> None:
    assert judge(expiry_date="2030-01-11").codes() == []
    assert judge(Ruleset.CURRENT, expiry_date="2030-01-11").codes() == ["PASSPORT_LIFETIME_UNUSUAL"]
    assert judge(Ruleset.CURRENT, expiry_date="2030-01-10").codes() == []


def test_remedies_come_from_the_table() -> None:
    verdict = judge(defects=frozenset(Defect))
    remedies = {finding.code: finding.params.get("remedy") for finding in verdict.findings}
    assert remedies["CONDITION_FILM"] == "resecured_by_issuer"
    assert remedies["CONDITION_LAMINATED"] == "new_passport"
    assert remedies["CONDITION_ALTERED"] == "new_passport"


def test_every_finding_is_cited_and_the_rows_are_kept() -> None:
    verdict = judge(issue_date="2015-01-01", expiry_date="2026-04-01", blank_pages=0)
    assert all(finding.citation and finding.rule_id for finding in verdict.findings)
    assert {"PA-01", "PA-02", "PA-03"} <= {row.rule for row in verdict.used}
    assert verdict.reference_date == D("2025-11-27")


@given(st.dates(D("2025-11-27"), D("2029-12-31")), st.dates(D("2025-11-27"), D("2035-12-31")))
def test_three_months_after_departure_and_nothing_else(departure: date, expiry: date) -> None:
    verdict = passport_verdict(
        replace(facts(), departure_dates=(departure,), expiry_date=expiry), Ruleset.SEED
    )
    assert (verdict.outcome == "admissible") == (expiry >= add_months(departure, 3))


@given(st.dates(D("2010-01-01"), D("2025-11-27")))
def test_ten_years_are_judged_from_the_day_of_issue(issued: date) -> None:
    verdict = passport_verdict(replace(facts(), issue_date=issued), Ruleset.SEED)
    too_old = "ISSUED_10Y_OR_MORE" in verdict.codes()
    assert too_old == (D("2025-11-27") >= add_months(issued, 120))
    assert too_old or issued + timedelta(days=3653) > D("2025-11-27")
