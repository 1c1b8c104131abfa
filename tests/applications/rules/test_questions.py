"""The questions on the way to « Do I need a visa? »: few, in order, and always to an end (EX)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.rules.law import LAW
from applications.rules.questions import (
    QUESTIONS,
    Kind,
    answers_that_matter,
    facts_from_answers,
    next_question,
    problem,
    walk,
)
from applications.rules.visa_requirement import Outcome, check_visa_requirement
from portal.rules.findings import FactError
from portal.rules.parameters import Ruleset

TOURIST: dict[str, Any] = {
    "nationalities": ["DZ"],
    "trip": "france",
    "entry": "2026-01-10",
    "passport_type": "ordinary",
    "passport_expiry": "2030-01-01",
    "papers": [],
    "lives_in_france": "no",
    "exit": "2026-01-19",
}


def outcome(answers: dict[str, Any], ruleset: Ruleset = Ruleset.SEED) -> tuple[str, str]:
    facts = facts_from_answers(answers, ruleset)
    verdict = check_visa_requirement(facts, LAW.on(facts.entry, ruleset))
    return verdict.outcome, verdict.results["code"]


def asked(answers: dict[str, Any], ruleset: Ruleset = Ruleset.SEED) -> list[str]:
    return list(walk(answers, ruleset))


def test_a_tourist_without_papers_answers_eight_questions() -> None:
    assert asked(TOURIST) == list(TOURIST)
    assert next_question(TOURIST) is None
    assert outcome(TOURIST) == ("VISA_REQUIRED", "DEFAULT")


@pytest.mark.parametrize(
    ("answers", "questions", "expected"),
    [
        ({"nationalities": ["DZ", "FR"], "trip": "france", "entry": "2026-01-10"},
         ["nationalities", "trip", "entry"], ("USE_FRENCH_DOCUMENT", "DUAL_NATIONAL")),
        ({"nationalities": ["ML"], "trip": "france", "entry": "2026-01-10"},
         ["nationalities", "trip", "entry"], ("REFER", "OTHER_NATIONALITY")),
        ({"nationalities": ["DZ"], "trip": "transit", "airports": ["FR"], "entry": "2026-01-10",
          "leaves_zone": "no"},
         ["nationalities", "trip", "airports", "entry", "leaves_zone"],
         ("EXEMPT", "AIRPORT_TRANSIT")),
        ({"nationalities": ["DZ"], "trip": "france", "entry": "2026-01-10",
          "passport_type": "none"},
         ["nationalities", "trip", "entry", "passport_type"],
         ("NOT_READY", "PASSPORT_NOT_VALID")),
        (TOURIST | {"papers": ["fr_residence_card"], "fr_residence_card.lost": "no",
                    "fr_residence_card.valid_until": "2026-01-10", "birth_date": "1985-05-05"},
         ["nationalities", "trip", "entry", "passport_type", "passport_expiry", "papers",
          "fr_residence_card.lost", "fr_residence_card.valid_until", "birth_date"],
         ("EXEMPT", "FR_RESIDENCE_CARD")),
        (TOURIST | {"trip": "overseas", "territory": "GP"},
         ["nationalities", "trip", "territory", "entry", "passport_type", "passport_expiry",
          "papers"],
         ("REFER", "OVERSEAS_TEXT")),
    ],
    ids=["EX-01", "EX-02", "EX-03", "EX-04", "EX-08", "EX-07"],
)  # fmt: skip
def test_only_the_questions_that_still_matter_are_asked(
    answers: dict[str, Any], questions: list[str], expected: tuple[str, str]
) -> None:
    assert next_question(answers) is None
    # Papers are looked at overseas only under today's law: there they may exempt.
    assert [q for q in asked(answers) if q not in questions] == []
    assert outcome(answers) == expected


def test_a_changed_answer_leaves_later_answers_aside_but_does_not_lose_them() -> None:
    changed = TOURIST | {"nationalities": ["DZ", "FR"]}
    assert set(answers_that_matter(changed)) == {"nationalities", "trip", "entry"}
    assert outcome(changed | {"nationalities": ["DZ"]}) == ("VISA_REQUIRED", "DEFAULT")


def test_a_several_entry_visa_is_asked_where_it_was_used() -> None:
    visa = {
        "papers": ["visa_c"],
        "visa_c.valid_until": "2026-12-01",
        "visa_c.valid_from": "",
        "visa_c.issuer": "DE",
        "visa_c.territory": "ETATS SCHENGEN",
        "visa_c.multiple": "yes",
    }
    question = next_question(TOURIST | visa)
    assert question is not None
    assert question.id == "visa_c.already_used"
    facts = facts_from_answers(TOURIST | visa | {"visa_c.already_used": "no"})
    verdict = check_visa_requirement(facts, LAW.on(facts.entry))
    assert "FIRST_TRIP_SHOULD_BE_TO_ISSUING_STATE" in verdict.codes()


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("nationalities", [], "REQUIRED"),
        ("nationalities", ["ZZ"], "UNKNOWN_STATE"),
        ("trip", "moon", "UNKNOWN_CHOICE"),
        ("entry", "2026-02-30", "INVALID_DATE"),
        ("entry", "9999-12-31", "IMPLAUSIBLE_DATE"),
        ("exit", "2026-01-09", "BEFORE_ENTRY"),
        ("birth_date", "2026-01-11", "AFTER_ENTRY"),
        ("lives_in_france", "perhaps", "UNKNOWN_CHOICE"),
        ("papers", ["library_card"], "UNKNOWN_CHOICE"),
    ],
)
def test_an_answer_that_cannot_be_one_is_named_and_asked_again(
    question: str, answer: Any, code: str
) -> None:
    answers = TOURIST | {question: answer}
    error = problem(question, answers)
    assert error is not None
    assert (error.field, error.code) == (question, code)
    if question in TOURIST:
        again = next_question(answers)
        assert again is not None
        assert again.id == question
        with pytest.raises(FactError):
            facts_from_answers(answers)


def test_the_first_question_asks_who_travels() -> None:
    question = next_question({})
    assert question is not None
    assert question.id == "nationalities"


DAYS = st.dates(date(2000, 1, 1), date(2035, 1, 1)).map(date.isoformat)
STATES = st.sampled_from(["DZ", "FR", "DE", "ES", "CZ", "GB", "ML", "HR", "TR"])
ANSWERS = {
    Kind.DATE: DAYS,
    Kind.YESNO: st.sampled_from(["yes", "no"]),
    Kind.COUNTRY: STATES,
    Kind.COUNTRIES: st.lists(STATES, min_size=1, max_size=3),
    Kind.TEXT: st.sampled_from(["", "ETATS SCHENGEN", "ETATS SCHENGEN (-FR)", "ES", "nonsense"]),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_the_answers_the_questions_end_and_give_a_verdict(data: st.DataObject) -> None:
    ruleset = data.draw(st.sampled_from(list(Ruleset)))
    answers: dict[str, Any] = {"nationalities": data.draw(st.sampled_from([["DZ"], ["ML", "DZ"]]))}
    refused = 0
    while (question := next_question(answers, ruleset)) is not None:
        refused += question.id in answers
        kind = question.kind
        if kind in (Kind.CHOICE, Kind.MULTI):
            strategy = st.sampled_from(question.choices)
            if kind is Kind.MULTI:
                strategy = st.lists(strategy, max_size=3)
        else:
            strategy = ANSWERS[kind]
        answers[question.id] = data.draw(strategy)
        if refused > 3:  # an honest traveller corrects the day
            answers[question.id] = answers["entry"] if kind is Kind.DATE else ""
        assert len(asked(answers, ruleset)) <= len(QUESTIONS)
    assert outcome(answers, ruleset)[0] in set(Outcome)
