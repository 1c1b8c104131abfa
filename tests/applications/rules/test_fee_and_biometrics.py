"""Fee and fingerprints: DO-12, DO-13."""

from __future__ import annotations

from datetime import date

import pytest

from applications.rules.biometrics import BiometricsFacts, biometrics_verdict
from applications.rules.facts import VisaClass
from applications.rules.fee import FeeFacts, fee_verdict
from portal.rules.parameters import Ruleset

D = date.fromisoformat
BOTH = pytest.mark.parametrize("ruleset", list(Ruleset))


@BOTH
@pytest.mark.parametrize(
    ("filing", "birth", "euros"),
    [
        pytest.param("2025-12-01", "1990-01-01", 90, id="DO-12 FE1 adult"),
        pytest.param("2025-12-01", "2019-12-02", 0, id="DO-12 FE2 still 5"),
        pytest.param("2025-12-01", "2019-12-01", 45, id="DO-12 FE3 6th birthday"),
        pytest.param("2025-12-01", "2013-12-02", 45, id="DO-12 still 11"),
        pytest.param("2025-12-01", "2013-12-01", 90, id="DO-12 FE4 12th birthday"),
        pytest.param("2024-06-10", "1990-01-01", 80, id="DO-12 FE5 day before the increase"),
        pytest.param("2024-06-11", "1990-01-01", 90, id="DO-12 day of the increase"),
        pytest.param("2024-06-10", "2015-01-01", 40, id="DO-12 child before the increase"),
        pytest.param("2026-02-28", "2020-02-29", 45, id="DO-12 born on 29 Feb"),
        pytest.param("2025-12-01", "2025-12-01", 0, id="DO-12 born today"),
    ],
)
def test_the_fee_follows_age_and_date(
    filing: str, birth: str, euros: int, ruleset: Ruleset
) -> None:
    verdict = fee_verdict(FeeFacts(filing_date=D(filing), birth_date=D(birth)), ruleset)
    assert verdict.results["fee_eur"] == euros


def test_without_a_birth_date_the_adult_is_assumed_aloud() -> None:
    verdict = fee_verdict(FeeFacts(filing_date=D("2025-12-01")))
    assert verdict.results["fee_eur"] == 90
    assert "FEE_ADULT_ASSUMED" in verdict.codes()


def test_a_long_stay_has_no_stated_fee() -> None:
    facts = FeeFacts(filing_date=D("2025-12-01"), visa_class=VisaClass.LONG_STAY)
    assert fee_verdict(facts).results["fee_eur"] is None


@pytest.mark.parametrize(
    ("birth", "code"),
    [("2025-12-02", "BORN_AFTER_FILING"), ("0001-01-01", "DATE_OUT_OF_RANGE")],
)
def test_an_impossible_birth_date_is_named(birth: str, code: str) -> None:
    verdict = fee_verdict(FeeFacts(filing_date=D("2025-12-01"), birth_date=D(birth)))
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", [code])


@BOTH
@pytest.mark.parametrize(
    ("applied", "birth", "stored", "word"),
    [
        pytest.param("2025-12-14", None, "2021-01-15", "reuse", id="DO-13 B01"),
        pytest.param("2025-12-15", None, "2021-01-15", "collect", id="DO-13 B02 59 months"),
        pytest.param("2025-12-15", "2013-12-16", None, "exempt_under_12", id="DO-13 B03 still 11"),
        pytest.param("2025-12-16", "2013-12-16", None, "collect", id="DO-13 B04 12th birthday"),
        pytest.param("2025-12-16", None, None, "collect", id="DO-13 first application"),
        pytest.param(
            "2025-12-15", "2013-12-16", "2025-01-01", "exempt_under_12", id="DO-13 age comes first"
        ),
    ],
)
def test_fingerprints(
    applied: str, birth: str | None, stored: str | None, word: str, ruleset: Ruleset
) -> None:
    facts = BiometricsFacts(
        application_date=D(applied),
        birth_date=birth and D(birth),
        first_stored=stored and D(stored),
    )
    verdict = biometrics_verdict(facts, ruleset)
    assert verdict.results["fingerprints"] == word
    assert verdict.results["in_person"] is (word == "collect")


@pytest.mark.parametrize("field", ["birth_date", "first_stored"])
def test_nothing_happens_before_it_happens(field: str) -> None:
    facts = BiometricsFacts(application_date=D("2025-12-15"), **{field: D("2025-12-16")})
    verdict = biometrics_verdict(facts)
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["INVALID_DATES"])
    assert verdict.findings[0].params["fields"] == (field, "application_date")
