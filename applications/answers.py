"""The answers of an application as rows that a person can check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from portal.countries import country_name
from portal.display import Row
from portal.formats import long_date

from .enums import PassportDefect, VisaClass
from .models import Application


def answer_rows(
    application: Application, change_url: Callable[[str], str] | None = None
) -> list[Row]:
    """Return one row per answer; `change_url` maps a field to the page that changes it."""
    return [
        Row(
            key=label,
            value=value,
            change_url=change_url(name) if change_url else "",
            ltr=name in ("passport_number", "blank_pages"),
        )
        for name, label, value in _answers(application)
    ]


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
