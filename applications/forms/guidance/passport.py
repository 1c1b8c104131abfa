"""Is my passport good enough? What the passport rules need to know (PA-01 to PA-13)."""

from __future__ import annotations

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import PassportDefect, VisaClass
from applications.rules import facts
from applications.rules.passport import Defect, PassportFacts
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import MissionField, NumberField, known_countries
from .sections import Heading


class PassportForm(PageForm, forms.Form):
    """The passport, the visa, and the days that the rules measure from."""

    submit_label = _("Check the passport")

    mission = MissionField()
    visa_class = forms.ChoiceField(
        label=_("Which visa do you need?"),
        choices=VisaClass.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of visa.")},
    )
    nationality = forms.ChoiceField(
        label=_("Nationality of the passport"), choices=known_countries, initial="DZ"
    )
    issue_date = CivilDateField(label=_("Issued on"), first_year=1950, not_future=True)
    expiry_date = CivilDateField(label=_("Valid until"), first_year=1950)
    blank_pages = NumberField(
        label=_("How many pages are completely blank?"),
        help_text=_("Count the pages for visas without any stamp or sticker."),
        max_value=100,
    )
    defects = forms.MultipleChoiceField(
        label=_("Is anything of this true for the passport?"),
        help_text=_("Leave it empty if the passport is in good condition."),
        choices=PassportDefect.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    spouse_first_name_mentioned = forms.BooleanField(
        label=_("The first name of a spouse is printed beside the family name"), required=False
    )
    filing_date = CivilDateField(
        label=_("When do you hand in the application?"),
        help_text=_(
            "The day of your appointment, not the day on which you fill in the form. If you do "
            "not know it yet, enter the day you hope for."
        ),
        first_year=2000,
    )
    arrival_date = CivilDateField(
        label=_("When do you plan to arrive?"), first_year=2000, required=False
    )
    departure_date = CivilDateField(
        label=_("When do you plan to leave the Schengen area for the last time?"),
        help_text=_("Needed for a short stay. Of several journeys, the last day of the last one."),
        first_year=2000,
        required=False,
    )
    visa_end = CivilDateField(
        label=_("Until when do you ask for the visa?"),
        help_text=_("Only for a visa of several months or years, if you know it."),
        first_year=2000,
        required=False,
    )
    urgency_justified = forms.BooleanField(
        label=_("My journey is urgent and I can prove it"),
        help_text=_("For example a serious illness in the family."),
        required=False,
    )

    def layout(self) -> Layout:
        """Visa, passport, journey: in the order in which people have them in mind."""
        return Layout(
            Heading(_("The visa")),
            *("mission", "visa_class"),
            Heading(_("The passport")),
            *("nationality", "issue_date", "expiry_date", "blank_pages", "defects"),
            "spouse_first_name_mentioned",
            Heading(_("The journey")),
            *("filing_date", "arrival_date", "departure_date", "visa_end", "urgency_justified"),
        )

    def facts(self) -> PassportFacts:
        """Return what was typed as facts of the passport rules."""
        given = self.cleaned_data
        arrival, departure = given["arrival_date"], given["departure_date"]
        return PassportFacts(
            filing_date=given["filing_date"],
            issue_date=given["issue_date"],
            expiry_date=given["expiry_date"],
            blank_pages=given["blank_pages"],
            visa_class=facts.VisaClass(given["visa_class"]),
            nationality=given["nationality"],
            departure_dates=(departure,) if departure else (),
            entry_dates=(arrival,) if arrival else (),
            arrival_date=arrival,
            visa_end=given["visa_end"],
            defects=frozenset(Defect(word) for word in given["defects"]),
            urgency_justified=given["urgency_justified"],
            spouse_first_name_mentioned=given["spouse_first_name_mentioned"],
            authority=given["mission"].state,
        )
