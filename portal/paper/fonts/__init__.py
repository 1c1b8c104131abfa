"""The typefaces of the house's papers, subsets under the SIL Open Font License (see OFL.txt)."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

# It tells every table it prunes.
logging.getLogger("fontTools").setLevel(logging.WARNING)

FOLDER = Path(__file__).resolve().parent
LATIN, ARABIC = "NotoSans", "NotoNaskhArabic"
OPTICAL = {LATIN: 1.0, ARABIC: 1.14}  # Naskh looks small beside Latin letters of its own size
UNKNOWN = "\ufffd"  # stands for a sign that neither face has, so that the gap is seen


def font_file(face: str, bold: bool) -> Path:
    """Return where a face lies."""
    return FOLDER / f"{face}-{'Bold' if bold else 'Regular'}.ttf"


@lru_cache(maxsize=4)
def signs_of(face: str) -> frozenset[int]:
    """Return the code points that a face can draw."""
    with TTFont(font_file(face, False), lazy=True) as font:
        return frozenset(font.getBestCmap())


def face_of(sign: str, before: str = LATIN) -> str:
    """Return the face that draws `sign`, staying with the one before where both can."""
    if ord(sign) in signs_of(before):
        return before
    other = ARABIC if before == LATIN else LATIN
    return other if ord(sign) in signs_of(other) else before
