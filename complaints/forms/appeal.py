"""What a person sends with a signed appeal (RC-01, RC-02)."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import NameField
from portal.forms.layout import PageForm
from portal.uploads.fields import UploadField

from ..enums import Standing
from ..operations.arrival import Person
from .start import DecisionForm

LONGEST_ADDRESS = 400  # signs
LONGEST_WORDS = 20_000
ANSWERS = [("fr", _("French")), ("de", _("German"))]
STANDINGS = [
    (Standing.SELF.value, _("I am the person whom the decision is about")),
    (Standing.GUARDIAN.value, _("I am the parent or guardian of a minor")),
    (Standing.REPRESENTATIVE.value, _("The person gave me a letter of authority")),
    (Standing.OTHER.value, _("I am somebody else")),
]
PRINT = "print"  # the button that makes a page to sign of the words


class ContestedForm(DecisionForm):
    """What an appeal is against, on the way to its letter."""

    submit_label = _("Continue")


class AppealLetterForm(PageForm, forms.Form):
    """Who appeals, where the answer goes, and the signed letter as a file."""

    submit_label = _("Send the signed appeal")

    standing = forms.ChoiceField(
        label=_("Who are you?"),
        choices=STANDINGS,
        initial=Standing.SELF.value,
        widget=forms.RadioSelect,
    )
    name = NameField(label=_("Name of the person whom the decision is about"))
    representative = NameField(label=_("Your own name, if you are somebody else"), required=False)
    postal_address = forms.CharField(
        label=_("Postal address"),
        help_text=_(
            "The answer comes by post and in no other way. One line per line, as on an "
            "envelope, without the name."
        ),
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address", "dir": "auto"}),
        error_messages={"required": _("Enter the address to which the answer goes.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The receipt goes there, and nothing else."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    language = forms.ChoiceField(
        label=_("In which language shall the letter answer you?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
    )
    decision_reference = forms.CharField(
        label=_("Number on the decision"),
        help_text=_("If the paper has one."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    words = forms.CharField(
        label=_("Your reasons, in your own words"),
        help_text=_(
            "Typed here they are not yet an appeal. Print them below, sign the page by "
            "hand, and send a scan or photo of it. They go along with the letter."
        ),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    letter = UploadField(label=_("The signed letter, as a PDF or a photo"))
    signed = forms.BooleanField(
        label=_("The letter in this file is signed by hand."),
        error_messages={
            "required": _(
                "A letter without a signature is not yet an appeal. Print it, sign it "
                "by hand, and choose the scan or photo."
            )
        },
    )
    authority = UploadField(
        label=_("The signed letter of authority"),
        required=False,
    )
    again = forms.CharField(
        label=_("Why you send it again"),
        help_text=_("For example: it is another letter, or the first file was incomplete."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, asks_again: bool = False, **options: Any) -> None:
        """Ask why it is sent again only once the register knows it."""
        super().__init__(*args, **options)
        self.to_print = bool(self.is_bound and PRINT in self.data)
        if not asks_again and not self.data.get("again"):
            self.fields["again"].widget = forms.HiddenInput()
        if self.to_print:
            for name in ("letter", "signed", "postal_address", "language"):
                self.fields[name].required = False

    @property
    def helper(self) -> FormHelper:
        """The form with a second button, which makes a page to sign."""
        helper = super().helper
        label = _("Make a page of my words, to print and sign")
        helper.add_input(Submit(PRINT, label, css_class="btn btn-outline-primary"))
        return helper

    def clean(self) -> dict[str, Any]:
        """Want words for a page to sign, and the name of whoever appeals for somebody."""
        given = super().clean() or {}
        if self.to_print:
            if not given.get("words", "").strip():
                self.add_error("words", _("Write your reasons first."))
        elif given.get("standing") != Standing.SELF and not given.get("representative"):
            self.add_error("representative", _("Enter your own name."))
        return given

    def person(self) -> Person:
        """Return whom the decision is about, and where the answer goes."""
        given = self.cleaned_data
        return Person(
            name=given["name"],
            email=given["email"],
            postal_address=given["postal_address"].replace("\r\n", "\n"),
        )
