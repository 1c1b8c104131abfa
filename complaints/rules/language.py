"""In which language is a complaint written, and can the mission read it? CP-02.

The guesses come from outside as probabilities (complaints/language_detector.py); the policy is
here.  It never rejects: whoever is not understood is asked once, and what stays in doubt goes to
an agent.  The text is saved before anybody asks.  The reference date is the day of writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset

from .law import LAW
from .own_words import arabic_letters, letters, own_words, passages, words

# ISO 639 code to probability; `zxx` stands for "no language", `ary` for Moroccan Arabic.
Guess = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """What a detector makes of a text as a whole, and of each of its passages."""

    whole: Guess
    passages: tuple[Guess, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFacts:
    """A text, what a detector makes of it, and what the mission accepts.

    `accepted` and `page` are ISO 639-1 codes; `declared` is the language that the person chose,
    "" if nobody asked.
    """

    text: str
    guesses: Guesses
    accepted: frozenset[str]
    page: str
    declared: str = ""


@dataclass(frozen=True, slots=True)
class ToRead:
    """What a detector is given of a text: its own words as a whole, and in passages."""

    whole: str
    passages: tuple[str, ...]


def to_read(text: str, day: date) -> ToRead:
    """Return what is worth guessing: own words, as much as CP-02 says, whole and in passages."""
    law = LAW.on(day)
    own = own_words(text)[: law.value("CP-02", "signs_read")]
    return ToRead(own, tuple(passages(own, law.value("CP-02", "letters_of_a_passage"))))


def language_verdict(
    facts: LanguageFacts, reference: date, ruleset: Ruleset = Ruleset.SEED
) -> Verdict:
    """Judge by the limits that hold on the day of writing."""
    return check_language(facts, LAW.on(reference, ruleset))


def check_language(facts: LanguageFacts, law: Law) -> Verdict:
    """Go on where the language is clear and accepted; ask once otherwise, and reject nothing.

    Outcomes: accepted, ask, another_language (asked too, with the reason said), nothing_written.
    Results: ``language`` (the one accepted, or the best guess; None where there is none),
    ``probability``.

    Rule: CP-02
    Source: 001 (complaints in German or French only)
    Boundaries: seven letters: asked, eight: guessed; French at 0.80 on a German page: accepted,
    at 0.79: asked; at 0.50 on a French page: accepted; English at 0.80: told that it cannot be
    handled; one Arabic word in French: asked; only a quotation: asked to write.
    """
    own = own_words(facts.text)
    count = letters(own)
    doubt = (
        _nothing(facts, count, law) or _script(facts, own, count, law) or _darija(facts, own, law)
    )
    if doubt is not None:
        return doubt
    language, probability = max(facts.guesses.whole.items(), key=lambda item: item[1])
    result = {"language": language, "probability": probability}
    sure = law.need("CP-02", "sure")
    second = _second_language(facts, language, law)
    if second is not None:
        return _answer("ask", second, result, law)
    if language not in facts.accepted:
        return _not_accepted(facts, result, sure, law)
    return _accepted_or_ask(facts, result, sure, law)


def _nothing(facts: LanguageFacts, count: int, law: Law) -> Verdict | None:
    row = law.need("CP-02", "fewest_letters")
    none = {"language": None, "probability": 0.0}
    if not facts.text.strip():
        finding = Finding.by(row, "TEXT_MISSING", Severity.BLOCKING)
        return _answer("nothing_written", finding, none, law)
    if count == 0:
        finding = Finding.by(row, "NO_OWN_WORDS", Severity.WARNING)
        return _answer("ask", finding, none, law)
    if count < row.value:
        finding = Finding.by(row, "TEXT_TOO_SHORT", Severity.WARNING, letters=row.value)
        return _answer("ask", finding, none, law)
    return None


def _script(facts: LanguageFacts, own: str, count: int, law: Law) -> Verdict | None:
    """Ask about Arabic letters, unless the mission reads Arabic."""
    if "ar" in facts.accepted:
        return None
    found = arabic_letters(own)
    row = law.need("CP-02", "mostly_arabic")
    if found >= row.value * count:
        result = {"language": "ar", "probability": found / count}
        return _answer("another_language", _unread(facts, "ar", row), result, law)
    if found:
        finding = Finding.by(row, "ARABIC_WORDS", Severity.WARNING, accepted=_list(facts))
        return _answer("ask", finding, _best(facts), law)
    return None


def _darija(facts: LanguageFacts, own: str, law: Law) -> Verdict | None:
    row = law.need("CP-02", "darija_digit_words")
    listed = law.need("CP-02", "darija_listed_words")
    found = words(own)
    endings = _set(law, "number_endings")
    with_digits = sum(_is_digit_word(word, endings) for word in found)
    in_list = len(set(found) & _set(law, "darija_words"))
    if with_digits < row.value and with_digits + in_list < listed.value:
        return None
    finding = Finding.by(row, "DARIJA_WORDS", Severity.WARNING, accepted=_list(facts))
    return _answer("ask", finding, _best(facts), law)


# One of the digits, and letters beside it or around it.
_DIGIT_WORD = re.compile(r"[^\W_]*[379][^\W_]*")
_LETTERS_BESIDE = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d[^\W\d_]")


def _is_digit_word(word: str, endings: frozenset[str]) -> bool:
    """Tell 3lach and wa9t from 3jours and 7te; `endings` are what numbers carry."""
    if word.isalpha() or not _DIGIT_WORD.fullmatch(word) or not _LETTERS_BESIDE.search(word):
        return False
    return word.lstrip("0123456789") not in endings


def _second_language(facts: LanguageFacts, language: str, law: Law) -> Finding | None:
    row = law.need("CP-02", "sure_of_a_passage")
    others = {
        best
        for guess in facts.guesses.passages
        for best, probability in [max(guess.items(), key=lambda item: item[1])]
        if best not in (language, "zxx") and probability >= row.value
    }
    if not others:
        return None
    languages = tuple(sorted({language, *others}))
    return Finding.by(
        row, "SECOND_LANGUAGE", Severity.WARNING, languages=languages, accepted=_list(facts)
    )


def _not_accepted(
    facts: LanguageFacts, result: Mapping[str, Any], sure: ParameterRow, law: Law
) -> Verdict:
    if result["probability"] >= sure.value and result["language"] != "zxx":
        finding = _unread(facts, str(result["language"]), sure)
        return _answer("another_language", finding, result, law)
    finding = Finding.by(sure, "LANGUAGE_UNSURE", Severity.WARNING, accepted=_list(facts))
    return _answer("ask", finding, result, law)


def _accepted_or_ask(
    facts: LanguageFacts, result: Mapping[str, Any], sure: ParameterRow, law: Law
) -> Verdict:
    language, probability = str(result["language"]), float(result["probability"])
    expected = facts.declared or facts.page
    if facts.declared and language != facts.declared and probability >= sure.value:
        finding = Finding.by(
            sure, "DECLARED_OTHERWISE", Severity.WARNING, declared=facts.declared, looks=language
        )
        return _answer("ask", finding, result, law)
    row = law.need("CP-02", "sure_with_page") if language == expected else sure
    if probability >= row.value:
        finding = Finding.by(row, "LANGUAGE_ACCEPTED", Severity.ADVICE, language=language)
        return _answer("accepted", finding, result, law)
    finding = Finding.by(row, "LANGUAGE_UNSURE", Severity.WARNING, accepted=_list(facts))
    return _answer("ask", finding, result, law)


# --- after the person was asked ---------------------------------------------------------------


def after_asking(facts: LanguageFacts, said: str, law: Law) -> Verdict:
    """Take the person's word: `said` is a language that the mission accepts, or "" for as it is.

    Outcomes: accepted, agent_decides.  Nobody is asked twice, and nothing is lost: where the word
    goes against a clear guess, and where it was sent as it is, an agent reads and decides.
    Raises ValueError for a language that was not on offer.

    Rule: CP-02
    Source: 001 (complaints in German or French only)
    Boundaries: unsure, and the person says French: accepted; English at 0.95, and the person says
    French: an agent decides; sent as it is: an agent decides.
    """
    if said and said not in facts.accepted:
        raise ValueError(f"{said} is not accepted here")
    before = check_language(facts, law)
    guessed = before.results["language"]
    row = law.need("CP-02", "sure")
    result = {"language": said or guessed, "probability": before.results["probability"]}
    doubtful = before.outcome == "another_language" or (
        guessed != said and result["probability"] >= row.value
    )
    if said and not doubtful:
        finding = Finding.by(row, "LANGUAGE_CONFIRMED", Severity.ADVICE, language=said)
        return _answer("accepted", finding, result, law)
    finding = Finding.by(row, "AGENT_READS_LANGUAGE", Severity.REVIEW)
    return _answer("agent_decides", finding, result, law)


# --- small ------------------------------------------------------------------------------------


def _unread(facts: LanguageFacts, language: str, row: ParameterRow) -> Finding:
    return Finding.by(
        row, "LANGUAGE_NOT_READ", Severity.WARNING, language=language, accepted=_list(facts)
    )


def _best(facts: LanguageFacts) -> dict[str, Any]:
    """Return the best guess as a hint: marks of another language stand against it."""
    ranked: Iterator[tuple[str, float]] = iter(
        sorted(facts.guesses.whole.items(), key=lambda item: -item[1])
    )
    language, probability = next(ranked, (None, 0.0))
    return {"language": language, "probability": probability}


def _list(facts: LanguageFacts) -> tuple[str, ...]:
    return tuple(sorted(facts.accepted))


def _set(law: Law, name: str) -> frozenset[str]:
    return frozenset(law.value("CP-02", name))


def _answer(outcome: str, finding: Finding, results: Mapping[str, Any], law: Law) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=(finding,),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=law.used,
    )
