"""Hosting certificate: HO-01 to HO-08."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from applications.rules.facts import VisaClass
from applications.rules.hosting_certificate import HostingFacts, OwnMeans, hosting_verdict
from portal.dates import DateRange, civil_date
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat


def judge(confirmed: str, deposit: str, ruleset: Ruleset = Ruleset.SEED, **changes: Any) -> Verdict:
    facts = HostingFacts(confirmed=D(confirmed), deposit=D(deposit), **changes)
    return hosting_verdict(facts, ruleset)


@pytest.mark.parametrize(
    ("confirmed", "deposit", "last", "codes"),
    [
        pytest.param("2025-06-01", "2025-12-01", "2025-12-01", [], id="HO-01 H01 six months"),
        pytest.param(
            "2025-06-01", "2025-12-02", "2025-12-01", ["STALE"], id="HO-04 H02 a day more"
        ),
        pytest.param("2025-08-31", "2026-02-28", "2026-02-28", [], id="HO-01 H03 month's end"),
        pytest.param("2025-08-31", "2026-03-01", "2026-02-28", ["STALE"], id="HO-01 H04"),
        pytest.param("2023-08-31", "2024-02-29", "2024-02-29", [], id="HO-01 H05 leap year"),
        pytest.param("2023-08-31", "2024-03-01", "2024-02-29", ["STALE"], id="HO-01 H06"),
        pytest.param("2025-08-29", "2026-02-28", "2026-02-28", [], id="HO-02 H07 29 Aug"),
        pytest.param("2025-08-30", "2026-02-28", "2026-02-28", [], id="HO-02 H07 30 Aug"),
        pytest.param("2025-08-28", "2026-02-28", "2026-02-28", [], id="HO-01 H08"),
        pytest.param(
            "2026-02-28", "2026-08-29", "2026-08-28", ["STALE"], id="HO-01 H09 not sticky"
        ),
        pytest.param("2026-02-28", "2026-08-28", "2026-08-28", [], id="HO-01 H10"),
        pytest.param("2025-11-27", "2025-11-27", "2026-05-27", [], id="HO-01 H11 the same day"),
        pytest.param(
            "2025-11-28",
            "2025-11-27",
            "2026-05-28",
            ["DEPOSITED_BEFORE_CONFIRMATION"],
            id="HO-01 H12 before",
        ),
        pytest.param("2025-05-31", "2025-11-30", "2025-11-30", [], id="HO-02 H13 183 days fresh"),
        pytest.param("2026-03-01", "2026-09-01", "2026-09-01", [], id="HO-02 184 days fresh"),
        pytest.param("2025-08-31", "2026-03-01", "2026-02-28", ["STALE"], id="HO-02 H14 182 days"),
        pytest.param("2025-06-05", "2025-12-07", "2025-12-05", ["STALE"], id="HO-03 H15 a Friday"),
        pytest.param("2025-10-31", "2026-04-30", "2026-04-30", [], id="HO-01 H25"),
    ],
)
def test_freshness(confirmed: str, deposit: str, last: str, codes: list[str]) -> None:
    verdict = judge(confirmed, deposit)
    assert verdict.codes(Severity.BLOCKING) == codes
    assert verdict.results["last_deposit_date"] == D(last)
    assert verdict.results["fresh"] is (not codes)
    assert verdict.results["accepted"] is (not codes)
    assert verdict.outcome == ("rejected" if codes else "accepted")


@pytest.mark.parametrize(
    ("moment", "fresh"),
    [
        pytest.param("2025-12-02T00:30+01:00", False, id="HO-03 H21 after midnight in Algiers"),
        pytest.param("2025-11-30T23:30+00:00", True, id="HO-03 H22 already 1 Dec, still fresh"),
        pytest.param("2025-12-01T23:30+00:00", False, id="HO-03 already 2 Dec in Algiers"),
    ],
)
def test_the_day_of_deposit_is_the_day_in_algiers(moment: str, fresh: bool) -> None:
    deposit = civil_date(datetime.fromisoformat(moment))
    assert judge("2025-06-01", deposit.isoformat()).results["fresh"] is fresh


def test_a_copy_is_rejected_however_fresh() -> None:
    verdict = judge("2025-06-01", "2025-11-01", original=False)  # HO-06 H16
    assert verdict.codes(Severity.BLOCKING) == ["NOT_ORIGINAL"]
    assert verdict.results["fresh"] is True
    assert verdict.results["accepted"] is False


@pytest.mark.parametrize(
    ("means", "required"),
    [
        pytest.param(OwnMeans.PROVEN, False, id="HO-05 H17 proven"),
        pytest.param(OwnMeans.NONE, True, id="HO-05 not proven"),
        pytest.param(OwnMeans.PARTLY, True, id="HO-05 partly"),
    ],
)
def test_only_own_means_make_it_optional(means: OwnMeans, required: bool) -> None:
    verdict = judge("2025-06-01", "2025-11-01", own_means=means)
    assert verdict.results["required"] is required
    assert verdict.results["accepted"] is True


YEAR = DateRange(D("2026-01-01"), D("2026-12-31"))


@pytest.mark.parametrize(
    ("visa_class", "cover", "codes"),
    [
        pytest.param(
            VisaClass.LONG_STAY,
            DateRange(D("2026-01-01"), D("2026-12-30")),
            ["DOES_NOT_COVER_WHOLE_STAY"],
            id="HO-07 H18 last day short",
        ),
        pytest.param(
            VisaClass.LONG_STAY,
            DateRange(D("2026-01-02"), D("2026-12-31")),
            ["DOES_NOT_COVER_WHOLE_STAY"],
            id="HO-07 first day short",
        ),
        pytest.param(VisaClass.LONG_STAY, YEAR, [], id="HO-07 H19 all days"),
        pytest.param(VisaClass.LONG_STAY, DateRange(D("2025-12-01")), [], id="HO-07 open cover"),
        pytest.param(VisaClass.LONG_STAY, None, ["COVER_NOT_STATED"], id="HO-07 not stated"),
        pytest.param(VisaClass.SHORT_STAY, None, [], id="HO-07 short stay"),
    ],
)
def test_a_long_stay_is_covered_to_its_last_day(
    visa_class: VisaClass, cover: DateRange | None, codes: list[str]
) -> None:
    verdict = judge("2025-09-01", "2025-11-01", visa_class=visa_class, stay=YEAR, cover=cover)
    assert verdict.codes(Severity.BLOCKING) == codes


def test_it_never_proves_return() -> None:
    verdict = judge("2025-09-01", "2025-11-01")  # HO-08 H20
    assert verdict.results["proves_return"] is False
    assert "DOES_NOT_PROVE_RETURN" in verdict.codes(Severity.ADVICE)


@pytest.mark.parametrize(
    ("ruleset", "decision", "warned"),
    [
        pytest.param(Ruleset.CURRENT, "2025-12-10", True, id="HO-01 H23 after the limit"),
        pytest.param(Ruleset.CURRENT, "2025-12-02", True, id="HO-01 the day after"),
        pytest.param(Ruleset.CURRENT, "2025-12-01", False, id="HO-01 on the last day"),
        pytest.param(Ruleset.SEED, "2025-12-10", False, id="HO-01 the seed asks for the deposit"),
    ],
)
def test_todays_practice_warns_of_a_late_decision(
    ruleset: Ruleset, decision: str, warned: bool
) -> None:
    verdict = judge("2025-06-01", "2025-11-25", ruleset, expected_decision=D(decision))
    assert verdict.outcome == "accepted"
    assert verdict.codes(Severity.WARNING) == (["DECISION_AFTER_SIX_MONTHS"] if warned else [])


def test_a_last_day_that_is_closed_is_said_and_not_moved() -> None:
    verdict = judge("2025-06-05", "2025-12-01")  # HO-03: Friday 5 Dec
    [note] = [f for f in verdict.findings if f.code == "LAST_DAY_IS_CLOSED"]
    assert note.params["last_working_day"] == D("2025-12-04")
    assert "LAST_DAY_IS_CLOSED" not in judge("2025-06-04", "2025-12-01").codes()


def test_a_date_outside_the_calendar_is_named() -> None:
    verdict = judge("9999-12-31", "2025-11-25")
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["DATE_OUT_OF_RANGE"])
    assert verdict.findings[0].params["fields"] == ("confirmed",)
