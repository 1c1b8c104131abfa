"""Triage before typing: each question ends at the right door, for the mission and the day."""

from __future__ import annotations

import re

import pytest

from tests.applications.guidance.conftest import (  # noqa: F401  fixtures
    LANGUAGES,
    Visitor,
    date_parts,
    errors,
    missions,
    visitor,
)

DECISION, ENTRY, WAITING = "/complaints/decision/", "/complaints/entry/", "/complaints/waiting/"


def decision(mission="de-algiers", notified="", matter="refusal", visa="short_stay"):
    given = {"mission": mission, "matter": matter, "visa": visa}
    return given | (date_parts("notified", notified) if notified else {})


def entry(state="DE", notified=""):
    return {"state": state} | (date_parts("notified", notified) if notified else {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_four_doors_are_open(visitor, language):  # noqa: F811
    visitor.speak(language)
    page = visitor.get("/complaints/")
    for address in ("/complaints/complain/", DECISION, ENTRY, WAITING):
        assert f'href="{address}"' in page


@pytest.mark.parametrize(
    ("address", "given", "expected"),
    [
        pytest.param(
            DECISION,
            decision(notified="2025-06-30"),
            ("remonstration", "30 July 2025", "The time to appeal is over"),
            id="RC-04-last-day-of-the-remonstration",
        ),
        pytest.param(
            DECISION,
            decision(notified="2025-07-01"),
            ("Verwaltungsgericht", "1 August 2025", "An action at the court"),
            id="RC-04-from-then-on-the-court",
        ),
        pytest.param(
            DECISION,
            decision("fr-algiers", "2025-12-01"),
            ("sous-directeur des visas", "31 December 2025", "Nantes"),
            id="RC-05-short-stay",
        ),
        pytest.param(
            DECISION,
            decision("fr-algiers", "2026-01-31", visa="long_stay"),
            ("CRRV", "2 March 2026"),
            id="RC-05-long-stay",
        ),
        pytest.param(
            DECISION,
            decision(notified="2026-11-01", matter="annulment"),
            ("The paper you received names the way",),
            id="annulment-on-the-paper",
        ),
        pytest.param(
            ENTRY,
            entry(notified="2025-01-31"),
            ("Bundespolizei", "28 February 2025", "not to the embassy"),
            id="RC-03-not-the-embassy",
        ),
        pytest.param(
            ENTRY,
            entry("other", "2026-11-01"),
            ("The paper you received names the way",),
            id="another-border",
        ),
        pytest.param(
            WAITING,
            {"mission": "fr-algiers"},
            ("in order of arrival", "within 2 months"),
            id="RC-02-RC-05-waiting",
        ),
    ],
)
def test_the_door_is_named_with_its_day_and_rule(visitor, address, given, expected):  # noqa: F811
    page = visitor.send(address, given)
    assert errors(page) == {}
    for words in expected:
        assert words in page
    assert re.search(r"RC-0\d", page)


def test_a_passed_deadline_suggests_a_new_application(visitor):  # noqa: F811
    page = visitor.send(DECISION, decision(notified="2025-07-01"))
    assert "You may make a new application at any time" in page
    assert 'href="/applications/start/"' in page


@pytest.mark.parametrize(
    ("address", "given", "target"),
    [
        pytest.param(DECISION, decision(), "id_notified_0", id="RC-06-no-day"),
        pytest.param(DECISION, decision(notified="2099-01-01"), "id_notified_0", id="RC-06-future"),
        pytest.param(
            DECISION,
            decision(notified="2099-01-01", matter="revocation"),
            "id_notified_0",
            id="future-revocation",
        ),
        pytest.param(DECISION, decision(notified="2025-02-29"), "id_notified_0", id="29-february"),
        pytest.param(DECISION, decision("xx", "2026-11-01"), "id_mission_0", id="forged-mission"),
        pytest.param(
            DECISION,
            decision(notified="2026-11-01", matter="bribe"),
            "id_matter_0",
            id="forged-matter",
        ),
        pytest.param(ENTRY, entry(), "id_notified_0", id="entry-no-day"),
        pytest.param(ENTRY, {"state": "ZZ"}, "id_state_0", id="forged-state"),
        pytest.param(WAITING, {}, "id_mission_0", id="waiting-for-whom"),
    ],
)
def test_bad_input_names_its_field_and_computes_nothing(
    visitor,  # noqa: F811
    address,
    given,
    target,
):
    page = visitor.send(address, given)
    assert target in errors(page)
    assert "verdict__title" not in page


def test_an_answer_can_be_shared(visitor):  # noqa: F811
    page = visitor.send(DECISION, decision("fr-algiers", "2025-12-01"))
    shared = re.search(r'href="(/complaints/decision/\?[^"]+)"', page)
    assert shared
    assert "31 December 2025" in visitor.get(shared[1])
