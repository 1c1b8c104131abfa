"""The questions of « Do I need a visa? », and how one answer is read (EX).

Answers are plain values keyed by question id: codes, ISO dates, ``yes``/``no``, lists; the empty
text answers an optional question with « not known ».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.rules.findings import FactError
from portal.rules.parameters import Ruleset

from .memberships import Memberships, members
from .sticker import read_sticker
from .travel import DocumentKind, PassportType, known_state, plausible_day

Answers = Mapping[str, Any]
K = DocumentKind


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    MULTI = "multi"
    COUNTRY = "country"
    COUNTRIES = "countries"
    DATE = "date"
    YESNO = "yesno"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `fact` is the field of TravelFacts that it fills.

    `choices` are codes to be worded; `paper` is the kind of paper it asks about, if any.
    """

    id: str
    kind: Kind
    fact: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    paper: str = ""


TRIPS = ("france", "schengen_state", "overseas", "transit")
NO_PASSPORT = "none"
_FIRST_DAY_OF_LISTS = date(2012, 1, 1)

QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        Question(id="nationalities", kind=Kind.COUNTRIES, fact="nationalities"),
        Question(id="trip", kind=Kind.CHOICE, fact="destination", choices=TRIPS),
        Question(id="destination_state", kind=Kind.COUNTRY, fact="destination"),
        Question(
            id="territory",
            kind=Kind.CHOICE,
            fact="destination",
            choices=members("overseas_order", _FIRST_DAY_OF_LISTS),
        ),
        Question(id="airports", kind=Kind.COUNTRIES, fact="transit"),
        Question(id="entry", kind=Kind.DATE, fact="entry"),
        Question(id="leaves_zone", kind=Kind.YESNO, fact="transit"),
        Question(
            id="passport_type",
            kind=Kind.CHOICE,
            fact="passport",
            choices=(*PassportType, NO_PASSPORT),
        ),
        Question(id="passport_expiry", kind=Kind.DATE, fact="passport"),
        Question(id="papers", kind=Kind.MULTI, fact="documents", choices=tuple(K), optional=True),
        Question(id="birth_date", kind=Kind.DATE, fact="birth_date"),
        Question(id="lives_in_france", kind=Kind.YESNO, fact="resides_in_france"),
        Question(id="exit", kind=Kind.DATE, fact="exit", optional=True),
        Question(id="proofs", kind=Kind.YESNO, fact="proves_purpose_conditions_means"),
    )
} | {
    f"{paper}.{name}": Question(
        id=f"{paper}.{name}", kind=kind, fact="documents", optional=optional, paper=paper
    )
    for paper, name, kind, optional in (
        *((paper, "valid_until", Kind.DATE, False) for paper in K),
        (K.FR_RESIDENCE_CARD, "lost", Kind.YESNO, False),
        (K.DCEM, "issued_in_mayotte", Kind.YESNO, False),
        *((paper, "valid_from", Kind.DATE, True) for paper in (K.VISA_C, K.VISA_D)),
        *(
            (paper, "issuer", Kind.COUNTRY, False)
            for paper in (K.VISA_C, K.VISA_D, K.SCHENGEN_RESIDENCE_CARD)
        ),
        (K.VISA_C, "territory", Kind.TEXT, True),
        (K.VISA_C, "multiple", Kind.YESNO, False),
        (K.VISA_C, "already_used", Kind.YESNO, False),
    )
}


def parse(question_id: str, answers: Answers) -> Any:
    """Return the answer to a question as a fact; None for an optional one left empty.

    Raises FactError that names the question for an answer that cannot be one, and KeyError if
    there is no answer at all.
    """
    question, value = QUESTIONS[question_id], answers[question_id]
    if question.optional and value in ("", None):
        return None
    read = _READERS[question.kind]
    fact = read(question, value)
    if isinstance(fact, date):
        _check_order(question, fact, answers)
    return fact


def problem(question_id: str, answers: Answers) -> FactError | None:
    """Return what is wrong with the answer to a question, or None."""
    try:
        parse(question_id, answers)
    except FactError as error:
        return error
    except KeyError:
        return FactError(question_id, "REQUIRED", "this question is open")
    return None


# --- reading one answer ---------------------------------------------------------------------


def _country(question: Question, value: Any) -> str:
    return known_state(str(value), question.id, people=question.fact == "nationalities")


def _countries(question: Question, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else list(value or ())
    if not values:
        raise FactError(question.id, "REQUIRED", "at least one is needed")
    return tuple(_country(question, item) for item in values)


def _choice(question: Question, value: Any) -> str:
    if value not in question.choices:
        raise FactError(question.id, "UNKNOWN_CHOICE", f"{value!r} is no choice")
    return str(value)


def _multi(question: Question, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else list(value)
    chosen = {_choice(question, item) for item in values}
    return tuple(choice for choice in question.choices if choice in chosen)


def _day(question: Question, value: Any) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise FactError(question.id, "INVALID_DATE", str(error)) from error
    plausible_day(day, question.id)
    return day


def _yes(question: Question, value: Any) -> bool:
    if value not in ("yes", "no"):
        raise FactError(question.id, "UNKNOWN_CHOICE", "yes or no?")
    return bool(value == "yes")


def _text(question: Question, value: Any) -> str:
    lists = Memberships(_FIRST_DAY_OF_LISTS, Ruleset.SEED)
    read_sticker(str(value), question.id, lists)  # refuses what cannot be read
    return str(value)


_READERS = {
    Kind.CHOICE: _choice,
    Kind.MULTI: _multi,
    Kind.COUNTRY: _country,
    Kind.COUNTRIES: _countries,
    Kind.DATE: _day,
    Kind.YESNO: _yes,
    Kind.TEXT: _text,
}


def _check_order(question: Question, day: date, answers: Answers) -> None:
    """Refuse an exit before the entry, a birth after it, a paper that ends before it starts."""
    if question.id in ("exit", "birth_date") and not problem("entry", answers):
        entry = parse("entry", answers)
        if question.id == "exit" and day < entry:
            raise FactError("exit", "BEFORE_ENTRY", "the exit is before the entry")
        if question.id == "birth_date" and day > entry:
            raise FactError("birth_date", "AFTER_ENTRY", "born after the entry")
    end = f"{question.paper}.valid_until"
    starts = question.id.endswith(".valid_from")
    if starts and not problem(end, answers) and day > parse(end, answers):
        raise FactError(question.id, "AFTER_END", "it starts after it ends")
