"""What a centre manager announces of a draw, and the public value that decides it (RD-08)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..enums import Service
from ..models import Centre
from ..operations.draw import DrawWish
from .centres import CentreField

_MOMENT = "%Y-%m-%dT%H:%M"
# What a calendar of a centre can hold; a year mistyped as 0207 or 20277 is in none.
_FIRST, _LAST = date(2020, 1, 1), date(2100, 1, 1)
_POSSIBLE = [MinValueValidator(_FIRST), MaxValueValidator(_LAST)]


class MomentField(forms.DateTimeField):
    """Day and time on the clock of Algiers."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
        super().__init__(widget=widget, **kwargs)


class AnnounceForm(forms.Form):
    """Everything that is fixed on announcing."""

    centre = CentreField(label=_("Centre"), queryset=Centre.objects.none())
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    first_day = forms.DateField(
        label=_("First day of the appointments"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=_POSSIBLE,
    )
    last_day = forms.DateField(
        label=_("Last day of the appointments"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=_POSSIBLE,
    )
    opens_at = MomentField(label=_("Requests open"))
    closes_at = MomentField(label=_("Requests close"))
    acceptance_hours = forms.IntegerField(
        label=_("Hours to accept"),
        initial=48,
        validators=[MinValueValidator(1), MaxValueValidator(14 * 24)],
    )
    source = forms.CharField(
        label=_("Public value that decides"),
        max_length=300,
        help_text=_(
            "Something that nobody can know or choose before requests close and that everybody "
            "can look up afterwards, such as the numbers of a lottery on a day after closing. "
            "Name it exactly: source, day, and which digits in which order."
        ),
    )

    def __init__(self, centres: QuerySet[Centre], data: Any = None) -> None:
        super().__init__(data)
        self.fields["centre"].queryset = centres  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Refuse days that run backwards: no range could hold them."""
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day lies before the first."))

    def wish(self) -> DrawWish:
        """Return what is to be announced; the form must be valid."""
        return DrawWish(**self.cleaned_data)


class ValueForm(forms.Form):
    """The value of the announced source."""

    value = forms.CharField(label=_("Its value, exactly as published"), max_length=300)
    value_at = MomentField(
        label=_("When it came to be"),
        help_text=_("The moment of the lottery or publication, not of typing it here."),
    )
