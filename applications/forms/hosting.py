"""One hosting certificate, as it is printed, and which of my applications it covers (HO)."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date
from portal.formats import long_date
from portal.forms.fields import TIDIED, CivilDateField
from portal.forms.layout import PageForm

from ..models import Application, HostingCertificate
from ..refusals import ConfirmedInFuture, CoversSeveralStates
from ..rules.facts import VisaClass
from ..wording.certificates import CertificateWords


class PrintedField(forms.CharField):
    """A line as it is printed on the paper: letters, digits and the signs offices use."""

    default_error_messages = {
        "max_length": _("At most %(limit_value)s characters; this has %(show_value)s."),
        "invisible": _("It contains an invisible sign. Please type it instead of pasting."),
        "empty": _("Letters or digits are missing."),
    }

    def to_python(self, value: Any) -> str:
        """Bring blanks and hyphens into one kind; raises ValidationError for control signs."""
        text = str(super().to_python(str(value or "").translate(TIDIED)))
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in text):
            raise forms.ValidationError(self.error_messages["invisible"], code="invisible")
        if text and not any(map(str.isalnum, text)):
            raise forms.ValidationError(self.error_messages["empty"], code="empty")
        return text


class CertificateForm(PageForm, forms.Form):
    """What stands on the certificate; nothing about the host's income is asked (HO-09)."""

    submit_label = _("Save the certificate")

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    covers = forms.MultipleChoiceField(
        label=_("Which of your applications does it cover?"),
        help_text=_("One certificate may serve a whole family: tick everybody who is named on it."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one application."),
            "invalid_choice": _("One of these applications cannot be chosen any more."),
        },
    )
    host_name = PrintedField(
        label=_("Who is the host?"),
        help_text=_("The name of the person or the organisation, as printed on the certificate."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Enter the name of the host.")},
    )
    authority = PrintedField(
        label=_("Which authority confirmed it?"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Enter the authority whose stamp is on the paper.")},
    )
    number = PrintedField(
        label=_("Number of the certificate"),
        help_text=_("As printed, often beside a bar code or at the top."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        error_messages={"required": _("Enter the number of the certificate.")},
    )
    confirmed_on = CivilDateField(
        label=_("When was it confirmed?"),
        help_text=_("The day of the authority's stamp, not the day on which you received it."),
        first_year=2000,
    )
    covers_from = CivilDateField(label=_("First day it covers"), first_year=2000, required=False)
    covers_until = CivilDateField(
        label=_("Last day it covers"),
        help_text=_("Leave it empty if the certificate names no last day."),
        first_year=2000,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        applications: Collection[Application],
        words: CertificateWords,
        certificate: HostingCertificate | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer `applications`; `certificate` is the one that is changed, if any."""
        if certificate is not None:
            kwargs["initial"] = {**_stored(certificate), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.applications = {str(one.pk): one for one in applications}
        covers = self.fields["covers"]
        assert isinstance(covers, forms.MultipleChoiceField)
        covers.choices = [(key, _choice(one)) for key, one in self.applications.items()]
        self.fields["authority"].help_text = words.authority_hint
        self.fields["covers_from"].help_text = _cover_hint(applications)

    def clean_confirmed_on(self) -> Any:
        """Refuse a day that has not come yet, with the reason (HO-01)."""
        day, today = self.cleaned_data["confirmed_on"], civil_date(timezone.now())
        if day and day > today:
            refusal = ConfirmedInFuture(params={"today": long_date(today)})
            raise forms.ValidationError(f"{refusal.message} {refusal.remedy}", code=refusal.code)
        return day

    def clean(self) -> dict[str, Any]:
        """Compare the days that are covered, and the states of the chosen applications."""
        given = super().clean() or {}
        first, last = given.get("covers_from"), given.get("covers_until")
        if first and last and last < first:
            self.add_error("covers_until", _("It ends before it starts."))
        if last and not first and "covers_from" not in self.errors:
            self.add_error("covers_from", _("Enter the first day as well."))
        chosen = [self.applications[key] for key in given.get("covers", [])]
        if len({one.mission.state for one in chosen}) > 1:
            refusal = CoversSeveralStates()
            self.add_error("covers", f"{refusal.message} {refusal.remedy}")
        if any(not VisaClass(one.visa_class).is_short for one in chosen):
            self._ask_for_cover(given)
        return given

    def _ask_for_cover(self, given: dict[str, Any]) -> None:
        """A long stay cannot be judged without the days that are covered (HO-07)."""
        if not given.get("covers_from") and "covers_from" not in self.errors:
            self.add_error("covers_from", _("For a long stay the first day it covers is needed."))

    def chosen(self) -> list[uuid.UUID]:
        """Return the ids of the covered applications."""
        return [uuid.UUID(key) for key in self.cleaned_data["covers"]]

    def answers(self) -> dict[str, Any]:
        """Return what stands on the paper, by field of the certificate."""
        apart = ("covers", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


def _stored(certificate: HostingCertificate) -> dict[str, Any]:
    paper = ("host_name", "authority", "number", "confirmed_on", "covers_from", "covers_until")
    return {
        **{name: getattr(certificate, name) for name in paper},
        "version": certificate.version,
        "covers": [str(row.application_id) for row in certificate.covered.all()],
    }


def _choice(application: Application) -> str:
    name = application.traveller or str(_("Traveller not named yet"))
    label = f"{name} · {application.mission.name} · {application.reference}"
    other = vars(application).get("covered_elsewhere")
    if not other:
        return label
    return str(
        _("%(application)s (until now covered by the certificate %(number)s)")
        % {"application": label, "number": other}
    )


def _cover_hint(applications: Collection[Application]) -> Any:
    if any(not VisaClass(one.visa_class).is_short for one in applications):
        return _("For a long stay the certificate must cover every day of it.")
    return _("Only if the certificate names days.")
