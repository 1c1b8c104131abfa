"""Finding help pages: PostgreSQL's trigrams forgive typing errors, the search key accents."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.lookups import Unaccent
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, FloatField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest

from .models import HelpPage
from .search_key import search_key

MOST_WORDS = 8
LONGEST_QUERY = 200  # characters
MOST_FOUND = 12
SHORTEST_WORD = 3  # letters; shorter words stand in every text
TITLE_WEIGHT = 1.25
ENOUGH = 0.45  # mean likeness of the words; two letters wrong in a word of ten leave that


def find_pages(query: str, language: str) -> list[HelpPage]:
    """Return the pages that `query` means, best first; one question to the database.

    Pages in `language` come alone; only if there is none, those in other languages.
    """
    words = _words(query)
    if not words:
        return []
    score = reduce(add, (_likeness(word) for word in words)) / Value(float(len(words)))
    found: list[Any] = list(
        HelpPage.objects.annotate(score=score)
        .filter(score__gte=ENOUGH)
        .order_by(F("score").desc(), "number")
    )
    own = [page for page in found if page.language == language]
    return (own or found)[:MOST_FOUND]


def _words(query: str) -> list[str]:
    words = search_key(query.replace("\x00", "")[:LONGEST_QUERY]).split()
    long = [word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()]
    return list(dict.fromkeys(long or words))[:MOST_WORDS]


def _likeness(word: str) -> Combinable:
    """Return how like `word` the best piece of a page is; its title counts a little more."""
    typed: Any = Unaccent(Value(word))
    title = Cast(TrigramWordSimilarity(typed, "title_key"), FloatField()) * Value(TITLE_WEIGHT)
    text = Cast(TrigramWordSimilarity(typed, "search_key"), FloatField())
    return Greatest(title, text)
