"""Who comes by appointment, and how many one passport holds: RD-01, RD-09."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from appointments.rules.duty import (
    DutyFacts,
    HeldAppointment,
    HoldingFacts,
    check_holding,
    duty_verdict,
)
from appointments.rules.law import LAW
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat


def duty(
    category: str, filing: str, ruleset: Ruleset = Ruleset.SEED, **changes: Any
) -> dict[str, Any]:
    facts = DutyFacts(filing_date=D(filing), category=category, **changes)
    return dict(duty_verdict(facts, ruleset).results)


GENERAL, BEFORE, RETIREE = "GENERALISED_2025_11_01", "BEFORE_2025_11_01", "RETIREE_CARD"


@pytest.mark.parametrize(
    ("category", "exempt", "filing", "required", "basis"),
    [
        pytest.param("tourism", False, "2025-11-27", True, GENERAL, id="RD-01 AP1"),
        pytest.param("spouse_of_french", True, "2025-10-31", False, BEFORE, id="RD-01 AP2"),
        pytest.param("spouse_of_french", True, "2025-11-01", True, GENERAL, id="RD-01 AP3"),
        pytest.param("tourism", False, "2025-10-31", True, BEFORE, id="RD-01 never exempt"),
        pytest.param("retiree_card", False, "2025-12-03", False, RETIREE, id="RD-01 AP4"),
        pytest.param("retiree_card", True, "2025-10-31", False, RETIREE, id="RD-01 retiree before"),
    ],
)
def test_who_must_come_by_appointment(
    category: str, exempt: bool, filing: str, required: bool, basis: str
) -> None:
    results = duty(category, filing, formerly_exempt=exempt)
    assert (results["required"], results["basis"], results["price"]) == (required, basis, 0)


def test_a_newborn_has_an_appointment_of_its_own() -> None:
    facts = DutyFacts(filing_date=D("2025-12-10"), category="family_visit", applicant_age=0)
    verdict = duty_verdict(facts)  # AP-01 AP5
    assert verdict.outcome == "by_appointment"
    assert "ONE_APPOINTMENT_PER_PERSON" in verdict.codes()


def test_the_card_of_a_retirees_spouse_walks_in_by_todays_practice_only() -> None:
    assert duty("retiree_spouse_card", "2025-12-03")["required"] is True
    assert duty("retiree_spouse_card", "2025-12-03", Ruleset.CURRENT)["required"] is False


def test_germany_never_had_walk_ins() -> None:
    results = duty("retiree_card", "2025-10-31", authority="DE", formerly_exempt=True)
    assert (results["required"], results["basis"]) == (True, "ALWAYS_BY_APPOINTMENT")


def hold(state: str, *held: HeldAppointment) -> Verdict:
    day = D("2026-01-05")
    return check_holding(HoldingFacts(day=day, state=state, held=held), LAW.on(day))


def test_a_second_active_appointment_is_refused_with_the_first() -> None:
    verdict = hold("FR", HeldAppointment("G-1", "FR", active=True))  # RD-09
    assert (verdict.outcome, verdict.results["existing"]) == ("refused", "G-1")
    assert verdict.codes(Severity.BLOCKING) == ["ACTIVE_APPOINTMENT_EXISTS"]


def test_after_a_cancellation_a_new_one_is_allowed() -> None:
    verdict = hold("FR", HeldAppointment("G-1", "FR", active=False))  # RD-09
    assert (verdict.outcome, verdict.codes()) == ("allowed", [])


def test_another_states_appointment_is_only_a_warning() -> None:
    verdict = hold("DE", HeldAppointment("G-1", "FR", active=True))  # RD-09
    assert verdict.outcome == "allowed"
    assert verdict.codes(Severity.WARNING) == ["ACTIVE_APPOINTMENT_OTHER_STATE"]
