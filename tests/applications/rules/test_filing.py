"""Filing window, decision and the clock: AP-02 to AP-06."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from applications.rules.facts import VisaClass
from applications.rules.filing import (
    DecisionFacts,
    WindowFacts,
    clock_stops_for_papers,
    decision_verdict,
    window_verdict,
)
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat


def window(travel: str, filing: str, **changes: Any) -> Verdict:
    facts = WindowFacts(travel_start=D(travel), filing_date=D(filing), **changes)
    return window_verdict(facts, Ruleset.CURRENT)


@pytest.mark.parametrize(
    ("travel", "filing", "status"),
    [
        pytest.param("2026-08-31", "2026-02-28", "on_time", id="AP-02 F01 31 Aug - 6"),
        pytest.param("2026-08-31", "2026-02-27", "too_early", id="AP-02 F02"),
        pytest.param("2026-01-20", "2026-01-05", "on_time", id="AP-02 F03 fifteen days before"),
        pytest.param("2026-01-20", "2026-01-06", "late_needs_urgency", id="AP-02 F04 fourteen"),
        pytest.param("2026-01-20", "2026-01-20", "late_needs_urgency", id="AP-02 on the day"),
        pytest.param("2026-01-20", "2026-01-21", "after_travel", id="AP-02 F06 the day after"),
        pytest.param("2020-05-10", "2020-02-01", "too_early", id="AP-02 three months until 2020"),
        pytest.param("2020-05-10", "2020-02-02", "on_time", id="AP-02 six months since"),
    ],
)
def test_a_file_has_its_time_before_the_journey(travel: str, filing: str, status: str) -> None:
    verdict = window(travel, filing)
    assert verdict.results["status"] == status
    assert verdict.outcome == status
    assert bool(verdict.findings) == (status != "on_time")


def test_seafarers_have_nine_months() -> None:
    verdict = window("2026-10-01", "2026-01-01", seafarer=True)  # AP-02 F05
    assert verdict.results["earliest"] == D("2026-01-01")
    assert verdict.outcome == "on_time"
    assert window("2026-10-01", "2026-01-01").outcome == "too_early"


def test_lateness_is_the_consulates_to_judge_and_no_refusal() -> None:
    assert window("2026-01-20", "2026-01-06").codes(Severity.WARNING) == [
        "FILED_LATE_NEEDS_URGENCY"
    ]
    urgent = window("2026-01-20", "2026-01-06", urgency_justified=True)
    assert urgent.codes(Severity.REVIEW) == ["FILED_LATE_NEEDS_URGENCY"]


def test_the_seed_says_no_days_so_the_dated_article_answers() -> None:
    facts = WindowFacts(travel_start=D("2026-08-31"), filing_date=D("2026-02-27"))
    seed = window_verdict(facts, Ruleset.SEED)
    assert seed.outcome == "too_early"
    assert {row.ruleset for row in seed.used} == {Ruleset.CURRENT}


def test_before_2020_no_last_day_was_law() -> None:
    verdict = window("2019-06-10", "2019-06-09")
    assert verdict.results["latest_normal"] is None
    assert verdict.outcome == "on_time"


# --- decision ---------------------------------------------------------------------------------


def decide(accepted: str | None, today: str | None = None, **changes: Any) -> Verdict:
    known: dict[str, Any] = {"visa_class": VisaClass.SHORT_STAY} | changes
    ruleset = known.pop("ruleset", Ruleset.SEED)
    facts = DecisionFacts(
        accepted_on=D(accepted) if accepted else None, today=D(today) if today else None, **known
    )
    return decision_verdict(facts, ruleset)


@pytest.mark.parametrize(
    ("accepted", "target", "maximum"),
    [
        pytest.param("2025-11-27", "2025-12-12", "2026-01-11", id="AP-03 D01 45 in all"),
        pytest.param("2025-12-25", "2026-01-09", "2026-02-08", id="AP-03 D02 weekends run on"),
    ],
)
def test_a_short_stay_is_decided_in_calendar_days(accepted: str, target: str, maximum: str) -> None:
    results = decide(accepted).results
    assert (results["target"], results["extended_max"]) == (D(target), D(maximum))


@pytest.mark.parametrize(
    ("today", "status"),
    [
        pytest.param("2025-12-11", "in_time", id="AP-06 day 14"),
        pytest.param("2025-12-12", "in_time", id="AP-06 day 15"),
        pytest.param("2025-12-13", "extended_or_late", id="AP-06 day 16"),
        pytest.param("2026-01-11", "extended_or_late", id="AP-06 day 45"),
        pytest.param("2026-01-12", "legal_maximum_passed", id="AP-06 day 46"),
    ],
)
def test_the_clock_of_a_short_stay(today: str, status: str) -> None:
    assert decide("2025-11-27", today).results["status"] == status


@pytest.mark.parametrize(
    ("today", "status"),
    [
        pytest.param("2025-12-28", "usual", id="AP-04 four weeks"),
        pytest.param("2026-05-30", "usual", id="AP-04 the sixth month's last day"),
        pytest.param("2026-05-31", "longer_than_usual", id="AP-04 month seven"),
    ],
)
def test_a_long_stay_has_experience_and_no_right(today: str, status: str) -> None:
    verdict = decide("2025-11-30", today, visa_class=VisaClass.LONG_STAY)
    assert verdict.results["indicative_from"] == D("2026-02-28")  # D03
    assert verdict.results["indicative_to"] == D("2026-05-30")
    assert verdict.results["status"] == status
    assert verdict.codes(Severity.BLOCKING, Severity.WARNING) == []


def test_no_clock_runs_for_a_file_that_was_not_accepted() -> None:
    verdict = decide(None, "2025-11-27")  # AP-05
    assert verdict.outcome == "no_clock"
    assert verdict.results["status"] is None
    assert verdict.codes() == ["NO_CLOCK_BEFORE_ACCEPTANCE"]


def test_a_day_before_acceptance_is_an_error_of_input() -> None:
    verdict = decide("2025-11-27", "2025-11-26")
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["TODAY_BEFORE_ACCEPTANCE"])


def test_the_sixty_days_ended_in_2020() -> None:
    old = decide("2020-02-01", ruleset=Ruleset.CURRENT).results["extended_max"]
    new = decide("2020-02-02", ruleset=Ruleset.CURRENT).results["extended_max"]
    assert ((old - D("2020-02-01")).days, (new - D("2020-02-02")).days) == (60, 45)


def test_urgency_is_decided_without_delay_today() -> None:
    code = "DECISION_WITHOUT_DELAY"
    assert code in decide("2025-11-27", urgency_justified=True, ruleset=Ruleset.CURRENT).codes()
    assert code not in decide("2025-11-27", urgency_justified=True).codes()


@pytest.mark.parametrize("verdict", [window("9999-12-31", "2026-01-01"), decide("9999-12-31")])
def test_a_date_outside_the_calendar_is_named(verdict: Verdict) -> None:
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["DATE_OUT_OF_RANGE"])


def test_ap_05_papers_that_are_asked_for_do_not_stop_the_clock() -> None:
    assert [clock_stops_for_papers(D("2026-11-22"), ruleset) for ruleset in Ruleset] == [
        False,
        False,
    ]


def test_ap_05_days_on_which_the_clock_stood_still_are_added() -> None:
    facts = DecisionFacts(
        visa_class=VisaClass.SHORT_STAY, accepted_on=D("2026-11-01"), stopped_days=10
    )
    found = decision_verdict(facts).results
    assert (found["target"], found["extended_max"]) == (D("2026-11-26"), D("2026-12-26"))
