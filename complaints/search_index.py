"""Searching what rests encrypted: keyed hashes of stems, and of the parts of names.

A hash is 63 bits of the lookup key's HMAC, so the index says which cases share a word and never
which word.  Words are stemmed as French and as German, whatever the language of the case, for a
French letter quotes German ones; umlauts and ligatures are written out or left out alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection

from portal.encryption import lookup_key

MOST_WORDS = 5000  # of one text; a longer one is found by its beginning

# A word that is too common in either language says nothing, and is not asked for.
_STEMS = """
    SELECT position, tsvector_to_array(french || german)
    FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, position),
        to_tsvector('french', word) french, to_tsvector('german', word) german
    WHERE length(french) > 0 AND length(german) > 0
"""
_WORD = re.compile(r"\w{2,}")
# ä, ae and a are one; so are œ and oe, and by its small letters ß and ss.
_ALIKE = (("æ", "ae"), ("œ", "oe"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None}
)


def words_of(text: str) -> list[int]:
    """Return the hashes of the stems of `text`, each once; one query."""
    return sorted({one for stems in _stems(_words(text)[:MOST_WORDS]) for one in stems})


def wanted_words(query: str) -> list[list[int]]:
    """Return for each word of a query the hashes of which a case must have one; one query."""
    return [sorted(stems) for stems in _stems(_words(query)[:20]) if stems]


def name_parts(name: str) -> list[int]:
    """Return the hashes of the trigrams of each part of a name; they overlap for like names."""
    return sorted({_hashed("part of a name", part) for part in _trigrams(name)})


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(_plain(text))))


def _stems(words: list[str]) -> Iterable[set[int]]:
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [words])
        rows = sorted(cursor.fetchall())
    return [{_hashed("word of a case", stem) for stem in stems} for _position, stems in rows]


def _trigrams(name: str) -> set[str]:
    found = set()
    for word in _WORD.findall(_plain(name)):
        padded = f"  {word} "
        found |= {padded[i : i + 3] for i in range(len(padded) - 2)}
    return found


def _plain(text: str) -> str:
    """Return `text` in lower case, without accents and Arabic vowel signs."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).translate(_ARABIC)
    for long, short in _ALIKE:
        text = text.replace(long, short)
    return text


def _hashed(purpose: str, part: str) -> int:
    # Spaces of a trigram matter and lookup_key drops them.
    return int.from_bytes(lookup_key(purpose, part.replace(" ", "0"))[:8], signed=True)
