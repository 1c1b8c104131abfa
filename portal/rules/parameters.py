"""The law as rows: dated, cited parameters, read from TOML and never from code (CV-01).

A table file holds ``[[parameter]]`` entries.  Keys of an entry:

    rule         the sheet's id, such as "PA-03"
    name         what the value is, such as "margin_after_departure"
    value        number, text, list or table
    unit         "days", "months", "years", "euros" … (optional)
    ruleset      "seed" (what the source texts say) or "current" (today's law)
    applies_to   a case the row is for, such as "return_visa" (optional, default "")
    jurisdiction "EU", "FR", "DE", "DZ"
    from, until  first and last day it holds, both included (optional: open)
    citation     the source text and article
    source_kind  "seed", "law" or "practice"
    note         why there is a second reading, what to re-check … (optional)
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from portal.dates import DateRange

ALWAYS = date(1, 1, 1)
EVER = DateRange(ALWAYS)


# Set by `law_as_of` alone: the day whose law answers, and the rows that were asked for.
_LAW_DAY: ContextVar[date | None] = ContextVar("law_day", default=None)
_ASKED: ContextVar[dict[tuple[Any, ...], ParameterRow] | None] = ContextVar("asked", default=None)


@contextmanager
def law_as_of(day: date) -> Iterator[dict[tuple[Any, ...], ParameterRow]]:
    """Answer every question inside by the law of `day`, and gather the rows asked for.

    For policy officers who ask what a change of law changes; no page and no task uses it.
    """
    asked: dict[tuple[Any, ...], ParameterRow] = {}
    tokens = _LAW_DAY.set(day), _ASKED.set(asked)
    try:
        yield asked
    finally:
        _LAW_DAY.reset(tokens[0])
        _ASKED.reset(tokens[1])


class Ruleset(StrEnum):
    """Which reading of the law a mission applies to a rule family."""

    SEED = "seed"
    CURRENT = "current"


class LawError(ValueError):
    """A parameter table that contradicts itself, or lacks what a rule asks for."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One dated, cited value of the law."""

    rule: str
    name: str
    value: Any
    ruleset: Ruleset
    citation: str
    jurisdiction: str
    source_kind: str
    unit: str = ""
    applies_to: str = ""
    effective: DateRange = EVER
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What must be unique at any one day within a ruleset."""
        return (self.rule, self.name, self.applies_to, self.jurisdiction)

    @property
    def family(self) -> str:
        """The rule family, such as PA of PA-03."""
        return self.rule.partition("-")[0]

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values; open ends are None."""
        first, last = self.effective.first, self.effective.last
        return {
            "rule": self.rule,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "applies_to": self.applies_to,
            "jurisdiction": self.jurisdiction,
            "ruleset": self.ruleset.value,
            "from": None if first == ALWAYS else first.isoformat(),
            "until": last and last.isoformat(),
            "citation": self.citation,
            "source_kind": self.source_kind,
        }


class ParameterTable:
    """All rows of one or several files; refuses rows of one key that overlap in time."""

    def __init__(self, rows: Iterable[ParameterRow]) -> None:
        self._by_key: dict[tuple[Ruleset, str, str, str], list[ParameterRow]] = defaultdict(list)
        self._rows = tuple(rows)
        for row in self._rows:
            siblings = self._by_key[(row.ruleset, row.rule, row.name, row.applies_to)]
            for other in siblings:
                if other.key == row.key and other.effective.overlaps(row.effective):
                    raise LawError(f"{row.rule} {row.name}: two rows hold on the same day")
            siblings.append(row)

    @classmethod
    def load(cls, *paths: Path) -> ParameterTable:
        """Read the TOML files at `paths`; raises LawError for a row that is not well formed."""
        return cls(row for path in paths for row in _read(path))

    def __iter__(self) -> Iterator[ParameterRow]:
        return iter(self._rows)

    def on(self, reference_date: date, ruleset: Ruleset = Ruleset.SEED) -> Law:
        """Return the law as it stands on `reference_date` under `ruleset`."""
        return Law(self, _LAW_DAY.get() or reference_date, ruleset)

    def find(
        self, rule: str, name: str, applies_to: str, jurisdiction: str, day: date, ruleset: Ruleset
    ) -> ParameterRow | None:
        """Return the row of exactly this ruleset that holds on `day`, if there is one."""
        for row in self._by_key.get((ruleset, rule, name, applies_to), ()):
            if day in row.effective and jurisdiction in ("", row.jurisdiction):
                return row
        return None


class Law:
    """The law on one day under one ruleset; remembers the rows that were asked for.

    Under ``current`` a rule without a dated alternative is answered by its seed row: the
    alternatives are exceptions to the requirement, not a second complete law.
    """

    def __init__(self, table: ParameterTable, reference_date: date, ruleset: Ruleset) -> None:
        self.reference_date = reference_date
        self.ruleset = ruleset
        self._table = table
        self._used: dict[tuple[Any, ...], ParameterRow] = {}

    def row(
        self, rule: str, name: str, applies_to: str = "", jurisdiction: str = ""
    ) -> ParameterRow | None:
        """Return the row that holds, or None where the law is silent."""
        order = (
            (Ruleset.CURRENT, Ruleset.SEED) if self.ruleset is Ruleset.CURRENT else (Ruleset.SEED,)
        )
        for ruleset in order:
            row = self._table.find(
                rule, name, applies_to, jurisdiction, self.reference_date, ruleset
            )
            if row is not None:
                self._used[_identity(row)] = row
                asked = _ASKED.get()
                if asked is not None:
                    asked[_identity(row)] = row
                return row
        return None

    def value(self, rule: str, name: str, applies_to: str = "", jurisdiction: str = "") -> Any:
        """Return the value that holds; raises LawError where the law is silent."""
        return self.need(rule, name, applies_to, jurisdiction).value

    def need(
        self, rule: str, name: str, applies_to: str = "", jurisdiction: str = ""
    ) -> ParameterRow:
        """Return the row that holds; raises LawError where the law is silent."""
        row = self.row(rule, name, applies_to, jurisdiction)
        if row is None:
            raise LawError(
                f"no {self.ruleset} row for {rule} {name} {applies_to} on {self.reference_date}"
            )
        return row

    def stated(
        self, rule: str, name: str, applies_to: str = "", jurisdiction: str = ""
    ) -> ParameterRow | None:
        """Return the row that holds, of the other ruleset where this one is silent.

        For what the source texts never mention, or no longer hold for: there is one reading
        only, and its row says whose it is.
        """
        row = self.row(rule, name, applies_to, jurisdiction)
        if row is None and self.ruleset is Ruleset.SEED:
            row = self.reading(Ruleset.CURRENT).row(rule, name, applies_to, jurisdiction)
        return row

    def cases_of(self, rule: str, name: str, jurisdiction: str = "") -> dict[str, ParameterRow]:
        """Return the rows of one parameter that hold, keyed by the case they apply to."""
        cases = dict.fromkeys(
            row.applies_to for row in self._table if row.rule == rule and row.name == name
        )
        found = {case: self.row(rule, name, case, jurisdiction) for case in cases}
        return {case: row for case, row in found.items() if row is not None}

    def reading(self, ruleset: Ruleset) -> Law:
        """Return the law of the same day under another ruleset, remembering rows here."""
        other = Law(self._table, self.reference_date, ruleset)
        other._used = self._used
        return other

    @property
    def used(self) -> tuple[ParameterRow, ...]:
        """The rows that were asked for so far, in order."""
        return tuple(self._used.values())


def _identity(row: ParameterRow) -> tuple[Any, ...]:
    return (row.ruleset, *row.key, row.effective)


_REQUIRED = ("rule", "name", "value", "ruleset", "citation", "jurisdiction", "source_kind")
_OPTIONAL = ("unit", "applies_to", "from", "until", "note")


def _read(path: Path) -> Iterator[ParameterRow]:
    with path.open("rb") as file:
        entries = tomllib.load(file).get("parameter", [])
    for entry in entries:
        label = f"{path.name}: {entry.get('rule')} {entry.get('name')}"
        missing = [key for key in _REQUIRED if entry.get(key) in (None, "")]
        unknown = set(entry) - set(_REQUIRED) - set(_OPTIONAL)
        if missing or unknown:
            raise LawError(f"{label}: missing {missing}, unknown {sorted(unknown)}")
        try:
            effective = DateRange(entry.get("from", ALWAYS), entry.get("until"))
            ruleset = Ruleset(entry["ruleset"])
        except ValueError as error:
            raise LawError(f"{label}: {error}") from error
        yield ParameterRow(
            rule=entry["rule"],
            name=entry["name"],
            value=entry["value"],
            ruleset=ruleset,
            citation=entry["citation"],
            jurisdiction=entry["jurisdiction"],
            source_kind=entry["source_kind"],
            unit=entry.get("unit", ""),
            applies_to=entry.get("applies_to", ""),
            effective=effective,
            note=entry.get("note", ""),
        )
