"""What is said of a number does not depend on the way it is read."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from portal.outbox.telephones import readable, takes_texts, valid_number


def as_the_library_says(told):
    try:
        number = phonenumbers.parse(told, None)
    except phonenumbers.NumberParseException:
        return "", "", False
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        return "", "", False
    return (
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE),
    )


@pytest.mark.parametrize("rest", ["12345", "123456", "1234567"])
def test_every_beginning_of_algerian_numbers(rest):
    for begin in range(1000):
        told = f"+213{begin:03d}{rest}"
        said = (valid_number(told), readable(told), takes_texts(told))
        assert said == as_the_library_says(told), told


@pytest.mark.parametrize(
    "told",
    [
        *("", "+", "+213", "0551234567", "+213 551 23 45 67", "+213(0)551234567", "+2130551234567"),
        *("+٢١٣٥٥١٢٣٤٥٦٧", "+213551234567 ext. 5", "+213551234567\n", "00213551234567"),
        *("+33612345678", "+390612345678", "+4930123456", "no number", "tel:+213551234567"),
    ],
)
def test_whatever_else_was_typed(told):
    assert (valid_number(told), readable(told), takes_texts(told)) == as_the_library_says(told)
