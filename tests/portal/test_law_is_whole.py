"""The law as data: what must hold of every table, and of the tests beside it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import applications.rules.law
import appointments.rules.law
from portal.rules.parameters import ParameterRow

ADDERS = {"add_months", "add_years", "timedelta"}
HOUSE = Path(__file__).parents[2]
ROWS = [row for law in (applications.rules.law, appointments.rules.law) for row in law.LAW]
BUILT = (
    [f"PA-{n:02}" for n in range(1, 14)]
    + [f"ST-{n:02}" for n in (*range(1, 13),)]
    + [f"HO-{n:02}" for n in range(1, 9)]
    + [f"AP-{n:02}" for n in range(2, 7)]
    + ["DO-12", "DO-13", "DP-03", "DP-04", "RD-01", "RD-04", "RD-05", "RD-06", "RD-09"]
    + [f"RC-{n:02}" for n in range(3, 7)]
    + [f"CV-{n:02}" for n in range(1, 7)]
)


def _name(row: ParameterRow) -> str:
    return f"{row.rule} {row.name} {row.applies_to}".strip()


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_every_row_names_rule_source_and_kind(row: ParameterRow) -> None:
    assert re.fullmatch(r"[A-Z]{2}-\d\d", row.rule)
    assert len(row.citation) > 2
    assert row.source_kind in {"seed", "law", "practice"}
    assert row.jurisdiction in {"EU", "DE", "FR", "DZ"}


def test_every_number_has_a_unit() -> None:
    numbers = [row for row in ROWS if type(row.value) is int]
    assert [_name(row) for row in numbers if not row.unit] == []


def test_every_row_is_asked_for() -> None:
    """By a rule, or by an operation that has to know the moment to ask."""
    asking = [*HOUSE.glob("*/rules/**/*.py"), *HOUSE.glob("*/operations/*.py")]
    code = "\n".join(path.read_text() for path in asking)
    assert [_name(row) for row in ROWS if f'"{row.name}"' not in code] == []


def test_no_rule_adds_a_number_of_its_own() -> None:
    """Months, days and years of the law are rows; code steps by one day and no more."""
    written = [
        f"{path.name}:{call.lineno}"
        for path in HOUSE.glob("*/rules/**/*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ADDERS
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(value, ast.Constant) and value.value not in (0, 1)
    ]
    assert written == []


@pytest.mark.parametrize("rule", BUILT)
def test_every_rule_is_named_by_a_test(rule: str) -> None:
    tests = (
        path.read_text() for path in (HOUSE / "tests").rglob("test_*.py") if path != Path(__file__)
    )
    assert any(rule in text for text in tests)
