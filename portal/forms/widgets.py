"""Widgets that Django does not bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DATE_PARTS = ("day", "month", "year")
PART_LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}


class CivilDateWidget(forms.MultiWidget):
    """Three plain text fields for day, month and year, in the order all four languages use.

    Native date pickers are slow for birth dates, differ by browser, and lose what was typed if
    it is no date.
    """

    template_name = "widgets/civil_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, birth: bool = False) -> None:
        """Make the three parts; `birth` lets browsers fill in the person's birth date."""
        super().__init__(
            {part: forms.TextInput(_part_attributes(part, birth)) for part in DATE_PARTS}, attrs
        )

    def decompress(self, value: Any) -> list[str]:
        """Split a date, or a date as ISO text, into what the three fields show."""
        if isinstance(value, str) and value:
            value = _parsed(value)
        if not isinstance(value, date):
            return ["", "", ""]
        return [str(value.day), str(value.month), f"{value.year:04d}"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the name and the label of each part."""
        context = super().get_context(name, value, attrs)
        for part, subwidget in zip(DATE_PARTS, context["widget"]["subwidgets"], strict=True):
            subwidget["part"] = part
            subwidget["label"] = PART_LABELS[part]
        return context

    def id_for_part(self, auto_id: str, part: str) -> str:
        """Return the id of the field of one part, for links from the error summary."""
        return f"{auto_id}_{DATE_PARTS.index(part)}"


def _part_attributes(part: str, birth: bool) -> dict[str, Any]:
    attributes = {"inputmode": "numeric", "maxlength": 20, "dir": "ltr"}
    return attributes | {"autocomplete": f"bday-{part}" if birth else "off"}


def _parsed(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def typed_parts(value: Any) -> Sequence[str]:
    """Return what was typed into the three fields, without surrounding blanks."""
    return [str(part or "").strip() for part in value] if value else ["", "", ""]
