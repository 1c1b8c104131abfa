"""By when must I appeal, and to whom? (RC-03 to RC-06)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.remedies import AppealFacts, Refusal, RefusedVisa
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm


class DeadlineForm(PageForm, forms.Form):
    """What was refused, and when the person was told."""

    submit_label = _("Show the deadline")

    refusal = forms.ChoiceField(
        label=_("What was refused?"),
        choices=[
            (Refusal.FR_VISA.value, _("A visa, by France")),
            (Refusal.DE_VISA.value, _("A visa, by Germany")),
            (Refusal.DE_ENTRY.value, _("Entry at a German border")),
        ],
        widget=forms.RadioSelect,
    )
    visa = forms.ChoiceField(
        label=_("Which visa was it?"),
        help_text=_("In France the way to appeal depends on it."),
        choices=[
            (RefusedVisa.SHORT_STAY.value, _("Short stay, up to 90 days")),
            (RefusedVisa.LONG_STAY.value, _("Long stay, over 90 days")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    notified = CivilDateField(
        label=_("When were you told of the refusal?"),
        help_text=_("The day on which you received the paper, not the day printed on it."),
        first_year=2010,
        required=False,
    )

    def facts(self) -> AppealFacts:
        """Return what was typed as facts, without the day of the question."""
        given = self.cleaned_data
        return AppealFacts(
            refusal=Refusal(given["refusal"]),
            notified=given["notified"],
            visa=RefusedVisa(given["visa"]) if given["visa"] else None,
        )
