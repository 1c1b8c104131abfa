"""The answers of an application as rows that a person can check."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.countries import country_name
from portal.display import Row
from portal.formats import long_date

from .enums import PassportDefect, VisaClass
from .further_answers import further_answers
from .models import Application

_LTR = ("passport_number", "blank_pages", "phone", "insurance_amount")


def answer_rows(application: Application) -> list[Row]:
    """Return one row per answer; of the later steps those that were answered."""
    first = {name for name, _label, _value in _answers(application)}
    rows = rows_by_answer(application)
    return [row for name, row in rows.items() if row.value or name in first]


def rows_by_answer(application: Application, change_url: str = "") -> dict[str, Row]:
    """Return the rows by the name of the answer; `change_url` is the page that changes them."""
    return {
        name: Row(key=label, value=value, change_url=change_url, ltr=name in _LTR)
        for name, label, value in [*_answers(application), *further_answers(application)]
    }


def whose(application: Application) -> list[Row]:
    """Say whose file it is, so that staff do not move the wrong one."""
    return [
        Row(_("Application"), application.reference),
        Row(_("Traveller"), application.traveller),
        Row(_("Passport number"), application.passport_number, ltr=True),
        Row(_("mission"), application.mission.name),
    ]


def _answers(application: Application) -> list[tuple[str, str, str]]:
    answers = [
        ("mission", _("Where you apply"), application.mission.name),
        ("visa_class", _("Visa"), application.get_visa_class_display()),
        ("purpose", _("Reason of the journey"), application.get_purpose_display()),
        ("arrives_on", _("Arrival"), _day(application.arrives_on)),
        ("departs_on", _("Last departure"), _day(application.departs_on)),
        ("family_name", _("Family name"), application.family_name),
        ("given_names", _("Given names"), application.given_names),
        ("birth_date", _("Date of birth"), _day(application.birth_date)),
        ("nationality", _("Nationality"), country_name(application.nationality)),
        ("passport_number", _("Passport number"), application.passport_number),
        ("passport_issued_on", _("Passport issued on"), _day(application.passport_issued_on)),
        ("passport_expires_on", _("Passport valid until"), _day(application.passport_expires_on)),
        ("blank_pages", _("Blank pages"), _number(application.blank_pages)),
        ("passport_defects", _("Condition of the passport"), _condition(application)),
    ]
    if application.is_urgent:
        answers.insert(5, ("urgency_reason", _("Urgent because"), application.urgency_reason))
    if application.retiree_card:
        answers.insert(3, ("retiree_card", _("Retiree card"), _("Yes")))
    if application.visa_class != VisaClass.SHORT_STAY and not application.departs_on:
        answers = [answer for answer in answers if answer[0] != "departs_on"]
    return answers


def _day(value: Any) -> str:
    return long_date(value) if value else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _condition(application: Application) -> str:
    defects = [str(PassportDefect(code).label) for code in application.passport_defects]
    return ". ".join(defects) if defects else _("Good")
