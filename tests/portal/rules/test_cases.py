"""Files of cases: well formed or refused in a sentence, and compared fairly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.rules.cases import (
    Case,
    CaseFileError,
    check_cases,
    differences_of,
    load_cases,
    moment,
)
from portal.rules.parameters import Ruleset


def case(**expected: Any) -> Case:
    return Case("passport", "P01", {"a": 1}, expected, Ruleset.SEED)


def answers(**got: Any) -> Any:
    return lambda inputs, ruleset: got


def write(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        pytest.param({"on": "2026-01-02"}, {"on": date(2026, 1, 2)}, True, id="dates as ISO"),
        pytest.param({"codes": ["A", "B"]}, {"codes": ["B", "A"]}, True, id="lists in any order"),
        pytest.param({"codes": ["A"]}, {"codes": ["A", "B"]}, False, id="one too many"),
        pytest.param({"until": None}, {}, True, id="null is met by absence"),
        pytest.param({"until": None}, {"until": None}, True, id="null is met by None"),
        pytest.param({"until": None}, {"until": 0}, False, id="null is not zero"),
        pytest.param({"n": 1}, {"n": 1, "more": 2}, True, id="only expected keys are compared"),
        pytest.param({"yes": True}, {"yes": 1}, False, id="true is not 1"),
        pytest.param({"n": 0}, {"n": False}, False, id="0 is not false"),
        pytest.param({"n": 1}, {}, False, id="a missing value"),
    ],
)
def test_comparing(expected: dict[str, Any], got: dict[str, Any], same: bool) -> None:
    assert (differences_of(case(**expected), answers(**got)) == []) is same


def test_a_case_that_breaks_a_rule_is_a_difference_and_not_the_end() -> None:
    def broken(inputs: Mapping[str, Any], ruleset: Ruleset) -> dict[str, Any]:
        raise KeyError("filing_date")

    [difference] = differences_of(case(verdict="admissible"), broken)
    assert "filing_date" in difference.got


def test_a_module_without_adapter_is_missing_and_not_held() -> None:
    [report] = check_cases([case(), case()], {})
    assert report.missing
    assert (report.held, report.total, report.complete) == (0, 2, False)


def test_a_report_counts_what_holds() -> None:
    [report] = check_cases([case(n=1), case(n=2)], {"passport": answers(n=1)})
    assert (report.held, report.total, report.complete) == (1, 2, False)
    assert [(d.key, d.expected, d.got) for d in report.differences] == [("n", 2, 1)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("{", "not well-formed JSON", id="broken JSON"),
        pytest.param("[]", "no list of cases", id="no cases"),
        pytest.param('{"cases": {}}', "no list of cases", id="cases not a list"),
        pytest.param("[1]", "number 1 is not an object", id="not an object"),
        pytest.param('[{"id": "P01"}]', "(P01) lacks a well-formed “module”", id="no module"),
    ],
)
def test_a_malformed_file_is_refused_in_a_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    with pytest.raises(CaseFileError) as error:
        load_cases(write(tmp_path, content))
    assert sentence in str(error.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="cannot be read"):
        load_cases(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    ("word", "ruleset"),
    [("seed", Ruleset.SEED), ("current", Ruleset.CURRENT), ("modern", Ruleset.CURRENT)],
)
def test_both_words_for_todays_law_are_understood(
    tmp_path: Path, word: str, ruleset: Ruleset
) -> None:
    entry = {"module": "fee", "id": "F", "inputs": {}, "expected": {}, "ruleset": word}
    [loaded] = load_cases(write(tmp_path, json.dumps({"cases": [entry]})))
    assert loaded.ruleset is ruleset


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2025-12-03T15:30:00+01:00", id="CV-02 as Algiers writes it"),
        pytest.param("2025-12-03T14:30Z", id="CV-02 in UTC"),
        pytest.param("2025-12-03 15:30", id="CV-02 without an offset it is Algiers time"),
    ],
)
def test_one_instant_has_many_spellings(text: str) -> None:
    assert moment(text) == datetime(2025, 12, 3, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("word", ["current", "modern"])
def test_todays_law_has_two_names(tmp_path: Path, word: str) -> None:
    entry = {"module": "fee", "id": "FE1", "inputs": {}, "expected": {}, "ruleset": word}
    [found] = load_cases(write(tmp_path, json.dumps({"cases": [entry]})))
    assert found.ruleset is Ruleset.CURRENT
