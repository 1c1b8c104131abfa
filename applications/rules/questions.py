"""Which question comes next on the way to « Do I need a visa? » (EX).

The rules themselves are run on the answers so far; the first fact that a rule reads and nobody
has told yet is the next question.  So only questions that still matter are asked, and the
branches can never differ from the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.rules.findings import FactError
from portal.rules.parameters import Ruleset

from .answered import missing_fact, told_facts
from .law import LAW
from .question_list import QUESTIONS, Answers, Kind, Question, parse, problem
from .travel import TravelFacts

__all__ = (
    "QUESTIONS",
    "Answers",
    "Kind",
    "Question",
    "answers_that_matter",
    "facts_from_answers",
    "next_question",
    "parse",
    "problem",
    "walk",
)

_AFTER_TRIP = {
    "schengen_state": "destination_state",
    "overseas": "territory",
    "transit": "airports",
}


def next_question(answers: Answers, ruleset: Ruleset = Ruleset.SEED) -> Question | None:
    """Return the question that comes next, or None if the answer is ready.

    A question with an answer that cannot be one comes again.
    """
    path = tuple(walk(answers, ruleset))
    last = path[-1]
    return QUESTIONS[last] if problem(last, answers) else None


def walk(answers: Answers, ruleset: Ruleset = Ruleset.SEED) -> Iterator[str]:
    """Yield the ids of the questions in the order they are asked; the last one may be open.

    Answers to questions that no longer matter are passed over, so one can change an answer
    above and go on.
    """
    told: dict[str, Any] = {}
    for question_id in _first_questions(answers):
        yield question_id
        if problem(question_id, answers):
            return
        told[question_id] = answers[question_id]
    law = LAW.on(parse("entry", told), ruleset)
    while (missing := missing_fact(told, law)) is not None:
        yield missing
        if problem(missing, answers):
            return
        told[missing] = answers[missing]


def answers_that_matter(answers: Answers, ruleset: Ruleset = Ruleset.SEED) -> dict[str, Any]:
    """Return the answers on the way to the verdict, in the order they are asked."""
    return {name: answers[name] for name in walk(answers, ruleset) if name in answers}


def facts_from_answers(answers: Answers, ruleset: Ruleset = Ruleset.SEED) -> TravelFacts:
    """Return the facts that the answers tell; raises FactError naming an open question."""
    question = next_question(answers, ruleset)
    if question is not None:
        raise problem(question.id, answers) or FactError(question.id, "REQUIRED", "open")
    return told_facts(answers_that_matter(answers, ruleset))


def _first_questions(answers: Answers) -> Iterator[str]:
    """Yield the questions without which there is no case: who, where, when."""
    yield "nationalities"
    yield "trip"
    if (detail := _AFTER_TRIP.get(str(answers.get("trip")))) is not None:
        yield detail
    yield "entry"
