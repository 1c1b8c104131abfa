"""Which way each part of a text runs (Unicode Standard Annex 9), and what keeps parts apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

RTL_LANGUAGES = frozenset({"ar"})
FIRST_STRONG, LEFT_TO_RIGHT, END = "\u2068", "\u2066", "\u2069"
# Signs that steer and are never seen.
UNSEEN = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068"
                   "\u2069\ufeff\u00ad")  # fmt: skip
# Hebrew, Arabic and their kin, and the signs that turn what follows.
RUNS_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One character and its level: odd levels run from right to left."""

    character: str
    level: int


class Leveled:
    """Anything that has a level."""

    level: int


Piece = TypeVar("Piece", bound="Leveled")


def is_rtl(language: str) -> bool:
    """Tell whether a language is written from right to left."""
    return language[:2] in RTL_LANGUAGES


def isolated(text: str) -> str:
    """Keep `text` from mixing with what stands around it; its first letter says how it runs.

    A telephone number, a period or a reference has to be isolated inside Arabic.
    """
    return f"{FIRST_STRONG}{text}{END}"


def ltr(text: str) -> str:
    """Isolate text that runs from left to right whatever it is made of."""
    return f"{LEFT_TO_RIGHT}{text}{END}"


def seen(text: str) -> str:
    """Return the text without the signs that only steer."""
    return "".join(sign for sign in text if sign not in UNSEEN)


def leveled(text: str, rtl: bool) -> list[Sign]:
    """Return every character of one paragraph with its level, in the order of reading."""
    if not rtl and not RUNS_LEFT.search(text):  # most papers: nothing to be found out
        return [Sign(character, 0) for character in text]
    direction = TextDirection.RTL if rtl else TextDirection.LTR
    paragraph = BidiParagraph(text, base_direction=direction, preserve_bn_chars=True)
    return [
        Sign(character.character, character.embedding_level)
        for character in paragraph.get_characters()
    ]


def as_seen(pieces: list[Piece]) -> list[Piece]:
    """Bring the pieces of one line into the order in which they stand on it (rule L2)."""
    levels = [piece.level for piece in pieces]
    odd = [level for level in levels if level % 2]
    order = list(pieces)
    for level in range(max(levels, default=0), min(odd, default=1) - 1, -1):
        order = _turned(order, level)
    return order


def _turned(pieces: list[Piece], level: int) -> list[Piece]:
    result: list[Piece] = []
    waiting: list[Piece] = []
    for piece in pieces:
        if piece.level >= level:
            waiting.insert(0, piece)
            continue
        result += [*waiting, piece]
        waiting = []
    return result + waiting
