"""Do I need a visa? One question at a time, without an account."""

from __future__ import annotations

import re

import pytest

from applications.rules.questions import QUESTIONS

from .conftest import LANGUAGES, errors

PAGE = "/tools/visa/"
TOURIST = {
    "nationalities": "DZ",
    "trip": "france",
    "entry": "2027-02-01",
    "passport_type": "ordinary",
    "passport_expiry": "2030-01-01",
    "papers": "",
    "birth_date": "1990-05-05",
    "lives_in_france": "no",
    "exit": "2027-02-10",
}


def told(**changes: str) -> list[str]:
    return [f"{name}={value}" for name, value in {**TOURIST, **changes}.items()]


def asked(page: str) -> str:
    found = re.search(r'name="question" value="([\w.]+)"', page)
    return found[1] if found else ""


def test_first_question_is_asked_alone(visitor):
    page = visitor.get(PAGE)
    assert asked(page) == "nationalities"
    assert page.count("<legend") == 0


def test_one_answer_leads_to_the_next_question_and_is_shown(visitor):
    page = visitor.send(PAGE, {"question": "nationalities", "answer_0": "DZ"})
    assert asked(page) == "trip"
    assert 'value="nationalities=DZ"' in page
    assert 'name="change" value="nationalities"' in page


def test_walk_to_the_answer_asks_only_what_matters(visitor):
    given: list[str] = []
    page = visitor.get(PAGE)
    path = []
    while question := asked(page):
        path.append(question)
        value = TOURIST[question]
        answer: dict[str, object] = {"question": question, "told": given}
        if question == "nationalities":
            answer["answer_0"] = value
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            year, month, day = value.split("-")
            answer |= {"answer_day": day, "answer_month": month, "answer_year": year}
        elif value:
            answer["answer"] = value
        page = visitor.send(PAGE, answer)
        given = re.findall(r'name="told" value="([^"]*)"', page)
    assert "You need a visa" in page
    assert "Short-stay visa (type C)" in page
    assert len(path) < len(QUESTIONS) / 2


def test_answer_names_rule_and_source(visitor):
    page = visitor.send(PAGE, {"told": told()})
    assert "EX-17" in page
    assert "003 §1.1" in page
    assert "applications/start" in page


def test_nobody_without_need_of_a_visa_is_led_to_an_application(visitor):
    page = visitor.send(PAGE, {"told": told(passport_type="diplomatic")})
    assert "You need no visa for this journey" in page
    assert "applications/start" not in page


def test_changing_an_answer_shows_it_again_and_keeps_the_others(visitor):
    page = visitor.send(PAGE, {"told": told(), "change": "trip"})
    assert asked(page) == "trip"
    assert re.search(r'value="france"[^>]*checked', page)
    page = visitor.send(PAGE, {"told": told(), "question": "trip", "answer": "schengen_state"})
    assert asked(page) == "destination_state"


def test_contradicting_answer_comes_back_with_the_reason(visitor):
    page = visitor.send(PAGE, {"told": told(exit="2027-01-01")})
    assert asked(page) == "exit"
    assert errors(page) == {"id_answer_0": "You cannot leave before you arrive."}


def test_french_nationality_ends_the_questions(visitor):
    page = visitor.send(
        PAGE,
        {
            "told": ["trip=france", "entry=2027-02-01"],
            "question": "nationalities",
            "answer_0": "DZ",
            "answer_1": "FR",
        },
    )
    assert "You need a French passport or identity card" in page


def test_three_nationalities_are_taken(visitor):
    answers = {"answer_0": "DZ", "answer_1": "TN", "answer_2": "FR"}
    page = visitor.send(PAGE, {"question": "nationalities", **answers})
    assert 'value="nationalities=DZ,TN,FR"' in page


def test_difference_between_the_readings_is_named(visitor):
    changes = {"passport_type": "diplomatic", "entry": "2026-05-20", "exit": "2026-05-30"}
    page = visitor.send(PAGE, {"told": told(**changes)})
    assert "You need no visa for this journey" in page
    assert "There is a second reading" in page


def test_shared_address_answers_the_same(visitor):
    page = visitor.send(PAGE, {"told": told()})
    address = re.search(r'href="(/tools/visa/\?[^"]+)"', page)
    assert address
    assert "You need a visa" in visitor.get(address[1])


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"answer_0": "QQ"}, id="state-that-does-not-exist"),
        pytest.param({}, id="nothing"),
    ],
)
def test_bad_nationality_names_the_field(visitor, answer):
    page = visitor.send(PAGE, {"question": "nationalities", **answer})
    assert "id_answer_0" in errors(page)


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        pytest.param({"entry": "31.2.2027"}, "entry", id="no-date"),
        pytest.param({"entry": "9999-12-31"}, "entry", id="year-9999"),
        pytest.param({"trip": "moon"}, "trip", id="unknown-choice"),
        pytest.param({"nationalities": "QQ"}, "nationalities", id="unknown-state"),
        pytest.param({"papers": "visa_c", "visa_c.issuer": "ZZ"}, "", id="unknown-issuer"),
    ],
)
def test_forged_answers_are_asked_again(visitor, changes, question):
    page = visitor.send(PAGE, {"told": told(**changes)})
    assert asked(page)
    assert not question or asked(page) == question
    assert not question or errors(page)


def test_unknown_question_is_passed_over(visitor):
    page = visitor.send(PAGE, {"told": ["nobody=asked", "=", "x"], "question": "zzz"})
    assert asked(page) == "nationalities"


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_every_question_can_be_shown(visitor, question):
    page = visitor.send(PAGE, {"told": told(), "change": question})
    assert asked(page) == question


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks(visitor, language):
    visitor.speak(language)
    page = visitor.send(PAGE, {"told": told()})
    assert f'<html lang="{language}"' in page
    assert "verdict--warning" in page
