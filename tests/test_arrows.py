"""What import-linter cannot say: rules import nothing but the standard library and each other."""

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
    own = f"{path.relative_to(PROJECT).parts[0]}.rules"
    rooms = ("portal.dates", "portal.rules", own)
    top = module.split(".")[0]
    return (
        top in sys.stdlib_module_names
        or top == "_typeshed"
        or any(  # types alone, never run
            module == room or module.startswith(f"{room}.") for room in rooms
        )
    )


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_rules_import_the_standard_library_dates_and_rules_alone(path: Path) -> None:
    assert [module for module in imported(path) if not may_be_imported(module, path)] == []
