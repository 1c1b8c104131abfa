"""What the desk may call a typing error (AT-03)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from appointments.rules.identity import Identity, correction_findings
from appointments.rules.law import LAW
from portal.rules.parameters import Ruleset

LAW_TODAY = LAW.on(date(2026, 11, 22), Ruleset.SEED)
BENALI = Identity(
    family_name="Benali",
    given_names="Amine",
    birth_date=date(1988, 4, 12),
    passport_number="198765432",
)


@pytest.mark.parametrize(
    "after",
    [
        {"family_name": "Ben Ali"},
        {"family_name": "BÉNALI"},
        {"family_name": "Benaly"},
        {"family_name": "Bnealy"},
        {"family_name": "Amine", "given_names": "Benali"},
        {"passport_number": "198765423"},
        {"passport_number": "19876543"},
        {"birth_date": date(1988, 12, 4)},
        {"birth_date": date(1989, 4, 12)},
        {"birth_date": date(1988, 4, 21)},
        {"given_names": "Amina", "passport_number": "198765433"},
    ],
    ids=str,
)
def test_a_slip_is_a_typing_error(after):
    assert correction_findings(BENALI, replace(BENALI, **after), LAW_TODAY) == ()


@pytest.mark.parametrize(
    ("after", "fields"),
    [
        ({"family_name": "Bensaid"}, ("family_name",)),
        ({"family_name": "Benabi", "given_names": "Lyna"}, ("family_name",)),
        ({"passport_number": "198761111"}, ("passport_number",)),
        ({"birth_date": date(2001, 4, 12)}, ("birth_date",)),
        (
            {"passport_number": "198765433", "birth_date": date(1988, 4, 13)},
            ("passport_number",),
        ),
    ],
    ids=str,
)
def test_more_than_that_is_another_person(after, fields):
    [finding] = correction_findings(BENALI, replace(BENALI, **after), LAW_TODAY)
    assert (finding.code, finding.rule_id) == ("ANOTHER_PERSON", "AT-03")
    assert finding.params["fields"] == fields
