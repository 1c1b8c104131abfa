"""One day of a centre's calendar, opened or closed by hand."""

from __future__ import annotations

from django import forms

from ..enums import ClosureKind


class DayOffForm(forms.Form):
    """A day, and what it becomes; no kind means: as the calendar says."""

    day = forms.DateField()
    kind = forms.ChoiceField(choices=ClosureKind.choices, required=False)
    reason = forms.CharField(max_length=200, required=False)
