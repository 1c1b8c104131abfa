"""Who belongs to what, on which day: states, exemptions, lists and notations (CO-08, EX-02…15)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from portal.dates import DateRange
from portal.rules.parameters import ALWAYS, Law, LawError, ParameterRow, ParameterTable, Ruleset

_FILE = Path(__file__).with_name("memberships.toml")
_LIST_KEYS = frozenset(
    ("name", "rule", "jurisdiction", "ruleset", "source_kind", "citation", "note", "members")
)
_MEMBER_KEYS = frozenset(("member", "value", "from", "until", "citation", "note"))


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of states and territories that exist, and other spellings of them."""

    states: frozenset[str]
    without_state: frozenset[str]
    aliases: dict[str, str]

    def normal(self, code: str) -> str | None:
        """Return the code in its one spelling, or None if no such state exists."""
        code = code.strip().upper()
        code = self.aliases.get(code, code)
        return code if code in self.states or code in self.without_state else None


class Memberships:
    """The lists on one day under one ruleset; remembers the rows that were asked for."""

    def __init__(self, day: date, ruleset: Ruleset) -> None:
        self._law: Law = MEMBERSHIPS.on(day, ruleset)

    def row(self, name: str, member: str) -> ParameterRow | None:
        """Return the row that makes (or unmakes) `member` a member of list `name`."""
        for rule in _rules_of(name, member):
            row = self._law.row(rule, name, member)
            if row is not None:
                return row
        return None

    def value(self, name: str, member: str) -> Any:
        """Return what list `name` says of `member`; None if it does not name it."""
        row = self.row(name, member)
        return None if row is None else row.value

    def has(self, name: str, member: str) -> bool:
        """Tell whether `member` is on list `name`."""
        return bool(self.value(name, member))

    def is_schengen(self, state: str) -> bool:
        """Tell whether `state` applies the Schengen acquis (CO-08, ST-12)."""
        return self.has("schengen", state)

    @property
    def used(self) -> tuple[ParameterRow, ...]:
        """The rows that were asked for so far, in order."""
        return self._law.used


def is_schengen(state: str, day: date) -> bool:
    """Tell whether `state` (ISO 3166 code, or UK, EL) was a Schengen state on `day`.

    A state that does not exist is none.  Both rulesets read the same accession dates
    (ST-12, CO-08).
    """
    return any(day in period for period in schengen_periods(state))


@cache
def schengen_periods(state: str) -> tuple[DateRange, ...]:
    """Return the periods in which `state` is a Schengen state; empty if it never was."""
    code = CODES.normal(state)
    return tuple(
        row.effective
        for row in MEMBERSHIPS
        if row.name == "schengen" and row.applies_to == code and row.value
    )


def members(name: str, day: date, ruleset: Ruleset = Ruleset.SEED) -> tuple[str, ...]:
    """Return the sorted members of list `name` on `day`."""
    lists = Memberships(day, ruleset)
    return tuple(sorted(m for m in _members_ever(name) if lists.has(name, m)))


def is_overseas(territory: str) -> bool:
    """Tell whether `territory` is a French overseas territory of source 003 §4.2 (EX-07)."""
    return territory in _members_ever("overseas_order")


def _read() -> tuple[ParameterTable, Codes]:
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    codes = data["codes"]
    table = ParameterTable(row for entry in data["list"] for row in _rows(entry))
    return table, Codes(
        frozenset(codes["states"].split()), frozenset(codes["without_state"]), codes["aliases"]
    )


def _rows(entry: dict[str, Any]) -> Iterator[ParameterRow]:
    _refuse_unknown(entry, _LIST_KEYS)
    for member in entry["members"]:
        _refuse_unknown(member, _MEMBER_KEYS)
        yield ParameterRow(
            rule=entry["rule"],
            name=entry["name"],
            value=member.get("value", True),
            ruleset=Ruleset(entry["ruleset"]),
            citation=member.get("citation", entry["citation"]),
            jurisdiction=entry["jurisdiction"],
            source_kind=entry["source_kind"],
            applies_to=member["member"],
            effective=DateRange(member.get("from", ALWAYS), member.get("until")),
            note=member.get("note", entry.get("note", "")),
        )


def _refuse_unknown(entry: dict[str, Any], keys: frozenset[str]) -> None:
    if unknown := set(entry) - keys:
        raise LawError(f"{_FILE.name}: {entry}: unknown {sorted(unknown)}")


MEMBERSHIPS, CODES = _read()


@cache
def _members_ever(name: str) -> frozenset[str]:
    return frozenset(row.applies_to for row in MEMBERSHIPS if row.name == name)


@cache
def _rules_of(name: str, member: str) -> tuple[str, ...]:
    found = (r.rule for r in MEMBERSHIPS if r.name == name and r.applies_to == member)
    return tuple(dict.fromkeys(found))
