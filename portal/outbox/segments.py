"""How many pieces a text message is cut into: 160 signs of GSM 03.38, or 70 of anything else."""

from __future__ import annotations

import unicodedata

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")  # take the room of two
MOST = 2  # pieces that one of our messages may take
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        "\u2026": "...",
        "\u0153": "oe",
        "\u0152": "OE",
        # Old telephones show the signs that isolate a direction as boxes.
        **dict.fromkeys("\u2066\u2067\u2068\u2069\u200e\u200f", ""),
    }
)


def thrifty(text: str) -> str:
    """Return a text on one line, in the small alphabet if only accents keep it out.

    A single ê would more than halve the room of a whole French message.
    """
    plain = " ".join(text.translate(_PLAIN).split())
    bare = "".join(sign if _is_gsm(sign) else _without_accents(sign) for sign in plain)
    return bare if _is_gsm(bare) else plain


def segments(text: str) -> int:
    """Return how many pieces a text takes; a piece of several has less room."""
    if _is_gsm(text):
        return _pieces(len(text) + sum(sign in EXTENDED for sign in text), 160, 153)
    return _pieces(len(text.encode("utf-16-be")) // 2, 70, 67)


def _pieces(length: int, alone: int, among_others: int) -> int:
    return 1 if length <= alone else -(-length // among_others)


def _is_gsm(text: str) -> bool:
    return all(sign in GSM or sign in EXTENDED for sign in text)


def _without_accents(sign: str) -> str:
    decomposed = unicodedata.normalize("NFKD", sign)
    return "".join(one for one in decomposed if not unicodedata.combining(one))
