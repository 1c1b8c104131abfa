"""Fields that say exactly what is wrong, and keep what was typed."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import formats
from portal.dates import civil_date
from portal.forms.digits import western_digits
from portal.forms.widgets import DATE_PARTS, CivilDateWidget, typed_parts

NAME_LIMIT = 100  # characters
# One kind of apostrophe, hyphen and blank, so that a name typed twice is found twice; and no
# marks that only steer the direction of writing, which keyboards and copied text add unseen.
TIDIED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "’ʼ‘`´"), "'"),
    **dict.fromkeys((0x2010, 0x2011), "-"),
    **dict.fromkeys(map(ord, "\t\n\r\u00a0\u202f"), " "),
    **dict.fromkeys((0x640, 0xAD, 0xFEFF, *range(0x200B, 0x2010)), None),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x206A)), None),
}


class CivilDateField(forms.Field):
    """A calendar date typed as day, month and year, in any digits.

    `first_year` and `last_year` bound the year; with `not_future` or `not_past` the day is
    compared with today in Algiers (CV-02).  An impossible date is refused by name, and the
    three parts stay as they were typed.
    """

    default_error_messages = {
        "required": _("Enter a day, a month and a year."),
        "day_missing": _("The day is missing."),
        "month_missing": _("The month is missing."),
        "year_missing": _("The year is missing."),
        "day_unknown": _("The day must be a number from 1 to 31."),
        "month_unknown": _("The month must be a number from 1 to 12."),
        "year_unknown": _("Write the year with four digits, such as %(example)s."),
        "year_range": _("The year must lie between %(first)s and %(last)s."),
        "day_beyond": _("This day does not exist: %(month)s has %(days)s days."),
        "day_future": _("This date is in the future."),
        "day_past": _("This date is in the past."),
    }

    def __init__(
        self,
        *,
        first_year: int = 1900,
        last_year: int = 2100,
        not_future: bool = False,
        not_past: bool = False,
        birth: bool = False,
        **options: Any,
    ) -> None:
        """Take the bounds; `birth` lets browsers fill in the birth date."""
        options.setdefault("widget", CivilDateWidget(birth=birth))
        super().__init__(**options)
        self.years = (first_year, last_year)
        self.not_future = not_future
        self.not_past = not_past

    def to_python(self, value: Any) -> date | None:
        """Read the three parts; raises ValidationError naming the part that is wrong."""
        if value is None or isinstance(value, date):
            return value
        parts = [western_digits(part) for part in typed_parts(value)]
        if not any(parts):
            return None
        for name, part in zip(DATE_PARTS, parts, strict=True):
            if not part:
                raise self._error(f"{name}_missing")
        return self._date(*parts)

    def validate(self, value: date | None) -> None:
        """Compare the date with today, where the field asks for it."""
        super().validate(value)
        if value is None:
            return
        today = civil_date(timezone.now())
        if self.not_future and value > today:
            raise self._error("day_future")
        if self.not_past and value < today:
            raise self._error("day_past")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was typed with the initial date; what cannot be read has changed."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def _date(self, day_text: str, month_text: str, year_text: str) -> date:
        month = self._number(month_text, 1, 12, "month_unknown")
        day = self._number(day_text, 1, 31, "day_unknown")
        year = self._year(year_text)
        days = monthrange(year, month)[1]
        if day > days:
            named = formats.month_name(date(year, month, 1))
            raise self._error("day_beyond", month=named, days=days)
        return date(year, month, day)

    def _year(self, text: str) -> int:
        first, last = self.years
        if len(text) != 4 or not (text.isascii() and text.isdigit()):
            raise self._error("year_unknown", example=civil_date(timezone.now()).year)
        if not first <= int(text) <= last:
            raise self._error("year_range", first=first, last=last)
        return int(text)

    def _number(self, text: str, low: int, high: int, code: str) -> int:
        readable = text.isascii() and text.isdigit() and len(text) <= 2
        if not readable or not low <= int(text) <= high:
            raise self._error(code)
        return int(text)

    def _error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class NameField(forms.Field):
    """A name as it stands in a passport or an identity card, in Latin or Arabic letters.

    Accents, apostrophes, hyphens and blanks belong to names; digits and pictures do not.  The
    value is normalised (NFC, single blanks, one kind of apostrophe and hyphen).
    """

    default_error_messages = {
        "required": _("Enter the name."),
        "too_long": _("A name can have at most %(limit)s characters. This one has %(length)s."),
        "digits": _("A name has no digits. Please remove “%(found)s”."),
        "invisible": _("The name contains an invisible sign. Please type it instead of pasting."),
        "signs": _(
            "“%(found)s” cannot stand in a name. Use letters, blanks, hyphens and apostrophes."
        ),
        "no_letter": _("A name needs at least one letter."),
    }

    def __init__(self, *, limit: int = NAME_LIMIT, **options: Any) -> None:
        """Take the longest length, in characters.

        No `maxlength` goes to the browser: it would cut a pasted name without a word.
        """
        options.setdefault("widget", forms.TextInput(attrs={"spellcheck": "false", "dir": "auto"}))
        super().__init__(**options)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        """Normalise the name; raises ValidationError naming the sign that cannot stay."""
        name = _tidied_name(str(value or ""))
        self._refuse_if(
            any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in name),
            "invisible",
        )
        digits = "".join(sign for sign in name if sign.isdigit())
        self._refuse_if(bool(digits), "digits", found=digits[:10])
        strange = "".join(dict.fromkeys(sign for sign in name if not _belongs_to_name(sign)))
        self._refuse_if(bool(strange), "signs", found=strange[:10])
        self._refuse_if(bool(name) and not any(map(str.isalpha, name)), "no_letter")
        self._refuse_if(len(name) > self.limit, "too_long", limit=self.limit, length=len(name))
        return name

    def _refuse_if(self, wrong: bool, code: str, **params: Any) -> None:
        if wrong:
            raise ValidationError(self.error_messages[code], code=code, params=params)


def _tidied_name(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(TIDIED)
    return " ".join(part for part in text.split(" ") if part)


def _belongs_to_name(sign: str) -> bool:
    if sign in " -'":
        return True
    if unicodedata.category(sign)[0] not in "LM":
        return False
    script = unicodedata.name(sign, "").split(" ")[0]
    return script in {"LATIN", "ARABIC", "COMBINING"}


class PassportNumberField(forms.Field):
    """The number of a passport: letters and digits, kept without blanks and in capitals."""

    default_error_messages = {
        "required": _("Enter the number of the passport."),
        "signs": _(
            "A passport number has only letters A to Z and digits. Please check “%(found)s”."
        ),
        "length": _("A passport number has %(least)s to %(most)s letters and digits."),
    }
    least = 5
    most = 15

    def __init__(self, **options: Any) -> None:
        """Prepare a field that is not corrected or remembered by the browser."""
        attributes = {"spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Normalise the number; raises ValidationError if it cannot be one."""
        number = western_digits(str(value or "").translate(TIDIED)).upper()
        number = "".join(number.split()).replace("-", "")
        strange = "".join(sign for sign in number if not (sign.isascii() and sign.isalnum()))
        if strange:
            found = "".join(sign for sign in strange if sign.isprintable())[:10] or "?"
            raise ValidationError(self.error_messages["signs"], "signs", {"found": found})
        if number and not self.least <= len(number) <= self.most:
            bounds = {"least": self.least, "most": self.most}
            raise ValidationError(self.error_messages["length"], "length", bounds)
        return number
