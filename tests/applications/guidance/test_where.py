"""Where do I apply? The itinerary, row by row, without an account."""

from __future__ import annotations

import re

import pytest

from .conftest import LANGUAGES, date_parts, errors

PAGE = "/tools/where/"


def form(*legs: str, on: str = "2027-02-01", **more: object) -> dict[str, object]:
    """Build the form; a leg is written ``state days purpose``, - for nothing."""
    given: dict[str, object] = {"leg-count": len(legs), **date_parts("on", on), **more}
    for number, leg in enumerate(legs):
        values = (leg.split() + ["-"] * 3)[:3]
        for name, value in zip(("state", "days", "purpose"), values, strict=True):
            given[f"leg-{number}-{name}"] = "" if value == "-" else value
    return given


def test_longest_stay_is_responsible_and_its_post_is_named(visitor):
    page = visitor.send(PAGE, form("FR 10", "BE 3"))
    assert "The state of the longest stay is responsible" in page
    assert "FR in algiers" in page
    assert "CO-02" in page


def test_equal_stays_leave_a_choice_that_excludes_the_state_of_arrival(visitor):
    page = visitor.send(PAGE, form("BE 6 business", "FR 6 family_visit", first_entry="NL"))
    assert "You may choose between several states" in page
    assert "Belgium, France" in page
    assert "Responsible</dt>" in page
    assert "Netherlands, " not in page


def test_length_and_purpose_apart_ask_before_booking(visitor):
    page = visitor.send(PAGE, form("IT 8", "DE 3", main_purpose_state="DE"))
    assert "Ask the consulate of the longest stay before you book" in page
    assert "Germany" in page


def test_state_outside_the_area_is_no_answer(visitor):
    page = visitor.send(PAGE, form("GB 5"))
    assert "No Schengen state is responsible" in page


def test_rows_can_be_added_up_to_twenty(visitor):
    page = visitor.send(PAGE, {**form(*["FR 1"] * 19), "rows": "add"})
    assert 'name="leg-count" value="20"' in page
    assert "Add a row" not in page
    page = visitor.send(PAGE, {**form(*["FR 1"] * 20), "rows": "add"})
    assert 'name="leg-count" value="20"' in page


def test_empty_rows_are_passed_over(visitor):
    assert "One state is responsible" in visitor.send(PAGE, form("FR 10", "- -", "- -"))


def test_shared_address_answers_the_same(visitor):
    page = visitor.send(PAGE, form("BE 6 business", "FR 6", first_entry="FR"))
    address = re.search(r'href="(/tools/where/\?[^"]+)"', page)
    assert address
    assert "Suggested, because you enter there" in visitor.get(address[1])


@pytest.mark.parametrize(
    ("given", "target"),
    [
        pytest.param(form("- -"), "id_leg-0-state", id="empty-itinerary"),
        pytest.param(form("QQ 3"), "id_leg-0-state", id="state-that-does-not-exist"),
        pytest.param(form("FR 0"), "id_leg-0-days", id="no-day"),
        pytest.param(form("FR x"), "id_leg-0-days", id="days-in-words"),
        pytest.param(form("- 3"), "id_leg-0-state", id="days-nowhere"),
        pytest.param(form("FR 3 fishing"), "id_leg-0-purpose", id="unknown-purpose"),
        pytest.param(form("FR 3", first_entry="QQ"), "id_first_entry", id="unknown-first-entry"),
        pytest.param(form("FR 3", on="2027-02-30"), "id_on_0", id="30-february"),
        pytest.param(form("FR 3", on="9999-01-01"), "id_on_2", id="year-9999"),
        pytest.param(form("FR 3") | {"leg-0-trip": "x"}, "id_leg-0-trip", id="no-date"),
    ],
)
def test_bad_input_names_its_field(visitor, given, target):
    page = visitor.send(PAGE, given)
    assert target in errors(page)
    assert "verdict__title" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks(visitor, language):
    visitor.speak(language)
    page = visitor.send(PAGE, form("FR 10", "BE 3"))
    assert f'<html lang="{language}"' in page
    assert "verdict--success" in page
