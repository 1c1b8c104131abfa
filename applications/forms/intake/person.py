"""Who travels, with which passport, and who signs for a minor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.countries import country_names
from portal.dates import civil_date
from portal.forms.fields import CivilDateField, NameField, PassportNumberField

from ...enums import Consent, PassportDefect
from ...models import Traveller
from ...rules.household import is_minor
from ...rules.law import LAW
from .step import StepForm, YesNoField


class PersonFields(forms.Form):
    """What the photo page of a passport says of its holder."""

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


class PassportFields(forms.Form):
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
        """Refuse a passport that expires before it was issued (PA-13)."""
        answers = super().clean() or {}
        issued, expires = answers.get("passport_issued_on"), answers.get("passport_expires_on")
        if issued and expires and expires <= issued:
            self.add_error(
                "passport_expires_on",
                _("A passport expires after it was issued. Check both dates."),
            )
        return answers


class TravellerForm(PersonFields, StepForm):
    """Who travels."""

    reads_mrz = True

    def clean(self) -> dict[str, Any]:
        """Refuse a birth after the passport was issued (PA-13)."""
        answers = super().clean() or {}
        birth = answers.get("birth_date")
        issued = self.application.passport_issued_on if self.application else None
        if birth and issued and issued < birth:
            self.add_error("birth_date", _("The passport cannot be older than the traveller."))
        return answers


class PassportForm(PassportFields, StepForm):
    """The passport of the traveller."""

    reads_mrz = True

    def clean(self) -> dict[str, Any]:
        """Refuse a passport older than the traveller (PA-13)."""
        answers = super().clean() or {}
        issued = answers.get("passport_issued_on")
        birth = self.application.birth_date if self.application else None
        if issued and birth and issued < birth:
            self.add_error(
                "passport_issued_on", _("The passport cannot be older than the traveller.")
            )
        return answers


def adults_of(owner: Any, *, but: Any = None) -> list[Traveller]:
    """Return the adults of a household, who may sign for a minor (AP-01)."""
    law = LAW.on(civil_date(timezone.now()))
    return [
        traveller
        for traveller in Traveller.objects.filter(owner=owner).exclude(pk=but)
        if traveller.birth_date is not None and not is_minor(traveller.birth_date, law)
    ]


class GuardianField(forms.ChoiceField):
    """An adult of the household; `household` is set by the form that knows the account."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Who signs for the child?"))
        options.setdefault(
            "help_text",
            _("An adult of your household who has care of the child and comes to the appointment."),
        )
        options.setdefault("widget", forms.RadioSelect)
        options.setdefault("error_messages", {"required": _("Choose who signs for the child.")})
        super().__init__(**options)
        self.household: dict[str, Traveller] = {}

    def offer(self, adults: list[Traveller]) -> None:
        """Offer these people."""
        self.household = {str(adult.pk): adult for adult in adults}
        self.choices = [(pk, adult.name) for pk, adult in self.household.items()]

    def clean(self, value: Any) -> Any:
        """Return the person."""
        return self.household.get(super().clean(value))


class GuardianForm(StepForm):
    """Who signs for a minor, and whether the other parent agrees (AP-01)."""

    lead = _("A child has an application of its own, and an adult who has care of it signs.")
    guardian = GuardianField()
    consent = forms.ChoiceField(
        label=_("Do all who have parental authority agree to the journey?"),
        choices=Consent.choices,
        widget=forms.RadioSelect,
        help_text=_("If the other parent does not travel along, bring the signed consent."),
        error_messages={"required": _("Choose one answer.")},
    )
    child_in_parents_passport = YesNoField(
        label=_("Is the child entered in the passport of a parent?"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.application
        assert application is not None
        people = self.fields.get("guardian")
        if isinstance(people, GuardianField):
            adults = adults_of(application.owner, but=application.person_id)
            people.offer(adults)
            self.lacks_adults = not adults
            if application.person and application.person.guardian_id:
                self.initial.setdefault("guardian", str(application.person.guardian_id))
                if self.initial["guardian"] is None:
                    self.initial["guardian"] = str(application.person.guardian_id)

    @property
    def guardian_chosen(self) -> Traveller | None:
        """The person who signs."""
        found = self.cleaned_data.get("guardian")
        return found if isinstance(found, Traveller) else None

    def answers(self) -> dict[str, Any]:
        """Keep the name: the file must not change when the household does."""
        answers = super().answers()
        guardian = answers.pop("guardian", None)
        return answers | {"guardian_name": guardian.name if guardian else ""}
