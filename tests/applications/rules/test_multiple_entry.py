"""For how long a visa for several entries could run (DO-09)."""

from datetime import date
from typing import Any

import pytest

from applications.rules.law import LAW
from applications.rules.multiple_entry import (
    EarlierVisa,
    EarlierVisaKind,
    MultipleEntryFacts,
    check_multiple_entry,
)
from portal.rules.findings import FactError, Verdict
from portal.rules.parameters import Ruleset

FILED = date(2026, 11, 22)


def visa(first: str, last: str, **more: Any) -> EarlierVisa:
    days = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
    return EarlierVisa(**days, **more)


def ask(
    *earlier: EarlierVisa, expiry: str = "2040-01-01", ruleset: Ruleset = Ruleset.CURRENT
) -> Verdict:
    facts = MultipleEntryFacts(
        filing_date=FILED, passport_expiry=date.fromisoformat(expiry), earlier=earlier
    )
    return check_multiple_entry(facts, LAW.on(FILED, ruleset))


FIRST = visa("2025-01-10", "2025-02-10")
SECOND = visa("2025-06-10", "2025-07-10")
THIRD = visa("2026-06-10", "2026-07-10")
ON_THE_EDGE = visa("2024-11-22", "2024-12-22")
TOO_OLD = visa("2024-11-21", "2024-12-21")
ONE_YEAR = visa("2025-01-01", "2025-12-31", multiple=True)
TWO_YEARS = visa("2024-01-01", "2025-12-31", multiple=True)
OVERSTAYED = visa("2026-06-10", "2026-07-10", used_lawfully=False)


@pytest.mark.parametrize(
    ("earlier", "years"),
    [
        ((FIRST, SECOND), None),
        ((FIRST, SECOND, THIRD), 1),
        ((FIRST, SECOND, ON_THE_EDGE), 1),
        ((FIRST, SECOND, TOO_OLD), None),
        ((FIRST, SECOND, OVERSTAYED), None),
        ((FIRST, SECOND, visa("2026-06-10", "2026-07-10", kind=EarlierVisaKind.LIMITED_TERRITORY)),
         None),
        ((FIRST, SECOND, visa("2026-06-10", "2026-06-11", kind=EarlierVisaKind.AIRPORT_TRANSIT)),
         None),
        ((ONE_YEAR,), 2),
        ((visa("2025-01-01", "2025-12-30", multiple=True),), None),
        ((visa("2025-01-01", "2025-12-31"),), None),
        ((TWO_YEARS,), 5),
        ((visa("2023-11-21", "2025-11-20", multiple=True),), None),
        ((ONE_YEAR, TWO_YEARS), 5),
    ],
    ids=["two", "three", "edge-of-two-years", "a-day-too-old", "one-overstay", "limited-territory",
         "airport-transit", "one-year", "a-day-short-of-a-year", "single-entry", "two-years",
         "two-years-too-old", "the-highest-step"],
)  # fmt: skip
def test_do_09_the_steps(earlier: tuple[EarlierVisa, ...], years: int | None) -> None:
    verdict = ask(*earlier)
    assert verdict.outcome == ("step" if years else "no_step")
    assert verdict.results.get("years") == years


def test_do_09_the_visa_never_outlasts_the_passport() -> None:
    capped = ask(ONE_YEAR, expiry="2028-01-22").results
    assert (capped["longest_until"], capped["capped"]) == (date(2028, 1, 22), True)
    whole = ask(ONE_YEAR).results
    assert (whole["longest_until"], whole["capped"]) == (date(2028, 11, 21), False)


def test_do_09_the_sources_know_no_steps() -> None:
    verdict = ask(ONE_YEAR, ruleset=Ruleset.SEED)
    assert verdict.outcome == "no_step"
    assert "MULTIPLE_CONDITIONS" in verdict.codes()


def test_do_09_an_overstay_is_pointed_out() -> None:
    assert "EARLIER_VISA_MISUSED" in ask(FIRST, OVERSTAYED).codes()


def test_a_visa_that_ends_before_it_starts_names_its_field() -> None:
    with pytest.raises(FactError) as caught:
        ask(FIRST, visa("2026-01-02", "2026-01-01"))
    assert caught.value.field == "earlier.1.last_day"
    with pytest.raises(FactError) as caught:
        ask(FIRST, expiry="2026-11-21")
    assert caught.value.field == "passport_expiry"
