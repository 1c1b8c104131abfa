"""The steps of an application: one group of questions per page, in the traveller's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.countries import country_names
from portal.forms.fields import CivilDateField, NameField, PassportNumberField
from portal.forms.layout import PageForm
from portal.missions.models import Mission

from ..enums import PURPOSES, PassportDefect, VisaClass
from ..models import Application


class StepForm(PageForm, forms.Form):
    """One step; `application` is None while the first step opens a new one.

    `version` travels with the form, so that a second tab notices what the first one saved.
    """

    submit_label = _("Save and continue")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, application: Application | None = None, **kwargs: Any) -> None:
        self.application = application
        if application is not None:
            stored = {name: getattr(application, name, None) for name in self.base_fields}
            kwargs["initial"] = {**stored, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        """Return what this step fills in, by field of the application."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


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


class TravellerForm(StepForm):
    """Who travels."""

    family_name = NameField(
        label=_("Family name"), help_text=_("Exactly as printed in the passport.")
    )
    given_names = NameField(
        label=_("Given names"), help_text=_("Exactly as printed in the passport.")
    )
    birth_date = CivilDateField(
        label=_("Date of birth"), first_year=1900, not_future=True, birth=True
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"),
        help_text=_("The nationality of the passport you travel with."),
        choices=country_names,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a birth after the passport was issued (PA-13)."""
        answers = super().clean() or {}
        birth = answers.get("birth_date")
        issued = self.application.passport_issued_on if self.application else None
        if birth and issued and issued < birth:
            self.add_error("birth_date", _("The passport cannot be older than the traveller."))
        return answers


class PassportForm(StepForm):
    """The passport, as it is today (PA-01, PA-02, PA-10, PA-13)."""

    passport_number = PassportNumberField(
        label=_("Passport number"), help_text=_("At the top right of the page with the photo.")
    )
    passport_issued_on = CivilDateField(label=_("Issued on"), first_year=1990, not_future=True)
    passport_expires_on = CivilDateField(label=_("Valid until"), first_year=1990)
    blank_pages = forms.IntegerField(
        label=_("How many pages are completely blank?"),
        help_text=_("Count the pages for visas without any stamp or sticker."),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    passport_defects = forms.MultipleChoiceField(
        label=_("Is anything of this true for the passport?"),
        help_text=_("Leave it empty if the passport is in good condition."),
        choices=PassportDefect.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse dates that cannot be right (PA-13)."""
        answers = super().clean() or {}
        issued, expires = answers.get("passport_issued_on"), answers.get("passport_expires_on")
        birth = self.application.birth_date if self.application else None
        if issued and expires and expires <= issued:
            self.add_error(
                "passport_expires_on",
                _("A passport expires after it was issued. Check both dates."),
            )
        if issued and birth and issued < birth:
            self.add_error(
                "passport_issued_on", _("The passport cannot be older than the traveller.")
            )
        return answers


class SubmitForm(PageForm, forms.Form):
    """What a person agrees to on submitting (AP-07, DP-01, DP-02)."""

    submit_label = _("Submit the application")

    commitments = forms.BooleanField(
        label=_(
            "I will leave before my visa expires. I know that a visa is only one condition of "
            "entry, that the conditions are checked again on arrival, that a refused entry gives "
            "no right to compensation, and that false answers harm my application."
        ),
        error_messages={"required": _("Tick this to confirm that you have read it.")},
    )
    data_protection = forms.BooleanField(
        label=_(
            "I know that my application and the decision on it are kept in the Visa Information "
            "System for at most five years, where visa, border, immigration and asylum "
            "authorities can read them, and under conditions designated authorities and Europol."
        ),
        error_messages={"required": _("Tick this to confirm that you have read it.")},
    )
    passport_risk = forms.BooleanField(
        label=_(
            "I have read that the counter may not accept this passport, and want to go on with it."
        ),
        error_messages={
            "required": _("Tick this to go on, or change the answers about the passport.")
        },
    )

    def __init__(self, *args: Any, passport_at_risk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not passport_at_risk:
            del self.fields["passport_risk"]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the application."""

    slug: str
    title: Any
    form: type[StepForm]

    @property
    def fields(self) -> list[str]:
        """The fields of the application that this step fills."""
        return [name for name in self.form.base_fields if name != "version"]


STEPS = (
    Step("visa", _("Place and kind of visa"), VisaForm),
    Step("purpose", _("Reason of the journey"), PurposeForm),
    Step("trip", _("Dates of the journey"), TripForm),
    Step("traveller", _("Traveller"), TravellerForm),
    Step("passport", _("Passport"), PassportForm),
)


def step_after(slug: str) -> Step | None:
    """Return the step that follows `slug`, or None after the last one."""
    slugs = [step.slug for step in STEPS]
    position = slugs.index(slug) + 1
    return STEPS[position] if position < len(STEPS) else None
