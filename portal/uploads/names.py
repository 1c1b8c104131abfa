"""What a file is called to people; no file is ever stored or opened by that name."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120  # characters
SLASHES = str.maketrans({"/": "∕", "\\": "∕"})  # looks like a slash and leads nowhere
ENDING = 10  # characters at most that count as the ending of a name


def display_name(raw: str) -> str:
    """Return a name that is safe to show and to offer for saving; "" if nothing is left.

    Signs that steer the direction of writing go: they can make a program look like a paper.
    """
    composed = unicodedata.normalize("NFC", raw)
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in composed)
    flat = " ".join(visible.split()).translate(SLASHES).lstrip(".∕ ")
    return _shortened(flat)


def name_with(name: str, suffix: str) -> str:
    """Return the display name with the ending of what the file really is."""
    stem = PurePosixPath(name).stem if PurePosixPath(name).suffix else name
    return f"{stem or 'document'}{suffix}"


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    _stem, dot, ending = name.rpartition(".")
    tail = f"…{dot}{ending}" if dot and len(ending) <= ENDING else "…"
    return name[: LONGEST - len(tail)] + tail
