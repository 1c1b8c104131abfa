"""What is asked before a door is shown (RC-01 to RC-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.remedies import RefusedVisa
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm
from portal.missions.models import Mission

from ..rules.doors import DoorFacts, Matter

NO_DAY = date.min  # the view puts today in its place
_UNKNOWN = _("This is none of the consulates on offer. Choose one of them.")
ELSEWHERE = "other"
VISAS = [
    (RefusedVisa.SHORT_STAY.value, _("Short stay, up to 90 days")),
    (RefusedVisa.LONG_STAY.value, _("Long stay, over 90 days")),
]
DECISIONS = [
    (Matter.REFUSAL.value, _("My visa was refused")),
    (Matter.ANNULMENT.value, _("My visa was annulled")),
    (Matter.REVOCATION.value, _("My visa was revoked")),
]


class MissionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """One of the consulates, by its code, so that an address can name it."""

    def __init__(self, **options: Any) -> None:
        """Take the options of Django's own field."""
        options.setdefault("label", _("Which consulate is it about?"))
        options.setdefault("widget", forms.RadioSelect)
        super().__init__(
            queryset=Mission.objects.filter(is_active=True),
            to_field_name="code",
            empty_label=None,
            error_messages={"required": _("Choose a consulate."), "invalid_choice": _UNKNOWN},
            **options,
        )


def notified_field(label: Any) -> CivilDateField:
    """Ask when the person was told; what is missing or in the future, the rule says."""
    return CivilDateField(
        label=label,
        help_text=_("The day on which you received the paper, not the day printed on it."),
        first_year=2010,
        required=False,
    )


class DecisionForm(PageForm, forms.Form):
    """Against which decision, of whom, and when the person was told of it."""

    submit_label = _("Show where to go")

    matter = forms.ChoiceField(
        label=_("What happened?"), choices=DECISIONS, widget=forms.RadioSelect
    )
    mission = MissionField()
    visa = forms.ChoiceField(label=_("Which visa was it?"), choices=VISAS, widget=forms.RadioSelect)
    notified = notified_field(_("When were you told of the decision?"))

    def facts(self) -> DoorFacts:
        """Return what was typed as facts; the day of the question is for the caller to say."""
        given = self.cleaned_data
        return DoorFacts(
            matter=Matter(given["matter"]),
            state=given["mission"].state,
            visa=RefusedVisa(given["visa"]),
            notified=given["notified"],
            today=NO_DAY,
        )


class EntryForm(PageForm, forms.Form):
    """Where somebody was not let in, and when they were told."""

    submit_label = _("Show where to go")

    state = forms.ChoiceField(
        label=_("At the border of which country?"),
        choices=[
            ("DE", _("Germany")),
            ("FR", _("France")),
            (ELSEWHERE, _("Another country")),
        ],
        widget=forms.RadioSelect,
    )
    notified = notified_field(_("When were you refused entry?"))

    def facts(self) -> DoorFacts:
        """Return what was typed as facts, without the day of the question."""
        given = self.cleaned_data
        return DoorFacts(
            matter=Matter.ENTRY_REFUSED,
            state="" if given["state"] == ELSEWHERE else given["state"],
            notified=given["notified"],
            today=NO_DAY,
        )


class WaitingForm(PageForm, forms.Form):
    """Whose answer somebody waits for."""

    submit_label = _("Show what is known")
    mission = MissionField()

    def facts(self) -> DoorFacts:
        """Return what was typed as facts, without the day of the question."""
        state = self.cleaned_data["mission"].state
        return DoorFacts(matter=Matter.WAITING, state=state, today=NO_DAY)
