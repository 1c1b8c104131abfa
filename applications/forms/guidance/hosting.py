"""Is my hosting certificate still fresh? (HO-01 to HO-09)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.facts import VisaClass
from applications.rules.hosting_certificate import HostingFacts, OwnMeans
from portal.dates import DateRange
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import YES_NO, MissionField


class HostingForm(PageForm, forms.Form):
    """The paper, the day it is handed in, and what it must cover."""

    submit_label = _("Check the undertaking")

    mission = MissionField(state="DE", required=False)
    confirmed = CivilDateField(
        label=_("When was the undertaking confirmed?"),
        help_text=_("The date of the stamp of the authority in Germany."),
        first_year=2000,
    )
    deposit = CivilDateField(
        label=_("On which day do you hand it in?"),
        help_text=_("The day of your appointment, not the day on which you fill in the form."),
        first_year=2000,
    )
    original = forms.ChoiceField(
        label=_("Do you have the original?"), choices=YES_NO, widget=forms.RadioSelect
    )
    own_means = forms.ChoiceField(
        label=_("Can you prove means of your own?"),
        choices=[
            (OwnMeans.NONE.value, _("No")),
            (OwnMeans.PARTLY.value, _("In part")),
            (OwnMeans.PROVEN.value, _("Yes, for the whole stay")),
        ],
        widget=forms.RadioSelect,
    )
    visa_class = forms.ChoiceField(
        label=_("Which visa do you need?"),
        choices=[
            (VisaClass.SHORT_STAY.value, _("Short stay, up to 90 days")),
            (VisaClass.LONG_STAY.value, _("Long stay, over 90 days")),
        ],
        widget=forms.RadioSelect,
    )
    stay_first = CivilDateField(
        label=_("First day of the stay"), help_text=_("Only for a long stay."), required=False
    )
    stay_last = CivilDateField(
        label=_("Last day of the stay"), help_text=_("Only for a long stay."), required=False
    )
    cover_first = CivilDateField(
        label=_("The undertaking covers the stay from"),
        help_text=_("Only for a long stay."),
        required=False,
    )
    cover_last = CivilDateField(
        label=_("The undertaking covers the stay until"),
        help_text=_("Only for a long stay."),
        required=False,
    )
    expected_decision = CivilDateField(
        label=_("When do you expect the decision?"), help_text=_("If you know it."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse ranges that are half given or end before they begin."""
        given = super().clean() or {}
        for first, last in (("stay_first", "stay_last"), ("cover_first", "cover_last")):
            start, end = given.get(first), given.get(last)
            for name, day in ((first, start), (last, end)):
                if day is None and (start or end) and name not in self.errors:
                    self.add_error(name, _("Enter both days."))
            if start and end and end < start:
                self.add_error(last, _("It ends before it starts."))
        return given

    def facts(self) -> HostingFacts:
        """Return what was typed as facts."""
        given = self.cleaned_data
        return HostingFacts(
            confirmed=given["confirmed"],
            deposit=given["deposit"],
            original=given["original"] == "yes",
            own_means=OwnMeans(given["own_means"]),
            visa_class=VisaClass(given["visa_class"]),
            stay=self._range("stay"),
            cover=self._range("cover"),
            expected_decision=given["expected_decision"],
        )

    def _range(self, name: str) -> DateRange | None:
        first, last = self.cleaned_data[f"{name}_first"], self.cleaned_data[f"{name}_last"]
        return DateRange(first, last) if first and last else None
