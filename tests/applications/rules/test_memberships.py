"""Lists that hold for some days only (CO-08, ST-12, EX-05)."""

from datetime import date, timedelta

import pytest

from applications.rules import memberships
from portal.rules.parameters import LawError, ParameterTable, Ruleset

JOINED = {
    "HR": date(2023, 1, 1),
    "BG": date(2024, 3, 31),
    "RO": date(2024, 3, 31),
    "LI": date(2011, 12, 19),
    "CH": date(2008, 12, 12),
}


@pytest.mark.parametrize(("state", "day"), JOINED.items(), ids=[f"CO-08-{s}" for s in JOINED])
def test_a_state_counts_from_the_day_it_joined(state: str, day: date) -> None:
    assert memberships.is_schengen(state, day)
    assert not memberships.is_schengen(state, day - timedelta(days=1))


@pytest.mark.parametrize("state", ["IE", "CY", "GB", "UK", "ZZ", "", "GP"])
def test_st_12_some_states_never_count(state: str) -> None:
    assert not memberships.is_schengen(state, date(2026, 1, 1))


def test_st_12_today_there_are_29_states_and_the_seed_names_25() -> None:
    today = date(2026, 11, 22)
    assert len(memberships.members("schengen", today)) == 29
    seed = memberships.members("source_001_states", today)
    assert len(seed) == 25
    assert "LI" not in seed
    assert len(memberships.members("eu", today)) == 27


def test_greece_answers_to_both_its_codes() -> None:
    assert memberships.is_schengen("el", date(2026, 1, 1))
    assert memberships.CODES.normal(" uk ") == "GB"


def test_ex_05_the_current_list_falls_silent_on_16_may_2025_and_the_seed_does_not() -> None:
    def exempt(day: date, ruleset: Ruleset) -> bool:
        return memberships.Memberships(day, ruleset).has("diplomatic_exemption", "FR")

    assert exempt(date(2025, 5, 15), Ruleset.CURRENT)
    assert not exempt(date(2025, 5, 16), Ruleset.CURRENT)
    assert exempt(date(2025, 5, 16), Ruleset.SEED)


def test_the_rows_that_were_asked_for_are_remembered() -> None:
    lists = memberships.Memberships(date(2025, 7, 1), Ruleset.SEED)
    assert lists.is_schengen("HR")
    assert [(row.name, row.applies_to) for row in lists.used] == [("schengen", "HR")]


def test_cv_01_two_rows_of_one_member_may_not_hold_on_the_same_day() -> None:
    rows = list(memberships.MEMBERSHIPS)
    with pytest.raises(LawError):
        ParameterTable([*rows, rows[0]])


def test_every_row_has_a_source() -> None:
    assert all(row.citation and row.source_kind for row in memberships.MEMBERSHIPS)


def test_ex_07_every_overseas_territory_has_its_order() -> None:
    day = date(2026, 1, 1)
    territories = ["GP", "GF", "MQ", "RE", "PM", "BL", "MF", "YT", "PF", "WF", "NC"]
    assert memberships.members("overseas_order", day) == tuple(sorted(territories))
    assert all(memberships.is_overseas(territory) for territory in territories)
