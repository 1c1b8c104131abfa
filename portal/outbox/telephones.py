"""Telephone numbers that messages and people can reach."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType


@lru_cache(maxsize=1000)
def valid_number(told: str) -> str:
    """Return a number in the form +213551234567, or "" if it is none that exists."""
    number, _type = _read(told)
    if number is None:
        return ""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


@lru_cache(maxsize=1000)
def takes_texts(told: str) -> bool:
    """Tell whether a text message can arrive: nobody reads one on a fixed line."""
    return _read(told)[1] in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def readable(told: str) -> str:
    """Return a number as a person dials it, such as +213 551 23 45 67; "" if it is none."""
    number, _type = _read(told)
    if number is None:
        return ""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))


# Each message of a mass asks about its number several times, and an answer takes 0.1 ms.
@lru_cache(maxsize=1000)
def _read(told: str) -> tuple[PhoneNumber | None, int]:
    """Read a number with its country code and its kind of line; None and UNKNOWN if it is none."""
    number = _parsed(told)
    if number is None:
        return None, PhoneNumberType.UNKNOWN
    kind = phonenumbers.number_type(number)
    return (None if kind == PhoneNumberType.UNKNOWN else number), kind


# As forms keep nearly all of them.  What is left to find out is whether such a number exists: the
# search for prefixes, extensions and other digits takes most of the time of thousands of numbers.
_ALGERIAN = re.compile(r"\+213([1-9][0-9]{7,8})")


def _parsed(told: str) -> PhoneNumber | None:
    kept = _ALGERIAN.fullmatch(told)
    if kept:
        return PhoneNumber(country_code=213, national_number=int(kept[1]))
    try:
        return phonenumbers.parse(told, None)
    except phonenumbers.NumberParseException:
        return None
