"""When will I get an answer? (AP-03 to AP-06)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.facts import VisaClass
from applications.rules.filing import DecisionFacts
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import MissionField


class AnswerForm(PageForm, forms.Form):
    """The visa, and the day on which the counter accepted the file."""

    submit_label = _("Show when to expect an answer")

    mission = MissionField(required=False)
    visa_class = forms.ChoiceField(
        label=_("Which visa did you apply for?"),
        choices=[
            (VisaClass.SHORT_STAY.value, _("Short stay, up to 90 days")),
            (VisaClass.LONG_STAY.value, _("Long stay, over 90 days")),
        ],
        widget=forms.RadioSelect,
    )
    accepted_on = CivilDateField(
        label=_("When did the counter accept your file?"),
        help_text=_(
            "The day of the appointment at which it was taken, not the day on which you sent a "
            "form. Leave it empty if it was not accepted yet."
        ),
        first_year=2010,
        required=False,
    )
    urgency_justified = forms.BooleanField(
        label=_("My journey is urgent and I have proved it"), required=False
    )

    def facts(self) -> DecisionFacts:
        """Return what was typed as facts, without the day of the question."""
        given = self.cleaned_data
        return DecisionFacts(
            visa_class=VisaClass(given["visa_class"]),
            accepted_on=given["accepted_on"],
            urgency_justified=given["urgency_justified"],
        )
