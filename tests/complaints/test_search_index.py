"""Words and names are found again without being readable."""

from __future__ import annotations

import pytest

from complaints.search_index import name_parts, wanted_words, words_of

pytestmark = pytest.mark.django_db


def finds(query: str, text: str) -> bool:
    words = set(words_of(text))
    return all(words & set(stems) for stems in wanted_words(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("passeport égarés", "Mes passeports ont été égarés : mon dossier égaré au guichet."),
        ("UEBERPRUEFUNG", "Die Überprüfung meiner Unterlagen"),
        ("Öffnungszeit", "falsche OEFFNUNGSZEITEN"),
        ("coeur soeur", "Ma sœur a mal au cœur."),
        ("SŒUR", "Ma soeur"),
        ("Strasse", "auf der Straße"),
        ("موعد", "Mon rendez-vous (موعد) a été annulé"),
    ],
)
def test_a_word_is_found_in_its_other_forms(query, text):
    assert finds(query, text)


def test_a_word_that_is_not_there_is_not_found():
    assert not finds("passeport empreinte", "Mon passeport a été perdu au guichet.")


def test_a_word_that_says_nothing_is_not_asked_for():
    assert wanted_words("le passeport de la") == wanted_words("passeport")


def alike(one: str, other: str) -> float:
    first, second = set(name_parts(one)), set(name_parts(other))
    return len(first & second) / len(first | second)


def test_like_names_share_most_parts():
    assert alike("Mohamed Benali", "Mohammed Ben Ali") > 0.4
    assert alike("أحمد بن علي", "احمد بن على") == 1
    assert alike("Mohamed Benali", "Yasmine Haddad") < 0.1


def test_an_empty_text_has_no_words():
    assert words_of("") == []
    assert name_parts("") == []
