"""Is my passport good enough? The page, without an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session

from .conftest import LANGUAGES, date_parts, errors

PAGE = "/tools/passport/"


def answers(**changes: str) -> dict[str, object]:
    dates = {
        "issue_date": "2020-01-10",
        "expiry_date": "2030-01-09",
        "filing_date": "2026-12-01",
        "departure_date": "2027-01-15",
    }
    plain: dict[str, object] = {
        "mission": "fr-algiers",
        "visa_class": "short_stay",
        "nationality": "DZ",
        "blank_pages": "2",
    }
    for name, value in changes.items():
        (dates if name in dates or name in ("arrival_date", "visa_end") else plain)[name] = value
    return plain | {k: v for name, iso in dates.items() for k, v in date_parts(name, iso).items()}


def test_good_passport_is_told_until_when_it_must_be_valid(visitor):
    page = visitor.send(PAGE, answers())
    assert "Your passport meets the rules" in page
    assert "15 April 2027" in page
    assert "This is information, not a decision." in page


def test_every_failure_is_shown_with_reason_rule_source_and_remedy(visitor):
    page = visitor.send(PAGE, answers(expiry_date="2027-01-20", blank_pages="1"))
    assert "Your passport does not meet the rules" in page
    assert "At least 2 are needed" in page
    assert "PA-03" in page
    assert "004 §2.1" in page
    assert "What you can do:" in page


def test_other_reading_is_named_with_its_article(visitor):
    page = visitor.send(
        PAGE,
        answers(
            visa_class="long_stay_general",
            expiry_date="2027-07-31",
            visa_end="2027-03-01",
        ),
    )
    assert "Your passport does not meet the rules" in page
    assert "There is a second reading" in page
    assert "10 May 2010" in page


def test_post_with_the_current_reading_applies_it(visitor, missions):
    missions[0].rulesets = {"PA": "current"}
    missions[0].save()
    page = visitor.send(
        PAGE,
        answers(visa_class="long_stay_general", expiry_date="2027-07-31", visa_end="2027-03-01"),
    )
    assert "Your passport meets the rules" in page.split("There is a second reading")[0]


def test_shared_address_answers_the_same_and_carries_facts_only_when_asked(visitor):
    page = visitor.send(PAGE, answers(blank_pages="1"))
    address = re.search(r'href="(/tools/passport/\?[^"]+)"', page)
    assert address
    again = visitor.get(address[1])
    assert "Your passport does not meet the rules" in again
    assert "The address of this page carries your answers" in again


def test_nothing_typed_is_kept(visitor):
    visitor.send(PAGE, answers())
    assert not Session.objects.exists()
    assert "sessionid" not in visitor.client.cookies


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        pytest.param({"issue_date": "2031-01-01"}, "id_issue_date_0", id="issued-in-the-future"),
        pytest.param({"expiry_date": "2019-01-01"}, "id_expiry_date_0", id="expires-before-issue"),
        pytest.param({"filing_date": "1900-01-01"}, "id_filing_date_2", id="filing-in-1900"),
        pytest.param({"expiry_date": "9999-12-31"}, "id_expiry_date_2", id="expiry-in-9999"),
        pytest.param({"departure_date": "2026-02-30"}, "id_departure_date_0", id="30-february"),
        pytest.param({"departure_date": "2026-11-01"}, "id_departure_date_0", id="leaves-before"),
        pytest.param({"blank_pages": "-1"}, "id_blank_pages", id="minus-one-page"),
        pytest.param({"blank_pages": "two"}, "id_blank_pages", id="pages-in-words"),
        pytest.param({"mission": "xx-nowhere"}, "id_mission", id="unknown-post"),
        pytest.param({"nationality": "QQ"}, "id_nationality", id="state-that-does-not-exist"),
        pytest.param({"visa_class": "gold"}, "id_visa_class_0", id="unknown-visa"),
    ],
)
def test_bad_input_names_its_field(visitor, changes, target):
    page = visitor.send(PAGE, answers(**changes))
    assert target in errors(page)
    assert "verdict__title" not in page


def test_short_stay_without_departure_asks_for_it(visitor):
    given = answers()
    for part in ("day", "month", "year"):
        given[f"departure_date_{part}"] = ""
    assert "id_departure_date_0" in errors(visitor.send(PAGE, given))


@pytest.mark.parametrize(
    "query",
    [
        "filing_date=yesterday",
        "filing_date=2026-99-99&blank_pages=%00",
        "defects=,,,&mission=1%27",
        "visa_class=" + "x" * 2000,
    ],
)
def test_broken_address_gives_a_form_with_errors(visitor, query):
    page = visitor.get(f"{PAGE}?{query}")
    assert "error-summary" in page


def test_arabic_digits_are_read(visitor):
    assert "Your passport meets the rules" in visitor.send(PAGE, answers(blank_pages="٣"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks(visitor, language):
    visitor.speak(language)
    page = visitor.send(PAGE, answers(blank_pages="1"))
    assert f'<html lang="{language}"' in page
    assert "verdict--danger" in page


def test_query_count_is_small(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        visitor.send(PAGE, answers())
