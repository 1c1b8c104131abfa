"""The texts of the help centre: forty topics, four languages, one shape (section 12)."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

HELP = Path(__file__).parents[2] / "applications" / "help"
LANGUAGES = ("fr", "ar", "de", "en")
TOPICS: list[dict[str, Any]] = tomllib.loads((HELP / "topics.toml").read_text("utf-8"))["topic"]
DATED_BY_THE_SHEET = {14, 15, 22, 36, 37, 38}


def text_of(topic: dict[str, Any], language: str) -> str:
    name = f"{topic['number']:02d}-{topic['slug']}.md"
    return (HELP / language / name).read_text("utf-8")


def test_the_topics_are_forty_in_order_with_their_rules_and_sources() -> None:
    assert [topic["number"] for topic in TOPICS] == list(range(1, 41))
    assert len({topic["slug"] for topic in TOPICS}) == 40
    assert all(re.fullmatch(r"[A-Z]{2}-\d\d", topic["rule"]) for topic in TOPICS)
    assert all(topic["source"] and topic["last_checked"] for topic in TOPICS)
    assert {topic["number"] for topic in TOPICS if topic["dated"]} == DATED_BY_THE_SHEET


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_has_a_title_and_two_to_five_short_paragraphs(language: str) -> None:
    assert len(list((HELP / language).glob("*.md"))) == 40
    for topic in TOPICS:
        title, *paragraphs = text_of(topic, language).strip().split("\n\n")
        assert "\n" not in title
        assert 2 <= len(paragraphs) <= 5, topic["slug"]
        assert all(len(paragraph) < 520 for paragraph in paragraphs), topic["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cv_07_no_text_names_a_provider(language: str) -> None:
    texts = " ".join(text_of(topic, language) for topic in TOPICS).lower()
    assert not re.search(r"\bvfs\b|capago|tlscontact", texts)


def test_the_languages_say_the_same_number_of_things() -> None:
    for topic in TOPICS:
        counts = {len(text_of(topic, language).split("\n\n")) for language in LANGUAGES}
        assert len(counts) == 1, topic["slug"]


def test_arabic_texts_are_in_arabic_letters() -> None:
    for topic in TOPICS:
        letters = [char for char in text_of(topic, "ar") if char.isalpha()]
        arabic = sum("\u0600" <= char <= "\u06ff" for char in letters)
        assert arabic > 0.95 * len(letters), topic["slug"]
