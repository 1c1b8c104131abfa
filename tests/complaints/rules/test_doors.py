"""Which door leads on: RC-01, RC-03 to RC-06, CP-03."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from applications.rules.remedies import RefusedVisa
from complaints.rules.doors import Door, DoorFacts, Matter, door_verdict
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat
SHORT, LONG = RefusedVisa.SHORT_STAY, RefusedVisa.LONG_STAY
_DIRECTOR, _COURT = "sous-directeur des visas", "Verwaltungsgericht Berlin"
_EMBASSY, _POLICE = "remonstration", "Bundespolizei"


def door(
    matter: Matter,
    state: str,
    notified: str | None = None,
    *,
    today: str | None = None,
    visa: RefusedVisa | None = SHORT,
    ruleset: Ruleset = Ruleset.SEED,
) -> Verdict:
    day = D(today or notified or "2026-11-22")
    facts = DoorFacts(
        matter=matter, state=state, today=day, visa=visa, notified=notified and D(notified)
    )
    return door_verdict(facts, ruleset)


@pytest.mark.parametrize("ruleset", list(Ruleset))
@pytest.mark.parametrize(
    ("matter", "state", "visa", "notified", "where", "form", "body", "last_day"),
    [
        pytest.param(
            Matter.REFUSAL, "DE", SHORT, "2025-06-30", Door.EMBASSY, "signed", "remonstration",
            "2025-07-30", id="RC-04 last day of the remonstration",
        ),
        pytest.param(
            Matter.REFUSAL, "DE", SHORT, "2025-07-01", Door.BODY, "action",
            "Verwaltungsgericht Berlin", "2025-08-01", id="RC-04 the court from then on",
        ),
        pytest.param(
            Matter.REFUSAL, "FR", SHORT, "2025-12-01", Door.BODY, None,
            "sous-directeur des visas", "2025-12-31", id="RC-05 short stay",
        ),
        pytest.param(
            Matter.REFUSAL, "FR", LONG, "2026-01-31", Door.BODY, None, "CRRV", "2026-03-02",
            id="RC-05 long stay",
        ),
        pytest.param(
            Matter.ENTRY_REFUSED, "DE", None, "2026-01-31", Door.BODY, "informal", "Bundespolizei",
            "2026-03-02", id="RC-03 Saturday to Monday",
        ),
        pytest.param(
            Matter.REFUSAL, "FR", SHORT, "2028-01-30", Door.BODY, None,
            "sous-directeur des visas", "2028-02-29", id="RC-05 29 February",
        ),
        pytest.param(
            Matter.ENTRY_REFUSED, "DE", None, "2028-01-31", Door.BODY, "informal", "Bundespolizei",
            "2028-02-29", id="RC-03 29 February",
        ),
        pytest.param(
            Matter.REFUSAL, "DE", SHORT, "2024-02-29", Door.EMBASSY, "signed", "remonstration",
            "2024-04-02", id="RC-04 told on 29 February, Good Friday to Easter Tuesday",
        ),
    ],
)  # fmt: skip
def test_doors(
    matter: Matter,
    state: str,
    visa: RefusedVisa | None,
    notified: str,
    where: Door,
    form: str | None,
    body: str,
    last_day: str,
    ruleset: Ruleset,
) -> None:
    found = door(matter, state, notified, visa=visa, ruleset=ruleset).results
    assert (found["door"], found["form"]) == (where, form)
    assert (found["body"], found["last_day"]) == (body, D(last_day))


def test_rc_04_the_embassy_is_never_offered_after_the_remonstration_ended() -> None:
    codes = door(Matter.REFUSAL, "DE", "2025-07-01").codes()
    assert "ACTION_NOT_EMBASSY" in codes
    assert "WRITTEN_AND_SIGNED" not in codes
    assert "NEW_APPLICATION_ANY_TIME" in codes


@pytest.mark.parametrize(
    ("notified", "today", "outcome", "code"),
    [
        pytest.param(None, "2026-03-01", "no_date", "NOTIFICATION_DATE_MISSING", id="no date"),
        pytest.param(
            "2026-03-02", "2026-03-01", "invalid_input", "NOTIFIED_IN_FUTURE", id="tomorrow"
        ),
        pytest.param("2026-01-31", "2026-03-02", "open", "APPEAL_UNTIL", id="last day"),
        pytest.param("2026-01-31", "2026-03-03", "passed", "DEADLINE_PASSED", id="day after"),
    ],
)
def test_rc_06_dates(notified: str | None, today: str, outcome: str, code: str) -> None:
    verdict = door(Matter.ENTRY_REFUSED, "DE", notified, today=today)
    assert verdict.outcome == outcome
    assert code in verdict.codes()
    if outcome in ("no_date", "invalid_input"):
        assert "last_day" not in verdict.results
        assert verdict.results["door"] is None


@pytest.mark.parametrize("matter", [Matter.ANNULMENT, Matter.REVOCATION])
@pytest.mark.parametrize("state", ["FR", "DE"])
def test_rc_06_an_ended_visa_leads_to_its_paper(matter: Matter, state: str) -> None:
    verdict = door(matter, state, "2026-01-05", today="2026-01-10")
    assert (verdict.outcome, verdict.results["door"]) == ("on_the_paper", Door.PAPER)
    future = door(matter, state, "2026-01-11", today="2026-01-10")
    assert (future.outcome, future.codes()) == ("invalid_input", ["NOTIFIED_IN_FUTURE"])


def test_rc_03_of_entry_into_france_the_sources_say_nothing() -> None:
    verdict = door(Matter.ENTRY_REFUSED, "FR", "2026-01-05", today="2026-01-10")
    assert (verdict.outcome, verdict.codes()) == ("on_the_paper", ["REMEDY_ON_THE_PAPER"])


def test_cp_03_a_complaint_has_its_form_and_a_long_stay_another_channel() -> None:
    assert door(Matter.COMPLAINT, "DE").results["door"] is Door.COMPLAINT_FORM
    unknown = door(Matter.COMPLAINT, "DE", visa=None)
    assert unknown.results["door"] is Door.COMPLAINT_FORM  # one may complain about booking
    assert door(Matter.COMPLAINT, "DE", visa=LONG).outcome == "other_channel"


def test_rc_02_and_rc_05_who_waits_is_told_where_to_look() -> None:
    assert door(Matter.WAITING, "DE").codes() == ["IN_ORDER_OF_ARRIVAL"]
    france = door(Matter.WAITING, "FR")
    assert (france.results["door"], france.codes()) == (
        Door.STATUS,
        ["IN_ORDER_OF_ARRIVAL", "SILENCE_MAY_BE_REFUSAL"],
    )


def test_cv_02_the_deadline_ends_at_midnight_there() -> None:
    ends = door(Matter.REFUSAL, "DE", "2025-06-30").results["ends_at"]
    assert ends == datetime(2025, 7, 30, 22, tzinfo=UTC)  # 23:00 in Algiers


@pytest.mark.parametrize(
    ("matter", "state", "visa", "notified", "ruleset", "body", "nominal"),
    [
        pytest.param(*case[1:], id=case[0])
        for case in (
            ("A01", Matter.REFUSAL, "FR", SHORT, "2025-12-01", "current", _DIRECTOR, "2025-12-31"),
            ("A02", Matter.REFUSAL, "FR", LONG, "2026-01-31", "current", "CRRV", "2026-03-02"),
            ("A03", Matter.REFUSAL, "FR", SHORT, "2022-12-31", "seed", "CRRV", "2023-02-28"),
            (
                "A04",
                Matter.REFUSAL,
                "DE",
                None,
                "2025-06-30",
                "seed",
                "remonstration",
                "2025-07-30",
            ),
            ("A05", Matter.REFUSAL, "DE", None, "2025-07-01", "current", _COURT, "2025-08-01"),
            ("A06", Matter.ENTRY_REFUSED, "DE", None, "2026-01-31", "seed", _POLICE, "2026-02-28"),
        )
    ],
)
def test_the_cases_of_appeals_hold_at_the_door(
    matter: Matter,
    state: str,
    visa: RefusedVisa | None,
    notified: str,
    ruleset: str,
    body: str,
    nominal: str,
) -> None:
    found = door(matter, state, notified, visa=visa, ruleset=Ruleset(ruleset)).results
    assert (found["body"], found["nominal_deadline"]) == (body, D(nominal))
