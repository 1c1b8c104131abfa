"""By when must I appeal, and to whom? The page, without an account."""

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

PAGE = "/complaints/deadline/"


def form(refusal: str, notified: str, visa: str = "") -> dict[str, object]:
    given: dict[str, object] = {"refusal": refusal, "visa": visa}
    return given | (date_parts("notified", notified) if notified else {})


@pytest.mark.parametrize(
    ("given", "body", "last_day"),
    [
        pytest.param(
            form("fr_visa_refusal", "2025-12-01", "short_stay"),
            "sous-directeur des visas",
            "31 December 2025",
            id="RC-05-short-stay",
        ),
        pytest.param(
            form("fr_visa_refusal", "2026-01-31", "long_stay"),
            "CRRV",
            "2 March 2026",
            id="RC-05-long-stay",
        ),
        pytest.param(
            form("de_visa_refusal", "2025-06-30"),
            "remonstration",
            "30 July 2025",
            id="RC-04-before-July-2025",
        ),
        pytest.param(
            form("de_visa_refusal", "2025-07-01"),
            "Verwaltungsgericht",
            "1 August 2025",
            id="RC-04-from-July-2025",
        ),
        pytest.param(
            form("de_refusal_of_entry", "2025-01-31"),
            "Bundespolizei",
            "28 February 2025",
            id="RC-03-entry",
        ),
    ],
)
def test_body_and_last_day_are_named(visitor, given, body, last_day):  # noqa: F811
    page = visitor.send(PAGE, given)
    assert body in page
    assert last_day in page
    assert "The paper you received prevails" in page


def test_passed_deadline_says_so_and_suggests_a_new_application(visitor):  # noqa: F811
    page = visitor.send(PAGE, form("de_visa_refusal", "2025-07-01"))
    assert "The time to appeal is over" in page
    assert "You may make a new application at any time" in page


@pytest.mark.parametrize(
    ("given", "target"),
    [
        pytest.param(form("fr_visa_refusal", "", "short_stay"), "id_notified_0", id="RC-06-no-day"),
        pytest.param(form("de_visa_refusal", "2099-01-01"), "id_notified_0", id="RC-06-future"),
        pytest.param(form("fr_visa_refusal", "2025-12-01"), "id_visa_0", id="no-visa-class"),
        pytest.param(form("us_visa", "2025-12-01"), "id_refusal_0", id="unknown-refusal"),
        pytest.param(form("de_visa_refusal", "2025-02-30"), "id_notified_0", id="30-february"),
    ],
)
def test_bad_input_names_its_field(visitor, given, target):  # noqa: F811
    page = visitor.send(PAGE, given)
    assert target in errors(page)
    assert "verdict__title" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks(visitor, language):  # noqa: F811
    visitor.speak(language)
    page = visitor.send(PAGE, form("de_visa_refusal", "2025-07-01"))
    assert f'<html lang="{language}"' in page
    shared = re.search(r'href="(/complaints/deadline/\?[^"]+)"', page)
    assert shared
    assert "verdict__title" in visitor.get(shared[1])
