from __future__ import annotations

from datetime import date

from django import forms

from portal.forms.digits import western_digits

_FIRST, _LAST = date(2020, 1, 1), date(2100, 1, 1)


class PlaceForm(forms.Form):
    """Where somebody works; what cannot be read is left out, and today shown instead."""

    centre = forms.SlugField(required=False)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    counter = forms.CharField(required=False, max_length=4)

    def clean_day(self) -> date | None:
        """Leave out what lies outside any calendar of a centre."""
        day: date | None = self.cleaned_data["day"]
        return day if day and _FIRST <= day <= _LAST else None

    def clean_counter(self) -> int | None:
        """Take digits of any script; anything else is no counter."""
        typed = western_digits(self.cleaned_data["counter"])
        return int(typed) or None if typed.isascii() and typed.isdigit() else None
