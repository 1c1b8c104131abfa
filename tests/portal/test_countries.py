"""Names of countries: in the reader's language, in an order in which they are found."""

import pytest
from django.utils.translation import override

from portal.countries import country_name, country_names


@pytest.mark.parametrize(
    ("language", "before", "after"), [("de", "EG", "AL"), ("fr", "EG", "FI"), ("de", "AT", "PK")]
)
def test_accents_do_not_move_a_country(language, before, after):
    with override(language):
        codes = [code for code, _name in country_names()]
    assert codes.index(before) < codes.index(after)


def test_algeria_comes_first_and_unknown_codes_stay_codes():
    with override("de"):
        assert country_names()[0] == ("DZ", "Algerien")
        assert country_name("??") == "??"
