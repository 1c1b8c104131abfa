"""Rule as data: CV-01."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from portal.rules.parameters import LawError, ParameterTable, Ruleset

SWITCH = """
    [[parameter]]
    rule = "ST-01"
    name = "max_days"
    value = 90
    unit = "days"
    ruleset = "seed"
    jurisdiction = "EU"
    from = 2013-10-18
    citation = "001"
    source_kind = "seed"
"""
MODERN = """
    [[parameter]]
    rule = "ST-01"
    name = "max_days"
    value = 91
    ruleset = "current"
    jurisdiction = "EU"
    from = 2030-01-01
    citation = "a later act"
    source_kind = "law"
"""


def table(tmp_path: Path, *entries: str) -> ParameterTable:
    path = tmp_path / "parameters.toml"
    path.write_text("\n".join(dedent(entry) for entry in entries))
    return ParameterTable.load(path)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        pytest.param(date(2013, 10, 18), 90, id="CV-01 first day is used"),
        pytest.param(date(2013, 10, 17), None, id="CV-01 the day before is not"),
        pytest.param(date(2099, 1, 1), 90, id="CV-01 open end"),
    ],
)
def test_a_row_holds_from_its_first_day(tmp_path: Path, day: date, value: int | None) -> None:
    row = table(tmp_path, SWITCH).on(day).row("ST-01", "max_days")
    assert (row and row.value) == value


def test_two_open_rows_of_one_rule_are_refused(tmp_path: Path) -> None:
    later = SWITCH.replace("2013-10-18", "2020-01-01")
    with pytest.raises(LawError, match="same day"):
        table(tmp_path, SWITCH, later)


def test_rows_of_different_cases_rulesets_and_states_may_hold_together(tmp_path: Path) -> None:
    german = SWITCH.replace('"EU"', '"DE"')
    special = SWITCH + '    applies_to = "seafarer"\n'
    law = table(tmp_path, SWITCH, MODERN, german, special).on(date(2031, 1, 1), Ruleset.CURRENT)
    assert law.value("ST-01", "max_days", jurisdiction="EU") == 91
    assert law.value("ST-01", "max_days", jurisdiction="DE") == 90
    assert law.value("ST-01", "max_days", "seafarer") == 90
    assert set(law.cases_of("ST-01", "max_days")) == {"", "seafarer"}


def test_current_law_falls_back_to_the_seed_and_not_the_other_way(tmp_path: Path) -> None:
    both = table(tmp_path, SWITCH, MODERN)
    assert both.on(date(2029, 12, 31), Ruleset.CURRENT).value("ST-01", "max_days") == 90
    assert both.on(date(2030, 1, 1), Ruleset.CURRENT).value("ST-01", "max_days") == 91
    assert both.on(date(2030, 1, 1), Ruleset.SEED).value("ST-01", "max_days") == 90
    only = table(tmp_path, MODERN).on(date(2030, 1, 1), Ruleset.SEED)
    assert only.row("ST-01", "max_days") is None
    assert only.stated("ST-01", "max_days").value == 91


def test_silence_of_the_law_is_an_error_where_a_value_is_needed(tmp_path: Path) -> None:
    law = table(tmp_path, SWITCH).on(date(2000, 1, 1))
    with pytest.raises(LawError, match="no seed row for ST-01 max_days"):
        law.value("ST-01", "max_days")


def test_the_law_remembers_each_row_once(tmp_path: Path) -> None:
    law = table(tmp_path, SWITCH, MODERN).on(date(2031, 1, 1))
    law.value("ST-01", "max_days")
    law.value("ST-01", "max_days")
    law.reading(Ruleset.CURRENT).value("ST-01", "max_days")
    assert [row.value for row in law.used] == [90, 91]
    assert law.used[0].as_json()["from"] == "2013-10-18"
    assert law.used[0].as_json()["until"] is None
    assert law.used[0].family == "ST"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('citation = "001"', "", "missing ['citation']", id="no citation"),
        pytest.param('unit = "days"', 'units = "days"', "unknown ['units']", id="unknown key"),
        pytest.param('"seed"\n    juris', '"old"\n    juris', "old", id="unknown ruleset"),
        pytest.param(
            "from = 2013-10-18", "from = 2013-10-18\n    until = 2012-01-01", "ends", id="backwards"
        ),
    ],
)
def test_a_row_that_is_not_well_formed_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(LawError) as error:
        table(tmp_path, SWITCH.replace(old, new))
    assert message in str(error.value)
