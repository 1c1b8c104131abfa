"""Dates and times as people read them, in their language and on the clock of Algiers.

Django's own date filter is slow and knows no Algerian month names; Babel does. Months and days
are few, so the answers are kept.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language

from portal.dates import ALGIERS

# Western digits and Algerian month names (جانفي, فيفري …), as offices there write them.
LOCALES = {"fr": "fr_FR", "ar": "ar_DZ", "de": "de_DE", "en": "en_GB"}
LONG = {
    "fr": "d MMMM y",
    "ar": "d MMMM y",
    "de": "d. MMMM y",
    "en": "d MMMM y",
}
WEEKDAY = {
    "fr": "EEEE d MMMM y",
    "ar": "EEEE، d MMMM y",
    "de": "EEEE, d. MMMM y",
    "en": "EEEE d MMMM y",
}
SHORT = {"fr": "dd/MM/y", "ar": "dd/MM/y", "de": "dd.MM.y", "en": "dd/MM/y"}
# With no-break spaces: a time must not be torn apart at the end of a line.
CLOCK = {"fr": "{0:02d}\u00a0h\u00a0{1:02d}", "de": "{0:02d}:{1:02d}\u00a0Uhr"}
MOMENT = {"fr": "{0} à {1}", "ar": "{0} على الساعة {1}", "de": "{0} um {1}", "en": "{0} at {1}"}


def _language(lang: str | None) -> str:
    code = (lang or get_language() or settings.LANGUAGE_CODE)[:2]
    return code if code in LOCALES else settings.LANGUAGE_CODE


@lru_cache(maxsize=16)
def _locale(lang: str) -> Locale:
    return Locale.parse(LOCALES[lang])


@lru_cache(maxsize=8192)
def _formatted(day: date, pattern: str, lang: str) -> str:
    text = format_date(day, pattern, locale=_locale(lang))
    # The first of a month is an ordinal in French, which the locale data leave out.
    return text.replace("1 ", "1er ", 1) if lang == "fr" and day.day == 1 else text


def civil(value: date | datetime) -> date:
    """Return the calendar date in Algiers of a date or an aware datetime (CV-02)."""
    if isinstance(value, datetime):
        return value.astimezone(ALGIERS).date() if value.tzinfo else value.date()
    return value


def long_date(value: date | datetime, lang: str | None = None) -> str:
    """Return such as "9 décembre 2025"; `lang` defaults to the language of the request."""
    code = _language(lang)
    return _formatted(civil(value), LONG[code], code)


def weekday_date(value: date | datetime, lang: str | None = None) -> str:
    """Return such as "mardi 9 décembre 2025"."""
    code = _language(lang)
    return _formatted(civil(value), WEEKDAY[code], code)


# For a text that is filled before its reader's language is known.
lazy_date = lazy(long_date, str)


def short_date(value: date | datetime, lang: str | None = None) -> str:
    """Return such as "09/12/2025", for tables and narrow places."""
    code = _language(lang)
    return _formatted(civil(value), SHORT[code], code)


def month_name(value: date, lang: str | None = None) -> str:
    """Return such as "février 2026"."""
    code = _language(lang)
    return format_date(value, "LLLL y", locale=_locale(code))


def weekday_names(value: date, lang: str | None = None) -> tuple[str, str]:
    """Return a weekday in full and as short as a column of a calendar: "mardi", "mar."."""
    locale = _locale(_language(lang))
    return format_date(value, "cccc", locale=locale), format_date(value, "cccccc", locale=locale)


def clock(value: datetime | time, lang: str | None = None) -> str:
    """Return the time of day in Algiers, such as "08 h 30"; a bare time is taken as it is."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(ALGIERS)
    return CLOCK.get(_language(lang), "{0:02d}:{1:02d}").format(value.hour, value.minute)


def moment(value: datetime, lang: str | None = None) -> str:
    """Return day and time together, such as "mardi 9 décembre 2025 à 08 h 30"."""
    code = _language(lang)
    return MOMENT[code].format(weekday_date(value, code), clock(value, code))


# For a text that is filled before its reader's language is known.
lazy_moment = lazy(moment, str)


def money(amount: Decimal, currency: str, lang: str | None = None) -> str:
    """Return such as "29,00 €"; `amount` is in whole units of `currency` (ISO 4217)."""
    return str(format_currency(amount, currency, locale=_locale(_language(lang))))
