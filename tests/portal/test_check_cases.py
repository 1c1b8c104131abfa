"""The command that holds the rules to a file of cases."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

GOOD: dict[str, Any] = {
    "module": "maintenance",
    "id": "M04",
    "inputs": {"instant": "2025-12-03T19:30:00+01:00"},
    "expected": {"suspended": False, "window": None},
    "ruleset": "seed",
}


def run(tmp_path: Path, *cases: Any, **options: Any) -> str:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": cases}))
    out = StringIO()
    try:
        call_command("check_cases", path, stdout=out, **options)
    except CommandError as error:
        out.write(f"FAILED {error}")
    return out.getvalue()


def test_what_holds_is_counted(tmp_path: Path) -> None:
    printed = run(tmp_path, GOOD)
    assert "1 of   1 hold" in printed
    assert "FAILED" not in printed


def test_each_difference_is_printed_and_the_command_fails(tmp_path: Path) -> None:
    printed = run(tmp_path, GOOD, GOOD | {"id": "M99", "expected": {"window": 2}})
    assert "M99  window: expected 2, got None" in printed
    assert printed.endswith("FAILED 1 of 2 cases hold.")


def test_a_module_not_yet_built_is_missing(tmp_path: Path) -> None:
    printed = run(tmp_path, GOOD | {"module": "horoscope"})
    assert "horoscope" in printed
    assert "missing" in printed
    assert printed.endswith("FAILED 0 of 1 cases hold.")


def test_bad_input_of_a_case_is_a_difference(tmp_path: Path) -> None:
    printed = run(tmp_path, GOOD | {"inputs": {"instant": "yesterday"}})
    assert "M04  (inputs)" in printed
    assert "FAILED" in printed


def test_one_module_can_be_looked_at_alone(tmp_path: Path) -> None:
    wrong = GOOD | {"module": "passport", "id": "P99"}
    assert "FAILED" not in run(tmp_path, GOOD, wrong, module=["maintenance"])
    assert "no case of module nothing" in run(tmp_path, GOOD, module=["nothing"])


@pytest.mark.parametrize("content", ["{", "[]", '{"cases": [1]}', '{"cases": [{"id": 1}]}'])
def test_a_malformed_file_is_one_clear_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(content)
    with pytest.raises(CommandError) as error:
        call_command("check_cases", path)
    assert str(error.value).endswith(".")
