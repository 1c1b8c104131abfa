"""Seed and current side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from applications.rules.facts import VisaClass
from applications.rules.passport import PassportFacts, passport_verdict
from portal.rules.comparison import compare
from portal.rules.parameters import Ruleset

LONG = PassportFacts(
    filing_date=date(2025, 11, 27),
    issue_date=date(2020, 1, 10),
    expiry_date=date(2026, 6, 15),
    blank_pages=5,
    visa_class=VisaClass.LONG_STAY,
    visa_end=date(2026, 2, 27),
)


@pytest.mark.parametrize(
    ("mine", "other", "outcome"),
    [
        (Ruleset.SEED, Ruleset.CURRENT, "admissible"),
        (Ruleset.CURRENT, Ruleset.SEED, "inadmissible"),
    ],
)
def test_the_other_reading_is_named_with_its_article(
    mine: Ruleset, other: Ruleset, outcome: str
) -> None:
    found = compare(lambda ruleset: passport_verdict(LONG, ruleset), mine)
    assert found.differs
    assert (found.other.ruleset, found.other.outcome) == (other, outcome)
    assert "PA-04" in {row.rule for row in found.rows}
    assert all(row.citation for row in found.rows)


def test_the_same_answer_needs_no_second_reading() -> None:
    short = replace(LONG, visa_class=VisaClass.SHORT_STAY, departure_dates=(date(2026, 1, 20),))
    assert not compare(lambda ruleset: passport_verdict(short, ruleset), Ruleset.SEED).differs
