"""The answers of the later steps in words: occupation, stay, earlier visas, contact."""

from __future__ import annotations

from datetime import date
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.countries import country_name
from portal.formats import long_date

from .intake import Intake, intake, is_asked
from .models import Application
from .rules.checklist import EarlierVisaUse
from .rules.hosting_certificate import OwnMeans
from .rules.main_destination import Leg
from .rules.multiple_entry import EarlierVisa
from .wording.words import CATEGORIES

Answer = tuple[str, str, str]


def further_answers(application: Application) -> list[Answer]:
    """Return (name, label, value) of every question that is asked; "" where nothing was said."""
    told = intake(application)
    return [answer for answer in _all(told) if is_asked(answer[0], application)]


def _all(told: Intake) -> list[Answer]:
    return [
        ("legs", _("Countries of the journey"), _lines(_leg(leg) for leg in told.legs)),
        ("main_purpose_state", _("Main purpose in"), _country(told.main_purpose_state)),
        ("first_entry", _("First entry in"), _country(told.first_entry)),
        ("guardian", _("Signs for the child"), told.guardian_name),
        ("consent", _("Consent of the parents"), _label(told.consent)),
        (
            "child_in_parents_passport",
            _("In a parent's passport"),
            _yes(told.child_in_parents_passport),
        ),
        ("category", _("Occupation"), str(CATEGORIES.get(told.category, told.category))),
        ("employer", _("Employer, business or school"), told.employer),
        ("inviter", _("Inviting person or body"), told.inviter),
        ("visits_relatives", _("Visits family"), _yes(told.visits_relatives)),
        ("lodging", _("Lodging"), _label(told.lodging)),
        ("lodging_address", _("Address there"), told.lodging_address),
        ("own_means", _("Pays for the stay without help"), _means(told.own_means)),
        ("earlier_visa", _("Earlier visa of this country"), _earlier(told.earlier_visa)),
        ("fingerprints_on", _("Fingerprints given on"), _day(told.fingerprints_on)),
        ("entries", _("Entries wanted"), _label(told.entries)),
        ("visas", _("Earlier Schengen visas"), _lines(_visa(visa) for visa in told.visas)),
        ("insurance_from", _("Insured from"), _day(told.insurance_from)),
        ("insurance_until", _("Insured until"), _day(told.insurance_until)),
        ("insurance_amount", _("Insured sum in euros"), _number(told.insurance_amount)),
        ("phone", _("Telephone"), _phone(told.phone)),
        ("postal_address", _("Postal address"), told.postal_address),
    ]


def _lines(parts: Any) -> str:
    return _(", ").join(parts)


def _leg(leg: Leg) -> str:
    name = country_name(leg.state)
    if leg.transit:
        return _("%(country)s (passing through)") % {"country": name}
    if leg.days is None:
        return name
    return ngettext("%(country)s (%(days)s day)", "%(country)s (%(days)s days)", leg.days) % {
        "country": name,
        "days": leg.days,
    }


def _visa(visa: EarlierVisa) -> str:
    days = {"first": long_date(visa.first_day), "last": long_date(visa.last_day)}
    return _("%(first)s to %(last)s") % days


def _country(code: str) -> str:
    return country_name(code) if code else ""


def _label(value: Any) -> str:
    return str(value.label) if value is not None else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else (_("Yes") if value else _("No"))


def _day(value: date | None) -> str:
    return long_date(value) if value else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _means(value: OwnMeans | None) -> str:
    words = {
        OwnMeans.PROVEN: _("Yes, and I can prove it"),
        OwnMeans.PARTLY: _("In part"),
        OwnMeans.NONE: _("No, somebody else pays"),
    }
    return words[value] if value is not None else ""


def _earlier(value: EarlierVisaUse | None) -> str:
    words = {
        EarlierVisaUse.FIRST_APPLICATION: _("No"),
        EarlierVisaUse.USED: _("Yes, and travelled there with it"),
        EarlierVisaUse.NEVER_USED: _("Yes, but did not travel there with it"),
    }
    return words[value] if value is not None else ""


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
