"""Fields that several public tools ask for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.memberships import CODES
from portal.countries import country_names
from portal.forms.digits import western_digits
from portal.forms.fields import TIDIED, CivilDateField
from portal.missions.models import Mission


class MissionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The post that decides: its state's rules, and the reading of the law it applies.

    `state` limits the choice where only one state's posts ask for something.
    """

    def __init__(self, *, state: str = "", **options: Any) -> None:
        options.setdefault("label", _("Where do you apply?"))
        options.setdefault("error_messages", {"required": _("Choose where you apply.")})
        options.setdefault("empty_label", _("Choose") if options.get("required", True) else "–")
        posts = Mission.objects.filter(is_active=True)
        posts = posts.filter(state=state) if state else posts
        super().__init__(queryset=posts, to_field_name="code", **options)

    def label_from_instance(self, mission: Any) -> str:
        """Show the name in the reader's language."""
        return str(mission.name)


class NumberField(forms.IntegerField):
    """A whole number typed in any digits."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "numeric", "dir": "ltr", "class": "number-input"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        options.setdefault("min_value", 0)
        options.setdefault("max_value", 10_000)
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        """Read Arabic-Indic digits like Western ones."""
        return super().to_python(western_digits(value.strip()) if isinstance(value, str) else value)


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def known_countries(first: str = "DZ") -> list[tuple[str, str]]:
    """Return (code, name) of the countries and territories that the rules know."""
    return [(code, name) for code, name in country_names(first) if CODES.normal(code) == code]


def country_or_none(first: str = "DZ") -> list[tuple[str, Any]]:
    """Return the countries behind an empty choice."""
    return [("", _("Choose")), *known_countries(first)]


class TextDateField(CivilDateField):
    """A date in one text field, for rows: 12/03/2025, 12.3.2025 or 2025-03-12, in any digits."""

    default_error_messages = {"unreadable": _("Write the date as day/month/year: 12/03/2025.")}

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "text", "autocomplete": "off", "dir": "ltr", "maxlength": 20}
        attributes |= {"placeholder": "__/__/____", "class": "date-input"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def to_python(self, value: Any) -> date | None:
        """Read day, month and year, or year, month and day."""
        if value is None or isinstance(value, date):
            return value
        text = western_digits(str(value)).translate(TIDIED).strip()
        if not text:
            return None
        parts = re.fullmatch(r"(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})", text)
        if parts is None:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        day = list(parts.groups())
        return super().to_python(day[::-1] if len(day[0]) == 4 else day)
