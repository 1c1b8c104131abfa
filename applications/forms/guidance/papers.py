"""Which papers do I need? (DO-01 to DO-13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.checklist import ChecklistFacts, EarlierVisaUse
from applications.rules.checklist_table import CHECKLIST
from applications.rules.hosting_certificate import OwnMeans
from applications.wording.words import CATEGORIES, PURPOSES
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import MissionField


def purposes() -> list[tuple[str, Any]]:
    """Return the purposes that have a list of papers, in words."""
    return [(purpose, PURPOSES[purpose]) for purpose in CHECKLIST.stays]


def categories() -> list[tuple[str, Any]]:
    """Return the kinds of applicants, in words."""
    return [(category, CATEGORIES[category]) for category in CHECKLIST.categories]


class PapersForm(PageForm, forms.Form):
    """Where, why, and what is known of the applicant."""

    submit_label = _("Show my list")

    mission = MissionField()
    purpose = forms.ChoiceField(
        label=_("Why do you travel?"), choices=purposes, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(
        label=_("What is your occupation?"), choices=categories, widget=forms.RadioSelect
    )
    filing_date = CivilDateField(
        label=_("When do you hand in the application?"),
        help_text=_("If you do not know it yet, enter the day you hope for."),
        first_year=2000,
    )
    own_means = forms.ChoiceField(
        label=_("Can you pay for the stay yourself?"),
        choices=[
            (OwnMeans.PROVEN.value, _("Yes, and I can prove it")),
            (OwnMeans.PARTLY.value, _("In part")),
            (OwnMeans.NONE.value, _("No, somebody else pays")),
        ],
        widget=forms.RadioSelect,
    )
    visits_relatives = forms.BooleanField(label=_("I visit relatives"), required=False)
    earlier_visa = forms.ChoiceField(
        label=_("Have you had a visa of this country before?"),
        choices=[
            (EarlierVisaUse.FIRST_APPLICATION.value, _("No")),
            (EarlierVisaUse.USED.value, _("Yes, and I travelled there with it")),
            (EarlierVisaUse.NEVER_USED.value, _("Yes, but I did not travel there with it")),
        ],
        widget=forms.RadioSelect,
    )
    birth_date = CivilDateField(
        label=_("When were you born?"),
        help_text=_("Only for the fee and the fingerprints of children."),
        required=False,
        not_future=True,
        birth=True,
    )

    def facts(self) -> ChecklistFacts:
        """Return what was typed as facts; no paper is ticked on this page."""
        given = self.cleaned_data
        return ChecklistFacts(
            purpose=given["purpose"],
            category=given["category"],
            destination=given["mission"].state,
            own_means=OwnMeans(given["own_means"]),
            visits_relatives=given["visits_relatives"],
            earlier_visa=EarlierVisaUse(given["earlier_visa"]),
        )
