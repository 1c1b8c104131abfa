"""What an appeal officer fills in for a letter, a fax or a mail (RC-01, RC-02, RC-06)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.rules.remedies import RefusedVisa
from portal.accounts.access import visible_to
from portal.dates import ALGIERS
from portal.forms.digits import western_digits
from portal.forms.fields import CivilDateField
from portal.missions.models import Mission
from portal.uploads.fields import UploadField

from ..enums import AppealedDecision, Channel, FileRole, Standing
from ..models import Appeal, IncomingMail, MailFile
from ..operations.appeals import Contested
from ..operations.arrival import Person
from .start import VISAS

ON_PAPER = [(one.value, one.label) for one in (Channel.POST, Channel.FAX, Channel.DESK)]
ANSWERS = [("fr", _("French")), ("de", _("German"))]
NOON = time(12)


class StampTimeField(forms.CharField):
    """The time on a stamp, such as 9:30; empty where the stamp has a day alone."""

    def clean(self, value: Any) -> time | None:
        """Read hours and minutes; raises ValidationError for anything else."""
        text = western_digits(super().clean(value))
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})\s*[:.hH]\s*(\d{2})", text)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError(_("Write the time as hours and minutes, such as 9:30."))
        return time(int(found[1]), int(found[2]))


class ContestedFields(forms.Form):
    """Whose appeal it is, against what, and where the answer goes."""

    against = forms.ChoiceField(
        label=_("Against"), choices=AppealedDecision.choices, widget=forms.RadioSelect
    )
    visa = forms.ChoiceField(
        label=_("Which visa was it?"),
        choices=VISAS,
        initial=RefusedVisa.SHORT_STAY.value,
        widget=forms.RadioSelect,
    )
    notified_on = CivilDateField(
        label=_("Told of the decision on"),
        help_text=_(
            "As the letter says it, or as it stands in the file. Without it nothing can "
            "be registered: ask the person (RC-06)."
        ),
        first_year=2010,
        not_future=True,
    )
    decision_reference = forms.CharField(
        label=_("Number on the decision"), max_length=60, required=False
    )
    name = forms.CharField(label=_("Name of the person concerned"), max_length=100)
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As it stands on an envelope, without the name; one line per line."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("If the letter names one: the receipt with the number goes there."),
    )
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=ANSWERS, initial="fr", widget=forms.RadioSelect
    )
    standing = forms.ChoiceField(
        label=_("Who appeals"),
        choices=Standing.choices,
        initial=Standing.SELF.value,
        widget=forms.RadioSelect,
    )
    representative = forms.CharField(
        label=_("Name of who appeals for the person"), max_length=100, required=False
    )
    despite = forms.CharField(
        label=_("Why a letter that seems to be registered is registered again"),
        max_length=300,
        required=False,
        help_text=_("Only if you were asked."),
    )

    def clean(self) -> dict[str, Any]:
        """Want the name of whoever appeals for somebody."""
        given = super().clean() or {}
        others = (Standing.GUARDIAN, Standing.REPRESENTATIVE)
        if given.get("standing") in others and not given.get("representative"):
            self.add_error("representative", _("Enter the name."))
        return given

    def person(self) -> Person:
        """Return whom the decision is about."""
        given = self.cleaned_data
        return Person(
            name=given["name"],
            email=given["email"],
            postal_address=given["postal_address"].replace("\r\n", "\n"),
        )

    def contested(self) -> Contested:
        """Return what the appeal is against."""
        given = self.cleaned_data
        return Contested(
            against=AppealedDecision(given["against"]),
            notified_on=given["notified_on"],
            is_long_stay=given["visa"] == RefusedVisa.LONG_STAY,
            decision_reference=given["decision_reference"],
            standing=Standing(given["standing"]),
            representative=given["representative"],
            postmarked_on=given.get("postmarked_on"),
        )


class PaperForm(ContestedFields):
    """A letter, a fax, or what was handed over at the counter: stamps, envelope and scan."""

    mission = forms.ModelChoiceField(
        label=_("Consulate"), queryset=Mission.objects.none(), empty_label=None
    )
    channel = forms.ChoiceField(label=_("How it came"), choices=ON_PAPER, widget=forms.RadioSelect)
    arrived_on = CivilDateField(label=_("Stamp of arrival"), first_year=2020, not_future=True)
    arrived_time = StampTimeField(
        label=_("Time on the stamp"),
        required=False,
        help_text=_("If it has one; a fax prints it on its upper edge."),
    )
    postmarked_on = CivilDateField(
        label=_("Postmark"),
        required=False,
        not_future=True,
        first_year=2020,
        help_text=_("The day on the envelope; empty if nobody can read it."),
    )
    scan = UploadField(label=_("Scan of the letter, all pages, and of the envelope"))
    authority = UploadField(label=_("Scan of the letter of authority"), required=False)

    field_order = ("mission", "channel", "arrived_on", "arrived_time", "postmarked_on", "scan")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        """Offer the missions of the officer."""
        super().__init__(*args, **options)
        field: Any = self.fields["mission"]
        field.queryset = visible_to(Mission.objects.filter(is_active=True), user, path="pk")

    def arrived_at(self) -> datetime:
        """Return the moment on the stamp; noon where it has a day alone, but never later than now.

        Noon is before the midnight of every authority, so the day decides.
        """
        given = self.cleaned_data
        at = given["arrived_time"] or NOON
        moment = datetime.combine(given["arrived_on"], at, ALGIERS)
        return moment if given["arrived_time"] else min(moment, timezone.now())

    def letters(self) -> list[tuple[Any, FileRole]]:
        """Return the scans with what they are."""
        given = self.cleaned_data
        found = [(given["scan"], FileRole.SCAN)]
        if given["authority"]:
            found.append((given["authority"], FileRole.AUTHORITY))
        return found


class MailForm(ContestedFields):
    """What came by mail: which of its files is the letter."""

    letter = forms.ModelChoiceField(
        label=_("Which file is the appeal?"),
        queryset=MailFile.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ("letter",)

    def __init__(self, *args: Any, mail: IncomingMail, **options: Any) -> None:
        """Offer the files of the mail."""
        super().__init__(*args, **options)
        field: Any = self.fields["letter"]
        field.queryset = mail.files.select_related("file")
        field.label_from_instance = lambda row: f"{row.position}. {row.file.name}"


class FactsForm(forms.Form):
    """What was misread of paper and envelope, and who appeals."""

    notified_on = CivilDateField(
        label=_("Told of the decision on"), first_year=2010, not_future=True
    )
    postmarked_on = CivilDateField(
        label=_("Postmark"), required=False, not_future=True, first_year=2020
    )
    is_long_stay = forms.BooleanField(label=_("Long-stay visa"), required=False)
    standing = forms.ChoiceField(
        label=_("Who appeals"), choices=Standing.choices, widget=forms.RadioSelect
    )
    representative = forms.CharField(
        label=_("Name of who appeals for the person"), max_length=100, required=False
    )

    def __init__(self, appeal: Appeal, data: Any = None) -> None:
        names: Sequence[str] = list(self.base_fields)
        super().__init__(data, initial={name: getattr(appeal, name) for name in names})


class ScanForm(forms.Form):
    """Another file that belongs to an appeal."""

    role = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (one.value, one.label)
            for one in (FileRole.SCAN, FileRole.AUTHORITY, FileRole.ATTACHMENT)
        ],
        initial=FileRole.SCAN.value,
        widget=forms.RadioSelect,
    )
    file = UploadField(label=_("File"))


class ToCaseForm(forms.Form):
    """The case that a mail belongs to."""

    reference = forms.CharField(
        label=_("Reference of the case, or number in the register"),
        max_length=20,
        help_text=_("Such as C-7K3M-92QX or 2026/12."),
    )
