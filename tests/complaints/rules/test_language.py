"""In which language a complaint is written: CP-02.  Policy first, then the detector beside it."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from complaints.language_detector import read_languages
from complaints.rules.language import (
    Guesses,
    LanguageFacts,
    after_asking,
    check_language,
    language_verdict,
)
from complaints.rules.law import LAW
from complaints.rules.own_words import own_words, passages, unquoted
from portal.rules.findings import Verdict

DAY = date(2026, 11, 22)
BOTH = frozenset({"fr", "de"})
FRENCH = "Le personnel du centre était impoli."
TEXTS = tomllib.loads(
    Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"),
)["texts"]


def judged(
    text: str,
    whole: dict[str, float],
    *,
    passages: tuple[dict[str, float], ...] = (),
    page: str = "fr",
    declared: str = "",
    accepted: frozenset[str] = BOTH,
) -> Verdict:
    facts = LanguageFacts(
        text=text,
        guesses=Guesses(whole=whole, passages=passages),
        accepted=accepted,
        page=page,
        declared=declared,
    )
    return language_verdict(facts, DAY)


def sure(language: str, probability: float) -> dict[str, float]:
    return {language: probability, "zxx": 0.0}


@pytest.mark.parametrize(
    ("guess", "page", "declared", "outcome", "code"),
    [
        pytest.param(sure("fr", 0.80), "de", "", "accepted", "LANGUAGE_ACCEPTED", id="0.80"),
        pytest.param(sure("fr", 0.79), "de", "", "ask", "LANGUAGE_UNSURE", id="0.79"),
        pytest.param(sure("fr", 0.50), "fr", "", "accepted", "LANGUAGE_ACCEPTED", id="page, 0.50"),
        pytest.param(sure("fr", 0.49), "fr", "", "ask", "LANGUAGE_UNSURE", id="page, 0.49"),
        pytest.param(sure("fr", 0.50), "de", "fr", "accepted", "LANGUAGE_ACCEPTED", id="declared"),
        pytest.param(sure("fr", 0.50), "fr", "de", "ask", "LANGUAGE_UNSURE", id="declared other"),
        pytest.param(sure("fr", 0.99), "de", "de", "ask", "DECLARED_OTHERWISE", id="clearly other"),
        pytest.param(
            sure("en", 0.80), "fr", "", "another_language", "LANGUAGE_NOT_READ", id="English"
        ),
        pytest.param(sure("en", 0.79), "fr", "", "ask", "LANGUAGE_UNSURE", id="perhaps English"),
        pytest.param(sure("zxx", 0.99), "fr", "", "ask", "LANGUAGE_UNSURE", id="no language"),
    ],
)
def test_cp_02_limits(
    guess: dict[str, float], page: str, declared: str, outcome: str, code: str
) -> None:
    verdict = judged(FRENCH, guess, page=page, declared=declared)
    assert (verdict.outcome, verdict.codes()) == (outcome, [code])


@pytest.mark.parametrize(
    ("text", "outcome", "code"),
    [
        pytest.param("", "nothing_written", "TEXT_MISSING", id="empty"),
        pytest.param(" \n\t", "nothing_written", "TEXT_MISSING", id="spaces"),
        pytest.param("abcdefg", "ask", "TEXT_TOO_SHORT", id="seven letters"),
        pytest.param("abcdefgh", "accepted", "LANGUAGE_ACCEPTED", id="eight letters"),
        pytest.param("😡😡 12/03/2026", "ask", "NO_OWN_WORDS", id="emoji and a date"),
        pytest.param("> Votre rendez-vous", "ask", "NO_OWN_WORDS", id="a quoted line"),
        pytest.param("« Votre rendez-vous »", "ask", "NO_OWN_WORDS", id="a quotation"),
        pytest.param("Mon nom est مريم et je pars", "ask", "ARABIC_WORDS", id="an Arabic name"),
        pytest.param("الموظف صرخ", "another_language", "LANGUAGE_NOT_READ", id="Arabic"),
        pytest.param("Pourquoi 3lach je pars", "ask", "DARIJA_WORDS", id="a word with a digit"),
        pytest.param("Je pars bezaf demain", "accepted", "LANGUAGE_ACCEPTED", id="one listed word"),
        pytest.param("Je pars bezaf walou demain", "ask", "DARIJA_WORDS", id="two listed words"),
        pytest.param("Je pars dans 3jours, le 7eme", "accepted", "LANGUAGE_ACCEPTED", id="units"),
    ],
)
def test_cp_02_what_is_asked_whatever_the_guess(text: str, outcome: str, code: str) -> None:
    verdict = judged(text, sure("fr", 0.99))
    assert (verdict.outcome, verdict.codes()) == (outcome, [code])


def test_cp_02_a_second_language_is_asked_about() -> None:
    text = f"{FRENCH} The man at the desk shouted at me."
    verdict = judged(text, sure("fr", 0.99), passages=(sure("fr", 0.9), sure("en", 0.80)))
    assert verdict.codes() == ["SECOND_LANGUAGE"]
    assert verdict.findings[0].params["languages"] == ("en", "fr")
    unsure = judged(text, sure("fr", 0.99), passages=(sure("fr", 0.9), sure("en", 0.79)))
    assert unsure.outcome == "accepted"


def test_cp_02_the_languages_are_data_of_the_post() -> None:
    rabat = frozenset({"de", "en"})
    assert judged(FRENCH, sure("en", 0.9), accepted=rabat).outcome == "accepted"
    assert judged(FRENCH, sure("fr", 0.9), accepted=rabat).outcome == "another_language"
    arabic = judged("الموظف صرخ في وجهي", sure("ar", 0.9), accepted=BOTH | {"ar"})
    assert arabic.outcome == "accepted"


@pytest.mark.parametrize(
    ("guess", "said", "outcome", "language"),
    [
        pytest.param(sure("fr", 0.3), "fr", "accepted", "fr", id="unsure, and confirmed"),
        pytest.param(sure("es", 0.3), "fr", "accepted", "fr", id="a weak guess gives way"),
        pytest.param(sure("en", 0.95), "fr", "agent_decides", "fr", id="against a clear guess"),
        pytest.param(sure("en", 0.95), "", "agent_decides", "en", id="sent as it is"),
    ],
)
def test_cp_02_a_word_of_the_person_or_an_agent(
    guess: dict[str, float], said: str, outcome: str, language: str
) -> None:
    facts = LanguageFacts(text=FRENCH, guesses=Guesses(whole=guess), accepted=BOTH, page="fr")
    verdict = after_asking(facts, said, LAW.on(DAY))
    assert (verdict.outcome, verdict.results["language"]) == (outcome, language)


def test_cp_02_a_language_that_is_not_on_offer_is_no_answer() -> None:
    facts = LanguageFacts(
        text=FRENCH, guesses=Guesses(whole=sure("en", 0.9)), accepted=BOTH, page="fr"
    )
    with pytest.raises(ValueError, match="en"):
        after_asking(facts, "en", LAW.on(DAY))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        pytest.param("Il dit « non » ici", "Il dit   ici", id="French marks"),
        pytest.param("Er sagt „nein“ hier", "Er sagt   hier", id="German marks"),
        pytest.param("He says “no” here", "He says   here", id="English marks"),
        pytest.param("a « offen", "a « offen", id="a mark that never closes"),
        pytest.param("an a.b@example.org heute", "an   heute", id="an address"),
        pytest.param("le 12/03 à 9:30, n° A123", "le   à  , n°  ", id="numbers"),
        pytest.param("wa9t 3lach", "wa9t 3lach", id="digits in words stay"),
    ],
)
def test_own_words(text: str, own: str) -> None:
    assert own_words(text) == own


def test_short_sentences_are_read_with_their_neighbour() -> None:
    assert passages("Ja. Nein doch. Ganz sicher nicht.", 8) == [
        "Ja. Nein doch.",
        "Ganz sicher nicht.",
    ]
    assert unquoted("> a\nb") == " \nb"


@pytest.mark.parametrize("sign", ["„", '"', "«", ">", "1", "a.", "a@", "-", "3a", "ا", "😡"])
def test_a_hundred_thousand_signs_are_read_in_a_moment(sign: str) -> None:
    text = sign * (100_000 // len(sign))
    start = time.process_time()
    judged(text, sure("fr", 0.9))
    assert time.process_time() - start < 3  # measured: 0.1 s; quadratic reading takes minutes


# --- the labelled set -------------------------------------------------------------------------

# What was measured on 22 Nov 2026, each as it is: one French text of two words, and three mixed
# texts whose second language is shorter than a passage.
MISSED = {"French": 1, "mixed": 3}


def _right(group: dict[str, Any], text: str, page: str) -> bool:
    facts = LanguageFacts(text=text, guesses=read_languages(text, DAY), accepted=BOTH, page=page)
    verdict = check_language(facts, LAW.on(DAY))
    if group["reads"] == "asked":
        return verdict.outcome != "accepted"
    return verdict.outcome == "accepted" and verdict.results["language"] == group["language"]


def test_the_set_is_large_enough_and_names_no_text_twice() -> None:
    texts = [text for group in TEXTS for text in group["texts"]]
    assert len(texts) >= 300
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("page", ["fr", "de"])
@pytest.mark.parametrize("group", TEXTS, ids=lambda group: group["name"])
def test_cp_02_the_labelled_set(group: dict[str, Any], page: str) -> None:
    missed = [text for text in group["texts"] if not _right(group, text, page)]
    assert len(missed) <= MISSED.get(group["name"], 0), missed


def test_cp_02_no_french_or_german_is_told_it_cannot_be_read() -> None:
    for group in TEXTS:
        if group["reads"] == "accepted":
            for text in group["texts"]:
                facts = LanguageFacts(
                    text=text, guesses=read_languages(text, DAY), accepted=BOTH, page="en"
                )
                assert language_verdict(facts, DAY).outcome != "another_language", text
