"""How hard the challenge is and how long it holds: AT-04."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from portal.rules.challenge import Measures
from portal.rules.parameters import Law


class Purpose(StrEnum):
    """Before what the challenge stands."""

    SEARCH = "search"
    BOOKING = "booking"


def measures_of(law: Law, purpose: Purpose) -> Measures:
    """Read the numbers from the law of a day; raises LawError where it is silent.

    Rule: AT-04
    Source: 002 (captcha; before search and before confirming)
    Boundaries: solved: go on; failed three times: the alternative comes first.
    """
    return Measures(
        rounds=law.value("AT-04", "rounds"),
        tries=law.value("AT-04", "tries"),
        lasts=timedelta(minutes=law.value("AT-04", "lasts")),
        failures=law.value("AT-04", "failures"),
        read_for=timedelta(seconds=law.value("AT-04", "read_for")),
        passed_for=timedelta(minutes=law.value("AT-04", "passed_for", purpose)),
    )
