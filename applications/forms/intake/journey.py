"""Where to, why, when, and through which states."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.forms.fields import CivilDateField
from portal.missions.models import Mission

from ...enums import PURPOSES, Purpose, Relation, VisaClass
from ...models import Traveller
from ...rules.main_destination import Leg
from ..guidance.fields import NumberField, country_or_none
from ..guidance.rows import RowForm
from .rows import RowsStepForm
from .step import StepForm

_NEW = "new:"


class VisaForm(StepForm):
    """Where and for what kind of visa the application is made."""

    mission = forms.ModelChoiceField(
        label=_("Where do you apply?"),
        queryset=Mission.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_(
            "Apply to the state where you stay longest, and at the post that serves your wilaya."
        ),
        error_messages={"required": _("Choose where you apply.")},
    )
    visa_class = forms.ChoiceField(
        label=_("Which visa do you need?"),
        choices=VisaClass.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of visa.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missions = self.fields["mission"]
        assert isinstance(missions, forms.ModelChoiceField)
        missions.queryset = Mission.objects.filter(is_active=True)

    def answers(self) -> dict[str, Any]:
        """Drop what does not belong to the chosen visa and mission; fill in the only purpose."""
        answers = super().answers()
        if not answers["mission"].asks_retiree_card:
            answers["retiree_card"] = False
        possible = PURPOSES[VisaClass(answers["visa_class"])]
        stored = self.application.purpose if self.application else ""
        if stored not in possible:
            answers["purpose"] = possible[0].value if len(possible) == 1 else ""
        return answers


class StartForm(VisaForm):
    """The first page of a new application: for whom it is, too."""

    submit_label = _("Start")
    person = forms.ChoiceField(
        label=_("Who travels?"),
        widget=forms.RadioSelect,
        help_text=_("Every traveller needs an application of their own, babies included."),
        error_messages={"required": _("Choose who travels.")},
    )
    field_order = ("person",)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._household = {
            str(traveller.pk): traveller
            for traveller in Traveller.objects.filter(owner=owner).select_related("guardian")
        }
        people = self.fields["person"]
        assert isinstance(people, forms.ChoiceField)
        people.choices = [(pk, str(who)) for pk, who in self._household.items()] + self._new()

    @property
    def traveller(self) -> Traveller | None:
        """The person of the household who was chosen, or None for somebody new."""
        return self._household.get(self.cleaned_data["person"])

    @property
    def relation(self) -> str:
        """What somebody new is to the holder of the account."""
        chosen = str(self.cleaned_data["person"])
        return chosen.removeprefix(_NEW) if chosen.startswith(_NEW) else ""

    def answers(self) -> dict[str, Any]:
        """Leave out the person, who is not an answer of the application."""
        return {name: value for name, value in super().answers().items() if name != "person"}

    def _new(self) -> list[tuple[str, Any]]:
        known = {traveller.relation for traveller in self._household.values()}
        again = _("Somebody new: {relation}") if known else "{relation}"
        return [
            (f"{_NEW}{relation.value}", format_lazy(again, relation=relation.label))
            for relation in Relation
            if not (relation is Relation.SELF and relation in known)
        ]


class PurposeForm(StepForm):
    """Why the person travels, and whether the walk-in for retirees applies."""

    purpose = forms.ChoiceField(
        label=_("Why do you travel?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the main reason of your journey.")},
    )
    retiree_card = forms.BooleanField(
        label=_("I hold a residence certificate marked “retired”, or “spouse of a retired person”"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.application is not None
        possible = PURPOSES[VisaClass(self.application.visa_class)]
        purposes = self.fields["purpose"]
        assert isinstance(purposes, forms.ChoiceField)
        purposes.choices = [(purpose.value, purpose.label) for purpose in possible]
        if not self.application.mission.asks_retiree_card:
            del self.fields["retiree_card"]


class TripForm(StepForm):
    """When the person means to travel."""

    arrives_on = CivilDateField(
        label=_("When do you plan to arrive?"), help_text=_("For example 15 3 2027."), not_past=True
    )
    departs_on = CivilDateField(
        label=_("When do you plan to leave the Schengen area for the last time?"),
        help_text=_("If you plan several journeys, the last day of the last one."),
        not_past=True,
    )
    is_urgent = forms.BooleanField(
        label=_("My journey is urgent and I can prove it"),
        help_text=_("For example a serious illness in the family."),
        required=False,
    )
    urgency_reason = forms.CharField(
        label=_("Why is it urgent?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.application is not None
        if self.application.visa_class != VisaClass.SHORT_STAY:
            self.fields["departs_on"].required = False
            self.fields["departs_on"].label = format_lazy(
                "{question} {optional}",
                question=_("When do you plan to leave again?"),
                optional=_("(if you know)"),
            )

    def clean(self) -> dict[str, Any]:
        """Compare the two dates; refuse an urgency without a reason."""
        answers = super().clean() or {}
        arrival, departure = answers.get("arrives_on"), answers.get("departs_on")
        if arrival and departure and departure < arrival:
            self.add_error("departs_on", _("You cannot leave before you arrive."))
        # A reason that was refused for another cause is absent, and has its message already.
        if answers.get("is_urgent") and answers.get("urgency_reason") == "":
            self.add_error("urgency_reason", _("Say in a sentence why it is urgent."))
        return answers


def _countries() -> list[tuple[str, Any]]:
    return country_or_none("FR")


class LegForm(RowForm):
    """Days in one state."""

    state = forms.ChoiceField(label=_("Country"), choices=_countries)
    days = NumberField(label=_("Days"), required=False, min_value=1, max_value=1000)
    transit = forms.BooleanField(label=_("I only pass through"), required=False)

    def value(self) -> Leg:
        """Return the row as a fact."""
        given = self.cleaned_data
        return Leg(state=given["state"], days=given["days"], transit=given["transit"])

    @staticmethod
    def shown(leg: Leg) -> dict[str, Any]:
        """Return a stored fact as the row shows it."""
        return {"state": leg.state, "days": leg.days, "transit": leg.transit}


class RouteForm(RowsStepForm):
    """Through which states the journey leads (CO-01 to CO-09); it never blocks anything."""

    row_class = LegForm
    row_name = "leg"
    row_title = _("Country")
    rows_at_first = 2
    answer_name = "legs"
    lead = _(
        "Only if you visit several countries of the Schengen area. If you stay in one, leave the "
        "page empty and continue."
    )
    legs = forms.CharField(required=False, widget=forms.HiddenInput)
    main_purpose_state = forms.ChoiceField(
        label=_("In which country does the main purpose of your journey lie?"),
        choices=_countries,
        required=False,
    )
    first_entry = forms.ChoiceField(
        label=_("In which country do you first enter the Schengen area?"),
        choices=_countries,
        required=False,
    )


INVITER = {
    Purpose.FAMILY_VISIT: _("Whom do you visit?"),
    Purpose.BUSINESS: _("Which company invites you?"),
    Purpose.EVENT: _("Which event do you attend, and who organises it?"),
    Purpose.MEDICAL: _("Which hospital or doctor treats you?"),
    Purpose.STUDY_SHORT: _("Which school or organiser receives you?"),
    Purpose.FAMILY_REUNION: _("Whom do you join?"),
    Purpose.STUDY_WORK: _("Which university or employer receives you?"),
}
