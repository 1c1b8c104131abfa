"""From a text to lines that fit: direction first, then breaks, then the order on the line.

The PDF library orders a paragraph before it breaks it, which puts the words of a mixed
paragraph into wrong lines; here each line is ordered on its own, as the standard asks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from . import bidi, fonts
from .bidi import Sign

SPACES = frozenset(" \u2009\u200b")
LAST_RESORT = frozenset("-/.@_")  # where a word is broken that is wider than a line
NEVER_FIRST = frozenset("!?:;»%€·–")  # signs that French sets after a blank


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: size in points, weight, and grey from 0 (black) to 1 (white)."""

    size: float = 10
    bold: bool = False
    grey: float = 0
    leading: float = 1.4  # distance of base lines, in sizes


@dataclass(frozen=True, slots=True)
class Run(bidi.Leveled):
    """A piece of a line in one face and one direction."""

    text: str
    face: str
    bold: bool
    level: int
    order: int = field(default=0, compare=False)  # of reading, on its line

    @property
    def rtl(self) -> bool:
        """Tell whether the piece runs from right to left."""
        return bool(self.level % 2)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs and its text in the order of reading, its width in mm."""

    runs: list[Run]
    text: str
    width: float

    @property
    def mixed(self) -> bool:
        """Tell whether the order on the line differs from the order of reading."""
        return any(run.rtl for run in self.runs)


Measure = Callable[[Run, float], float]  # run and size in points -> width in mm


def lines_of(text: str, style: Style, width: float, rtl: bool, measure: Measure) -> list[Line]:
    """Break `text` into lines of at most `width` mm; a line feed always begins a new one.

    A word that is wider than a line is broken where it has to be.
    """
    text = unicodedata.normalize("NFC", text).replace("\t", " ")
    return [
        line
        for paragraph in text.split("\n")
        for line in _Paragraph(paragraph, style, rtl, measure).lines(width)
    ]


class _Paragraph:
    def __init__(self, text: str, style: Style, rtl: bool, measure: Measure) -> None:
        self.signs = bidi.leveled(text, rtl)
        self.style = style
        self.measure = measure

    def lines(self, width: float) -> Iterator[Line]:
        start = before = 0  # where the line and the word begin
        used = 0.0
        for end in self._word_ends():
            if used + self._width(before, end, stripped=True) > width:
                if before > start:
                    yield self._line(start, before)
                start, used = before, 0.0
                while self._width(start, end, stripped=True) > width:
                    cut = self._cut(start, end, width)
                    yield self._line(start, cut)
                    start = before = cut
            used += self._width(before, end)
            before = end
        yield self._line(start, len(self.signs))

    def _word_ends(self) -> Iterator[int]:
        for index, sign in enumerate(self.signs, start=1):
            following = self.signs[index].character if index < len(self.signs) else ""
            if not following or (
                sign.character in SPACES and following not in SPACES | NEVER_FIRST
            ):
                yield index

    def _cut(self, start: int, end: int, width: float) -> int:
        """Find where to break a long word: after a hyphen or a slash, or where it is full."""
        full = start + 1  # at least one sign, or there would be no end
        while full < end and self._width(start, full + 1, stripped=True) <= width:
            full += 1
        for place in range(full, start + (full - start) // 2, -1):
            if self.signs[place - 1].character in LAST_RESORT:
                return place
        return full

    def _stripped(self, start: int, end: int) -> list[Sign]:
        signs = self.signs[start:end]
        while signs and signs[-1].character in SPACES | bidi.UNSEEN:
            signs.pop()
        return signs

    def _width(self, start: int, end: int, stripped: bool = False) -> float:
        signs = self._stripped(start, end) if stripped else self.signs[start:end]
        return sum(self.measure(run, self.style.size) for run in self._runs(signs))

    def _line(self, start: int, end: int) -> Line:
        signs = self._stripped(start, end)
        runs = [replace(run, order=order) for order, run in enumerate(self._runs(signs))]
        text = bidi.seen("".join(sign.character for sign in signs))
        width = sum(self.measure(run, self.style.size) for run in runs)
        return Line(runs, text, width)

    def _runs(self, signs: list[Sign]) -> Iterator[Run]:
        text, face, level = "", fonts.LATIN, -1
        for sign in signs:
            if sign.character in bidi.UNSEEN:
                continue
            fitting = fonts.face_of(sign.character, face)
            known = ord(sign.character) in fonts.signs_of(fitting)
            if text and (fitting, sign.level) != (face, level):
                yield Run(text, face, self.style.bold, level)
                text = ""
            face, level = (fitting, sign.level) if known else (fonts.LATIN, sign.level)
            text += sign.character if known else fonts.UNKNOWN
        if text:
            yield Run(text, face, self.style.bold, level)
