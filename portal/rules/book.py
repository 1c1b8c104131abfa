"""The rule book: every rule with its sentence, values, source, boundaries and history.

It is read from the tables and from the docstrings of the rule functions, so that it cannot say
anything else than what is applied.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import FunctionType, ModuleType
from typing import Any

from .findings import plain
from .parameters import ALWAYS, ParameterRow

_ID = re.compile(r"\b([A-Z]{2})-(\d{2})\b")
_RANGE = re.compile(r"\b[A-Z]{2}-\d{2} to [A-Z]{2}-\d{2}\b")
_SECTION = re.compile(r"^(Rule|Source|Boundaries):\s*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one rule function says of itself."""

    sentence: str
    source: str
    boundaries: tuple[str, ...]
    function: str  # where it is applied: module and name

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "sentence": self.sentence,
            "source": self.source,
            "boundaries": list(self.boundaries),
            "function": self.function,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One value that began or ended to hold on a day."""

    day: date
    row: ParameterRow
    begins: bool

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        verb = "begins" if self.begins else "no_longer"
        row = self.row
        return {
            "day": self.day.isoformat(),
            "change": verb,
            "name": row.name,
            "applies_to": row.applies_to,
            "value": plain(row.value),
            "ruleset": row.ruleset.value,
            "citation": row.citation,
        }


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule of the book."""

    id: str
    statements: tuple[Statement, ...]
    rows: tuple[ParameterRow, ...]

    @property
    def family(self) -> str:
        """The family, such as PA of PA-03."""
        return self.id.partition("-")[0]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed when, the latest first."""
        found = [change for row in self.rows for change in _changes(row)]
        return tuple(sorted(found, key=lambda change: (change.day, change.begins), reverse=True))

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "family": self.family,
            "statements": [statement.as_json() for statement in self.statements],
            "values": [plain({**row.as_json(), "note": row.note}) for row in self.rows],
            "changes": [change.as_json() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, in the order of their ids."""

    entries: tuple[RuleEntry, ...]

    def families(self) -> dict[str, list[RuleEntry]]:
        """Return the rules by family."""
        found: dict[str, list[RuleEntry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.family].append(entry)
        return dict(found)

    def find(self, rule: str) -> RuleEntry | None:
        """Return one rule, None if the book has none of this id."""
        return next((entry for entry in self.entries if entry.id == rule), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"rules": [entry.as_json() for entry in self.entries]}


def read_book(rows: Iterable[ParameterRow], modules: Iterable[ModuleType]) -> RuleBook:
    """Gather the book from the rows of the law and the docstrings of `modules`."""
    by_rule: dict[str, list[ParameterRow]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
    said: dict[str, list[Statement]] = defaultdict(list)
    for module in modules:
        for rule, statement in _statements(module):
            said[rule].append(statement)
    ids = sorted({*by_rule, *said})
    return RuleBook(tuple(_entry(rule, said[rule], by_rule[rule]) for rule in ids))


def _entry(rule: str, said: list[Statement], rows: list[ParameterRow]) -> RuleEntry:
    order = sorted(rows, key=lambda r: (r.name, r.applies_to, r.ruleset, r.effective.first))
    return RuleEntry(rule, tuple(said), tuple(order))


def _statements(module: ModuleType) -> Iterator[tuple[str, Statement]]:
    for name, function in vars(module).items():
        if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
            continue
        parts = _sections(inspect.getdoc(function) or "")
        rules = _RANGE.sub("", parts.get("Rule", ""))
        for family, number in _ID.findall(rules):
            yield f"{family}-{number}", _statement(parts, f"{module.__name__}.{name}")


def _sections(doc: str) -> dict[str, str]:
    """Split a docstring into its first paragraph and its named sections."""
    head, *rest = _SECTION.split(doc)
    found = {"": head.split("\n\n")[0]}
    found |= dict(zip(rest[::2], rest[1::2], strict=True))
    return {name: " ".join(text.split()) for name, text in found.items()}


def _statement(parts: dict[str, str], function: str) -> Statement:
    boundaries = (part.strip() for part in parts.get("Boundaries", "").rstrip(".").split(";"))
    return Statement(
        sentence=parts[""],
        source=parts.get("Source", ""),
        boundaries=tuple(part for part in boundaries if part),
        function=function,
    )


def _changes(row: ParameterRow) -> Iterator[Change]:
    if row.effective.first != ALWAYS:
        yield Change(row.effective.first, row, begins=True)
    if row.effective.last is not None:
        yield Change(row.effective.last + timedelta(days=1), row, begins=False)
