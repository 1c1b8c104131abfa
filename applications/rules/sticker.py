"""What a visa sticker says under « valid for » (EX-15; Visa Code annex VII no. 1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from portal.rules.findings import FactError

from .memberships import CODES, Memberships

_WHOLE_AREA = "schengen"
_PARENTHESIS = re.compile(r"^(?P<base>[^()]*)(?:\((?P<changes>[^()]*)\))?$")
_CHANGE = re.compile(r"([+-]?)\s*([A-Z]{2})\b")


@dataclass(frozen=True, slots=True)
class Territory:
    """Where a visa is valid: the whole area or named states, less and plus some."""

    whole_area: bool
    named: frozenset[str]
    excluded: frozenset[str]

    def covers(self, state: str, lists: Memberships) -> bool:
        """Tell whether a visa with this remark opens `state` on the day of `lists`."""
        if state in self.excluded:
            return False
        return state in self.named or (self.whole_area and lists.is_schengen(state))


def read_sticker(remark: str | None, field: str, lists: Memberships) -> Territory:
    """Return where a visa is valid; without a remark it is the whole area (003 §3.1).

    Reads « ETATS SCHENGEN », « ETATS SCHENGEN (-FR) », « ES », « ES,FR », « FRANCE SAUF CTOM ».
    Raises FactError naming `field` for a remark that cannot be read.
    """
    match = _PARENTHESIS.match(_plain(remark or _WHOLE_AREA))
    if match is None:
        raise _unreadable(field, remark)
    changes = _CHANGE.findall(match["changes"] or "")
    named = _base(match["base"].strip(), field, remark, lists)
    plus = _codes((code for sign, code in changes if sign == "+"), field, remark)
    minus = _codes((code for sign, code in changes if sign != "+"), field, remark)
    return Territory(_WHOLE_AREA in named, (named - {_WHOLE_AREA}) | plus, minus)


def _base(base: str, field: str, remark: str | None, lists: Memberships) -> frozenset[str]:
    notation = lists.value("sticker_notation", base)
    if notation:
        return frozenset({notation})
    words = [word for word in re.split(r"[\s,;/+]+", base) if word]
    if not words:
        raise _unreadable(field, remark)
    return _codes(words, field, remark)


def _codes(words: Iterable[str], field: str, remark: str | None) -> frozenset[str]:
    codes = frozenset(CODES.normal(word) for word in words)
    if None in codes:
        raise _unreadable(field, remark)
    return frozenset(code for code in codes if code)


def _plain(remark: str) -> str:
    """Return the remark in capitals, without accents; hyphens between letters become spaces."""
    text = unicodedata.normalize("NFKD", remark.replace("’", "'")).upper()
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.sub(r"(?<=[A-Z])-(?=[A-Z])", " ", text).split())


def _unreadable(field: str, remark: str | None) -> FactError:
    return FactError(field, "UNREADABLE_TERRITORY", f"cannot read {remark!r}", value=remark)
