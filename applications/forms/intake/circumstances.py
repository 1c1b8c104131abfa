"""Occupation, stay, earlier visas, insurance and contact."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.forms.digits import western_digits
from portal.forms.fields import TIDIED, CivilDateField

from ...enums import Entries, Lodging, Purpose
from ...intake import is_for_minor
from ...rules.checklist import EarlierVisaUse
from ...rules.checklist_table import CHECKLIST
from ...rules.hosting_certificate import OwnMeans
from ...rules.multiple_entry import EarlierVisa
from ...wording.words import CATEGORIES
from ..guidance.fields import NumberField, TextDateField
from ..guidance.rows import RowForm
from .journey import INVITER
from .rows import RowsStepForm
from .step import StepForm, YesNoField

_MINORS = ("minor", "student")


class OccupationForm(StepForm):
    """What the traveller does: it decides which proofs of ties are asked (DO-11)."""

    category = forms.ChoiceField(
        label=_("What is the traveller's occupation?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the occupation.")},
    )
    employer = forms.CharField(
        label=_("Name of the employer, business, school or university"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.application is not None
        minor = is_for_minor(self.application)
        offered = _MINORS if minor else [c for c in CHECKLIST.categories if c != "minor"]
        categories = self.fields["category"]
        assert isinstance(categories, forms.ChoiceField)
        categories.choices = [(category, CATEGORIES[category]) for category in offered]


class StayForm(StepForm):
    """Whom one visits, where one lives and who pays (DO-02, HO-05)."""

    inviter = forms.CharField(
        max_length=200, error_messages={"required": _("Write the name, as in the invitation.")}
    )
    visits_relatives = YesNoField(label=_("Is it somebody of the traveller's family?"))
    lodging = forms.ChoiceField(
        label=_("Where will the traveller live?"),
        choices=Lodging.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the traveller will live.")},
    )
    lodging_address = forms.CharField(
        label=_("Address there"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=500,
        required=False,
        help_text=_("If you know it already."),
    )
    own_means = forms.ChoiceField(
        label=_("Can the traveller pay for the stay without help?"),
        choices=[
            (OwnMeans.PROVEN.value, _("Yes, and I can prove it")),
            (OwnMeans.PARTLY.value, _("In part")),
            (OwnMeans.NONE.value, _("No, somebody else pays")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Parents who travel along and pay for their child count as the child itself. Anybody "
            "else who pays in your place signs an undertaking before an authority."
        ),
        error_messages={"required": _("Choose one answer.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.application is not None
        if "inviter" in self.fields:
            self.fields["inviter"].label = INVITER[Purpose(self.application.purpose)]


class EarlierForm(StepForm):
    """Earlier visas, fingerprints and how often one wants to enter (DO-09, DO-10, DO-13)."""

    earlier_visa = forms.ChoiceField(
        label=_("Has the traveller had a visa of this country before?"),
        choices=[
            (EarlierVisaUse.FIRST_APPLICATION.value, _("No")),
            (EarlierVisaUse.USED.value, _("Yes, and travelled there with it")),
            (EarlierVisaUse.NEVER_USED.value, _("Yes, but did not travel there with it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one answer.")},
    )
    fingerprints_on = CivilDateField(
        label=_("When were fingerprints given for a Schengen visa?"),
        help_text=_("Leave it empty if never, or if you do not remember."),
        first_year=2010,
        not_future=True,
        required=False,
    )
    entries = forms.ChoiceField(
        label=_("How often shall the visa allow to enter?"),
        choices=Entries.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one answer.")},
    )


class VisaRowForm(RowForm):
    """A Schengen visa held before."""

    first_day = TextDateField(label=_("Valid from"), first_year=2000)
    last_day = TextDateField(label=_("Valid until"), first_year=2000)
    multiple = forms.BooleanField(label=_("It allowed several entries"), required=False)
    misused = forms.BooleanField(
        label=_("I stayed longer or otherwise than it allowed"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a visa that ends before it begins."""
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It ends before it starts."))
        return given

    def value(self) -> EarlierVisa:
        """Return the row as a fact."""
        given = self.cleaned_data
        return EarlierVisa(
            first_day=given["first_day"],
            last_day=given["last_day"],
            multiple=given["multiple"],
            used_lawfully=not given["misused"],
        )

    @staticmethod
    def shown(visa: EarlierVisa) -> dict[str, Any]:
        """Return a stored fact as the row shows it."""
        return {
            "first_day": visa.first_day,
            "last_day": visa.last_day,
            "multiple": visa.multiple,
            "misused": not visa.used_lawfully,
        }


class VisasForm(RowsStepForm):
    """The visas that open the way to one for several entries (DO-09)."""

    row_class = VisaRowForm
    row_name = "visa"
    row_title = _("Earlier visa")
    most_rows = 10
    answer_name = "visas"
    lead = _(
        "A visa for several entries goes to somebody who has used earlier ones properly. Enter "
        "the Schengen visas of the last three years, whichever state gave them."
    )
    visas = forms.CharField(required=False, widget=forms.HiddenInput)


class InsuranceForm(StepForm):
    """The policy, if there is one already (DO-07)."""

    lead = _(
        "You can leave this empty and add it later: the policy must be there on the day of the "
        "appointment."
    )
    insurance_from = CivilDateField(label=_("Insured from"), first_year=2020, required=False)
    insurance_until = CivilDateField(label=_("Insured until"), first_year=2020, required=False)
    insurance_amount = NumberField(
        label=_("Up to how many euros does it pay?"), required=False, max_value=100_000_000
    )

    def clean(self) -> dict[str, Any]:
        """A policy has both days and an amount, or nothing is said of it."""
        given = super().clean() or {}
        names = [name for name in self.fields if name.startswith("insurance")]
        if any(given.get(name) is not None for name in names):
            for name in names:
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Fill in all three, or leave all empty."))
        first, last = given.get("insurance_from"), given.get("insurance_until")
        if first and last and last < first:
            self.add_error("insurance_until", _("It ends before it starts."))
        return given


class PhoneField(forms.CharField):
    """A telephone number; one without a country code is Algerian.  Kept as +213551234567."""

    default_error_messages = {
        "phone": _("This is no telephone number. Write it like 0551 23 45 67 or +33 6 12 34 56 78.")
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"type": "tel", "autocomplete": "tel", "dir": "ltr"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> str:
        """Return the number in its international form."""
        text = western_digits(super().clean(value)).translate(TIDIED)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "DZ")
        except phonenumbers.NumberParseException as error:
            raise ValidationError(self.error_messages["phone"], code="phone") from error
        if not phonenumbers.is_valid_number(number):
            raise ValidationError(self.error_messages["phone"], code="phone")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number in groups."""
        try:
            number = phonenumbers.parse(value or "", None)
        except phonenumbers.NumberParseException:
            return value
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, style)


class ContactForm(StepForm):
    """How the consulate reaches the traveller."""

    phone = PhoneField(
        label=_("Telephone"),
        required=False,
        help_text=_("Used only if something about this application is urgent."),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address", "dir": "auto"}),
        max_length=500,
        required=False,
        help_text=_("Some answers of the authorities come by post only."),
    )
