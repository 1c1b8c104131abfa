"""What a person wrote themselves: without quotations, addresses and numbers (CP-02, CP-04).

A refusal that is quoted says nothing about the language of the complaint, and nothing about
what its writer wants.  The text itself is never changed: this is a copy for reading.
"""

from __future__ import annotations

import re

# The marks may not nest, so that a text of opening marks alone is read in one walk.
_QUOTED = re.compile(
    r"„[^„“”]*[“”]|«[^«»]*»|“[^“”]*”|»[^«»]*«|\"[^\"\n]*\"",
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# A run of signs with a digit in it; found from its beginning only, so that reading stays linear.
_WITH_DIGIT = re.compile(r"(?<![\w./:-])(?:[^\W\d]|[./:-])*\d[\w./:-]*")
_NUMBER = re.compile(r".*\d\d.*|[A-Z]+\d[A-Z\d]*|\d")
_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_WORD = re.compile(r"[^\W_](?:['’]?[^\W_])*")
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s+|\n+")


def unquoted(text: str) -> str:
    """Return `text` without what it quotes: lines with ``>`` and words between marks."""
    return _QUOTED.sub(" ", _QUOTED_LINE.sub(" ", text))


def own_words(text: str) -> str:
    """Return `text` without quotations, mail and web addresses, and numbers with their letters.

    A word with one digit between letters stays: transliterated Arabic is written so.
    """
    return _WITH_DIGIT.sub(_without_numbers, _ADDRESS.sub(" ", unquoted(text)))


def _without_numbers(token: re.Match[str]) -> str:
    return " " if _NUMBER.fullmatch(token.group().strip("./:-")) else token.group()


def letters(text: str) -> int:
    """Count the letters of any script."""
    return len(_NO_LETTERS.sub("", text))


def arabic_letters(text: str) -> int:
    """Count the letters of the Arabic script."""
    return len(_ARABIC.findall(text))


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, digits between letters included."""
    return _WORD.findall(text.casefold())


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of `text` as they stand, without empty ones."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def passages(text: str, at_least: int) -> list[str]:
    """Return the sentences of `text`, each joined to the next until it has `at_least` letters."""
    found: list[str] = []
    open_ = ""
    for sentence in sentences(text):
        open_ = f"{open_} {sentence}".strip()
        if letters(open_) >= at_least:
            found.append(open_)
            open_ = ""
    return found
