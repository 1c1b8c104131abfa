"""What a change of law changes: `manage.py compare_rules`."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from portal.rules.comparison import compare
from portal.rules.findings import Verdict
from portal.rules.parameters import EVER, ParameterRow, ParameterTable, Ruleset, law_as_of


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "cases.json"
    fee = {
        "module": "fee",
        "id": "FE",
        "inputs": {"filing_date": "2024-06-10", "birth_date": "1990-01-01"},
        "expected": {},
        "ruleset": "current",
    }
    unknown = {"module": "nobody", "id": "N", "inputs": {}, "expected": {}}
    path.write_text(json.dumps({"cases": [fee, unknown]}))
    return path


def test_changed_case_is_listed_with_its_rows(cases, capsys):
    call_command("compare_rules", cases, "--on=2024-06-10", "--with=2024-06-11")
    out = capsys.readouterr().out
    assert "fee_eur: 80 -> 90" in out
    assert "by no longer: DO-12 fee adult = 80" in out
    assert "by now: DO-12 fee adult = 90" in out
    assert "1 of 2 cases differ" in out


def test_days_of_one_law_change_nothing(cases, capsys):
    call_command("compare_rules", cases, "--on=2025-01-01", "--with=2025-01-02")
    assert "0 of 2 cases differ" in capsys.readouterr().out


def test_report_can_be_read_by_a_program(cases, capsys):
    call_command("compare_rules", cases, "--on=2024-06-10", "--with=2024-06-11", "--format=json")
    report = json.loads(capsys.readouterr().out)
    assert report["changed"][0]["id"] == "FE"
    assert report["changed"][0]["rows_after"][0]["rule"] == "DO-12"


@pytest.mark.parametrize("day", ["2025-02-30", "tomorrow", ""])
def test_day_that_is_none_is_refused(cases, day):
    with pytest.raises(CommandError):
        call_command("compare_rules", cases, f"--on={day}", "--with=2025-07-01")


def test_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("compare_rules", tmp_path / "x", "--on=2025-06-30", "--with=2025-07-01")


# --- the pieces ------------------------------------------------------------------------------


def row(value: int, ruleset: Ruleset) -> ParameterRow:
    return ParameterRow("XX-01", "limit", value, ruleset, "a text", "EU", "law", effective=EVER)


TABLE = ParameterTable([row(1, Ruleset.SEED), row(2, Ruleset.CURRENT)])


def judge(ruleset: Ruleset) -> Verdict:
    law = TABLE.on(date(2026, 1, 1), ruleset)
    value = law.value("XX-01", "limit")
    return Verdict("fine", (), law.reference_date, ruleset, {"limit": value}, law.used)


def test_law_of_another_day_answers_only_inside():
    with law_as_of(date(2020, 5, 5)) as asked:
        assert judge(Ruleset.SEED).reference_date == date(2020, 5, 5)
        assert [found.value for found in asked.values()] == [1]
    assert judge(Ruleset.SEED).reference_date == date(2026, 1, 1)


@pytest.mark.parametrize(("applied", "others"), [("seed", [2]), ("current", [1])])
def test_other_reading_names_the_rows_that_make_it_another_one(applied, others):
    comparison = compare(judge, Ruleset(applied))
    assert comparison.differs
    assert [found.value for found in comparison.rows] == others


def test_readings_that_say_the_same_do_not_differ():
    comparison = compare(lambda ruleset: judge(Ruleset.SEED), Ruleset.SEED)
    assert not comparison.differs
    assert comparison.rows == ()
