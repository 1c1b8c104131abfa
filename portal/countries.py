"""Names of countries in the reader's language, from CLDR as it comes with Babel."""

import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language

# CLDR knows codes that are no country: regions, unions, exceptional reservations.
_NOT_COUNTRIES = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "TA",
    "UN",
    "XA",
    "XB",
    "ZZ",
    "QO",
}


def country_names(first: str = "DZ") -> list[tuple[str, str]]:
    """Return (ISO code, name) of all countries in the active language, `first` on top."""
    return list(_sorted_names((get_language() or "fr")[:2], first))


def country_name(code: str) -> str:
    """Return the name of a country in the active language, or the code if it is unknown."""
    return dict(country_names()).get(code, code)


# Codes of passports that ISO 3166 does not have, or writes otherwise (ICAO Doc 9303, part 3).
_PASSPORT_CODES = {"D": "DE", "RKS": "XK", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB"}


def country_of_passport(code: str) -> str:
    """Return the two-letter code for the letters a passport names its state with, or "".

    "D" is Germany; codes of persons without a state have no country.
    """
    aliases = get_global("territory_aliases").get(code, [])
    found = _PASSPORT_CODES.get(code) or (aliases[0] if len(aliases) == 1 else "")
    return found if found in dict(country_names()) else ""


@lru_cache(maxsize=16)
def _sorted_names(language: str, first: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(language).territories
    names = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return tuple(sorted(names, key=lambda pair: (pair[0] != first, _sort_key(pair[1]))))


def _sort_key(name: str) -> str:
    # É sorts with E; a real collation would need ICU, which a machine with only Python lacks.
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
