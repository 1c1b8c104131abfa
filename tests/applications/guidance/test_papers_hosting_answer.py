"""Which papers, is the undertaking fresh, when will I get an answer: without an account."""

from __future__ import annotations

import re

import pytest

from .conftest import LANGUAGES, date_parts, errors


def papers(**changes: str) -> dict[str, object]:
    plain = {
        "mission": "de-algiers",
        "purpose": "family_visit",
        "category": "employee",
        "own_means": "none",
        "visits_relatives": "on",
        "earlier_visa": "used",
        "filing_date": "2026-12-01",
    } | changes
    return _form(plain, "filing_date", "birth_date")


def hosting(**changes: str) -> dict[str, object]:
    plain = {
        "confirmed": "2025-08-31",
        "deposit": "2026-02-28",
        "original": "yes",
        "own_means": "none",
        "visa_class": "short_stay",
    } | changes
    days = ("confirmed", "deposit", "stay_first", "stay_last", "cover_first", "cover_last")
    return _form(plain, *days, "expected_decision")


def answer(**changes: str) -> dict[str, object]:
    plain = {"visa_class": "short_stay", "accepted_on": "2020-12-25"} | changes
    return _form(plain, "accepted_on")


def _form(plain: dict[str, str], *days: str) -> dict[str, object]:
    given: dict[str, object] = {k: v for k, v in plain.items() if k not in days}
    for name in days:
        if plain.get(name):
            given |= date_parts(name, plain[name])
    return given


def test_checklist_lists_papers_by_heading_with_their_source(visitor):
    page = visitor.send("/tools/papers/", papers())
    for expected in (
        "Your checklist",
        "Proof of kinship",
        "Undertaking of the host",
        "Proof of the stay on the earlier visa",
        "Intention to leave before the visa expires",
        "DO-11",
    ):
        assert expected in page


def test_checklist_of_today_adds_the_local_list_as_a_second_reading(visitor):
    page = visitor.send("/tools/papers/", papers(own_means="proven"))
    assert "There is a second reading" in page
    assert "C(2021) 6062" in page


def test_undertaking_on_its_last_day_is_fresh(visitor):
    page = visitor.send("/tools/hosting/", hosting())
    assert "can be handed in on this day" in page
    assert "28 February 2026" in page


def test_stale_undertaking_says_what_to_do(visitor):
    page = visitor.send("/tools/hosting/", hosting(deposit="2026-03-01"))
    assert "cannot be handed in like this" in page
    assert "Ask your host to have a new undertaking confirmed" in page


def test_answer_names_both_days_and_what_they_mean(visitor):
    page = visitor.send("/tools/answer/", answer())
    assert "9 January 2021" in page
    assert "Ask the consulate about your application" in page


def test_long_stay_is_told_by_experience(visitor):
    page = visitor.send("/tools/answer/", answer(visa_class="long_stay_general"))
    assert "That is experience, not a right." in page


def test_file_that_was_not_accepted_has_no_clock(visitor):
    page = visitor.send("/tools/answer/", answer(accepted_on=""))
    assert "The time has not begun to run" in page


@pytest.mark.parametrize(
    ("address", "given", "target"),
    [
        pytest.param("papers", papers(purpose="fishing"), "id_purpose_0", id="unknown-purpose"),
        pytest.param("papers", papers(mission=""), "id_mission", id="no-post"),
        pytest.param("papers", papers(birth_date="2027-01-01"), "id_birth_date_0", id="unborn"),
        pytest.param("papers", papers(filing_date="9999-01-01"), "id_filing_date_2", id="9999"),
        pytest.param(
            "papers",
            papers(birth_date="2026-11-20", filing_date="2026-11-01"),
            "id_birth_date_0",
            id="born-after-filing",
        ),
        pytest.param("hosting", hosting(confirmed="1900-01-01"), "id_confirmed_2", id="1900"),
        pytest.param("hosting", hosting(original="maybe"), "id_original_0", id="maybe-original"),
        pytest.param(
            "hosting",
            hosting(visa_class="long_stay_general"),
            "id_stay_first_0",
            id="long-stay-without-its-days",
        ),
        pytest.param(
            "hosting",
            hosting(stay_first="2026-03-02", stay_last="2026-03-01"),
            "id_stay_last_0",
            id="stay-ends-before-it-begins",
        ),
        pytest.param("answer", answer(accepted_on="2099-01-01"), "id_accepted_on_0", id="future"),
        pytest.param("answer", answer(visa_class="x"), "id_visa_class_0", id="unknown-visa"),
    ],
)
def test_bad_input_names_its_field(visitor, address, given, target):
    page = visitor.send(f"/tools/{address}/", given)
    assert target in errors(page)
    assert "verdict__title" not in page


@pytest.mark.parametrize(
    ("address", "given"), [("papers", papers()), ("hosting", hosting()), ("answer", answer())]
)
def test_shared_address_answers_the_same(visitor, address, given):
    page = visitor.send(f"/tools/{address}/", given)
    shared = re.search(rf'href="(/tools/{address}/\?[^"]+)"', page)
    assert shared
    title = re.search(r'class="verdict__title"[^>]*>([^<]+)', page)
    assert title
    assert title[1] in visitor.get(shared[1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "given"), [("papers", papers()), ("hosting", hosting()), ("answer", answer())]
)
def test_page_speaks(visitor, address, given, language):
    visitor.speak(language)
    page = visitor.send(f"/tools/{address}/", given)
    assert f'<html lang="{language}"' in page
    assert "verdict__title" in page


def test_index_leads_to_every_tool(visitor):
    page = visitor.get("/tools/")
    for name in ("visa", "where", "passport", "days", "papers", "hosting", "answer"):
        assert f'href="/tools/{name}/"' in page
