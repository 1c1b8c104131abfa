"""What import-linter cannot say: rules import nothing but the standard library and other rules.

Whose rules an app may read follows its arrow: a deadline of an appeal is law of applications, and
complaints must not have it twice.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
RULES = sorted(
    path
    for app in ("portal", "applications", "appointments", "complaints")
    for path in (PROJECT / app / "rules").glob("**/*.py")
)
SEEN_BY = {
    "portal": (),
    "applications": ("applications",),
    "appointments": ("applications", "appointments"),
    "complaints": ("applications", "complaints"),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            depth = len(path.relative_to(PROJECT).parts) - 2  # of the file below its rules/
            assert node.level <= depth, "a relative import that leaves the rules"


def may_be_imported(module: str, path: Path) -> bool:
    app = path.relative_to(PROJECT).parts[0]
    rooms = ("portal.dates", "portal.rules", *(f"{below}.rules" for below in SEEN_BY[app]))
    top = module.split(".")[0]
    return (
        top in sys.stdlib_module_names
        or top == "_typeshed"
        or any(  # types alone, never run
            module == room or module.startswith(f"{room}.") for room in rooms
        )
    )


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_rules_import_the_standard_library_dates_and_rules_below_alone(path: Path) -> None:
    assert [module for module in imported(path) if not may_be_imported(module, path)] == []
