"""Appeals: RC-03 to RC-06."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from applications.rules.remedies import (
    AppealFacts,
    Decided,
    DecidedFacts,
    Refusal,
    RefusedVisa,
    appeal_verdict,
    decision_remedies,
    next_working_day,
)
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat
SHORT, LONG = RefusedVisa.SHORT_STAY, RefusedVisa.LONG_STAY


def appeal(
    refusal: Refusal, notified: str | None, ruleset: Ruleset = Ruleset.SEED, **changes: Any
) -> Verdict:
    facts = AppealFacts(refusal=refusal, notified=notified and D(notified), **changes)
    return appeal_verdict(facts, ruleset, reference=D("2026-01-01"))


@pytest.mark.parametrize("ruleset", list(Ruleset))
@pytest.mark.parametrize(
    ("refusal", "visa", "notified", "body", "nominal"),
    [
        pytest.param(
            Refusal.FR_VISA,
            SHORT,
            "2025-12-01",
            "sous-directeur des visas",
            "2025-12-31",
            id="RC-05 A01",
        ),
        pytest.param(
            Refusal.FR_VISA, LONG, "2026-01-31", "CRRV", "2026-03-02", id="RC-05 A02 30 days"
        ),
        pytest.param(
            Refusal.FR_VISA, SHORT, "2022-12-31", "CRRV", "2023-02-28", id="RC-05 A03 two months"
        ),
        pytest.param(
            Refusal.FR_VISA, None, "2022-12-31", "CRRV", "2023-02-28", id="RC-05 commission for all"
        ),
        pytest.param(
            Refusal.FR_VISA,
            SHORT,
            "2023-01-01",
            "sous-directeur des visas",
            "2023-01-31",
            id="RC-05 first day of the reform",
        ),
        pytest.param(
            Refusal.DE_VISA, None, "2025-06-30", "remonstration", "2025-07-30", id="RC-04 A04"
        ),
        pytest.param(
            Refusal.DE_VISA,
            SHORT,
            "2025-07-01",
            "Verwaltungsgericht Berlin",
            "2025-08-01",
            id="RC-04 A05 remonstration is never invited again",
        ),
        pytest.param(
            Refusal.DE_ENTRY, None, "2026-01-31", "Bundespolizei", "2026-02-28", id="RC-03 A06"
        ),
        pytest.param(
            Refusal.DE_ENTRY, None, "2026-06-30", "Bundespolizei", "2026-07-30", id="RC-03 30 Jun"
        ),
    ],
)
def test_body_and_deadline(
    refusal: Refusal,
    visa: RefusedVisa | None,
    notified: str,
    body: str,
    nominal: str,
    ruleset: Ruleset,
) -> None:
    results = appeal(refusal, notified, ruleset, visa=visa).results
    assert (results["body"], results["nominal_deadline"]) == (body, D(nominal))


@pytest.mark.parametrize(
    ("refusal", "notified", "last_day"),
    [
        pytest.param(Refusal.DE_ENTRY, "2026-01-31", "2026-03-02", id="RC-03 Saturday to Monday"),
        pytest.param(Refusal.DE_ENTRY, "2025-12-01", "2026-01-02", id="RC-03 New Year to Friday"),
        pytest.param(Refusal.DE_VISA, "2025-07-01", "2025-08-01", id="RC-04 a Friday stays"),
        pytest.param(Refusal.FR_VISA, "2026-01-01", "2026-01-31", id="RC-05 a Saturday stays"),
    ],
)
def test_the_last_day_moves_in_germany_alone(
    refusal: Refusal, notified: str, last_day: str
) -> None:
    verdict = appeal(refusal, notified, visa=SHORT)
    assert verdict.results["last_day"] == D(last_day)
    moved = verdict.results["last_day"] != verdict.results["nominal_deadline"]
    assert ("MOVED_TO_WORKING_DAY" in verdict.codes()) is moved


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-04-03", "2026-04-07", id="Good Friday to the Tuesday after Easter"),
        pytest.param("2026-05-01", "2026-05-04", id="Labour Day, then a weekend"),
        pytest.param("2026-12-25", "2026-12-28", id="Christmas, then a weekend"),
        pytest.param("2026-03-09", "2026-03-09", id="an ordinary Monday"),
    ],
)
def test_working_days_of_germany(day: str, expected: str) -> None:
    assert next_working_day(D(day), "DE") == D(expected)


def test_the_deadline_ends_at_midnight_there() -> None:
    summer = appeal(Refusal.DE_ENTRY, "2026-06-30").results["ends_at"]  # CV-02
    assert summer == datetime(2026, 7, 30, 22, tzinfo=UTC)
    winter = appeal(Refusal.FR_VISA, "2025-12-01", visa=SHORT).results["ends_at"]
    assert winter == datetime(2025, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "outcome", "code"),
    [
        pytest.param("2026-03-02", "open", "APPEAL_UNTIL", id="RC-06 on the last day"),
        pytest.param("2026-03-03", "passed", "DEADLINE_PASSED", id="RC-06 the day after"),
        pytest.param("2026-01-31", "open", "APPEAL_UNTIL", id="RC-06 notified today"),
        pytest.param(
            "2026-01-30", "invalid_input", "NOTIFIED_IN_FUTURE", id="RC-06 notified tomorrow"
        ),
    ],
)
def test_a_deadline_that_has_passed_says_so(today: str, outcome: str, code: str) -> None:
    verdict = appeal(Refusal.DE_ENTRY, "2026-01-31", today=D(today))
    assert verdict.outcome == outcome
    assert code in verdict.codes()


def test_without_a_notification_date_nothing_is_computed() -> None:
    verdict = appeal(Refusal.DE_VISA, None)  # RC-06
    assert verdict.outcome == "no_date"
    assert verdict.codes() == ["NOTIFICATION_DATE_MISSING"]
    assert "nominal_deadline" not in verdict.results


def test_france_asks_for_the_length_since_2023() -> None:
    verdict = appeal(Refusal.FR_VISA, "2026-01-05")
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["VISA_CLASS_MISSING"])


def test_a_date_outside_the_calendar_is_named() -> None:
    verdict = appeal(Refusal.FR_VISA, "9999-12-31", visa=SHORT)
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["DATE_OUT_OF_RANGE"])


def test_france_silence_and_court_are_named() -> None:
    verdict = appeal(Refusal.FR_VISA, "2025-12-01", visa=SHORT)
    assert {"SEND_EARLIER", "SILENCE_IS_REJECTION", "PAPER_PREVAILS"} <= set(verdict.codes())
    assert "Nantes" in verdict.results["address"]
    assert "Nantes" in verdict.results["court"]
    before = appeal(Refusal.FR_VISA, "2022-12-31", visa=SHORT)
    assert "SILENCE_IS_REJECTION" not in before.codes()


def test_germany_offers_a_new_application_since_the_remonstration_ended() -> None:
    assert "NEW_APPLICATION_ANY_TIME" in appeal(Refusal.DE_VISA, "2025-07-01").codes()
    assert "NEW_APPLICATION_ANY_TIME" not in appeal(Refusal.DE_VISA, "2025-06-30").codes()


def test_a_refusal_of_entry_goes_to_the_police_and_not_the_embassy() -> None:
    assert "TO_FEDERAL_POLICE_NOT_EMBASSY" in appeal(Refusal.DE_ENTRY, "2026-01-31").codes()


def decided(outcome: Decided, state: str, notified: str | None, **changes: Any) -> Verdict:
    facts = DecidedFacts(
        outcome=outcome,
        state=state,
        visa=SHORT,
        decided=D("2025-11-28"),
        notified=notified and D(notified),
    )
    return decision_remedies(replace(facts, **changes))


@pytest.mark.parametrize(
    ("state", "visa", "notified", "body", "last_day"),
    [
        pytest.param("FR", SHORT, "2025-12-01", "sous-directeur des visas", "2025-12-31"),
        pytest.param("FR", LONG, "2026-01-31", "CRRV", "2026-03-02"),
        pytest.param("DE", SHORT, "2025-12-01", "Verwaltungsgericht Berlin", "2026-01-02"),
    ],
)
def test_rc_04_05_a_refusal_names_the_body_of_its_state(
    state: str, visa: RefusedVisa, notified: str, body: str, last_day: str
) -> None:
    found = decided(Decided.REFUSED, state, notified, visa=visa).results
    assert (found["body"], found["last_day"]) == (body, D(last_day))


def test_rc_06_a_decision_nobody_was_told_of_has_no_deadline() -> None:
    verdict = decided(Decided.REFUSED, "FR", None)
    assert (verdict.outcome, "last_day" in verdict.results) == ("no_date", False)


@pytest.mark.parametrize("outcome", [Decided.ANNULLED, Decided.REVOKED])
@pytest.mark.parametrize("state", ["FR", "DE"])
def test_rc_06_of_an_ended_visa_only_the_paper_names_the_remedy(
    outcome: Decided, state: str
) -> None:
    verdict = decided(outcome, state, "2025-12-01")
    assert (verdict.codes(), verdict.results) == (["REMEDY_ON_THE_PAPER"], {})


def test_rc_06_of_a_state_without_rows_nothing_is_guessed() -> None:
    assert decided(Decided.REFUSED, "ES", "2025-12-01").outcome == "on_the_paper"
