"""The lists of papers as dated, cited rows, read from ``checklist.toml`` (DO-01 to DO-11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.dates import DateRange
from portal.rules.parameters import ALWAYS, LawError, ParameterRow, ParameterTable, Ruleset

_FILE = Path(__file__).with_name("checklist.toml")
_SHARED_KEYS = (
    "rule",
    "citation",
    "ruleset",
    "source_kind",
    "jurisdiction",
    "from",
    "until",
    "note",
)
_OWN_KEYS = ("id", "purposes", "heading", "need", "when", "any_of", "categories", "whole_stay")
_REQUIREMENT_KEYS = frozenset((*_SHARED_KEYS, *_OWN_KEYS, "missing"))
REQUIRED, CONDITIONAL, OPTIONAL, NOT_ASKED = "R", "C", "O", "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One proof that a purpose asks for, and the row of law that it rests on."""

    id: str
    purpose: str
    heading: str
    need: str
    any_of: tuple[str, ...]
    row: ParameterRow
    when: str = ""
    categories: frozenset[str] = frozenset()
    whole_stay: bool = False
    is_entry_condition: bool = False

    def holds(self, day: date, ruleset: Ruleset) -> bool:
        """Tell whether the row holds: today's law adds its rows to those of the sources."""
        return day in self.row.effective and (
            self.row.ruleset is Ruleset.SEED or ruleset is Ruleset.CURRENT
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Everything that ``checklist.toml`` says."""

    headings: tuple[str, ...]
    categories: tuple[str, ...]
    border: tuple[str, ...]
    not_ties: tuple[str, ...]
    stays: dict[str, str]
    proves: dict[str, frozenset[str]]
    requirements: tuple[Requirement, ...]

    def own_means(self, purpose: str) -> frozenset[str]:
        """Return the papers that show means of one's own for `purpose`."""
        rows = (r for r in self.requirements if r.purpose == purpose and r.when == "own_means")
        return frozenset(paper for row in rows for paper in row.any_of)

    def asked(self, purpose: str, category: str, day: date, ruleset: Ruleset) -> list[Requirement]:
        """Return what a purpose asks of an applicant on `day`, in the order of the headings."""
        found = [
            requirement
            for requirement in self.requirements
            if requirement.purpose == purpose
            and requirement.holds(day, ruleset)
            and (not requirement.categories or category in requirement.categories)
        ]
        return sorted(found, key=lambda requirement: self.headings.index(requirement.heading))


def _read() -> Checklist:
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    proves = {item["id"]: frozenset(item["proves"]) for item in data["item"]}
    requirements = tuple(r for entry in data["requirement"] for r in _requirements(entry))
    ParameterTable(requirement.row for requirement in requirements)  # refuses overlaps
    for requirement in requirements:
        _refuse_false_proof(requirement, proves)
    return Checklist(
        headings=tuple(data["headings"]),
        categories=tuple(data["categories"]),
        border=tuple(data["border"]),
        not_ties=tuple(data["not_ties"]),
        stays={purpose["id"]: purpose["stay"] for purpose in data["purpose"]},
        proves=proves,
        requirements=requirements,
    )


def _requirements(entry: dict[str, Any]) -> Iterator[Requirement]:
    if unknown := set(entry) - _REQUIREMENT_KEYS:
        raise LawError(f"{_FILE.name}: {entry.get('id')}: unknown {sorted(unknown)}")
    for purpose in entry["purposes"]:
        yield Requirement(
            id=entry["id"],
            purpose=purpose,
            heading=entry["heading"],
            need=entry["need"],
            any_of=tuple(entry["any_of"]),
            row=_row(entry, purpose),
            when=entry.get("when", ""),
            categories=frozenset(entry.get("categories", ())),
            whole_stay=entry.get("whole_stay", False),
            is_entry_condition=entry.get("missing") == "not_admissible",
        )


def _row(entry: dict[str, Any], purpose: str) -> ParameterRow:
    return ParameterRow(
        rule=entry["rule"],
        name=f"{entry['heading']}: {entry['id']}",
        value=entry["any_of"] or entry["need"],
        ruleset=Ruleset(entry.get("ruleset", "seed")),
        citation=entry["citation"],
        jurisdiction=entry.get("jurisdiction", "EU"),
        source_kind=entry.get("source_kind", "seed"),
        applies_to=purpose,
        effective=DateRange(entry.get("from", ALWAYS), entry.get("until")),
        note=entry.get("note", ""),
    )


def _refuse_false_proof(requirement: Requirement, proves: dict[str, frozenset[str]]) -> None:
    """Refuse a list in which a paper proves what it cannot: a ticket is no tie (DO-03, DO-04)."""
    for item in requirement.any_of:
        if requirement.heading not in proves.get(item, ()):
            raise LawError(f"{_FILE.name}: {item} does not prove {requirement.heading}")


CHECKLIST = _read()
ROWS = tuple(requirement.row for requirement in CHECKLIST.requirements)
