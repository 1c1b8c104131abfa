"""What an agent fills in about a text of which nobody knew the language (CP-02)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date

from ..reading import accepted_languages
from ..wording import language_name
from .handling import TEXT_LIMIT, CaseForm


class AcceptForm(CaseForm):
    """In which language the text can be read, and is answered."""

    submit_label = _("It can be read")
    language = forms.ChoiceField(
        label=_("Language"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["language"]
        codes = accepted_languages(self.about.mission, civil_date(timezone.now()))
        field.choices = [(code, language_name(code)) for code in codes]


class SendBackForm(CaseForm):
    """Why the text cannot be handled, as its person reads it."""

    submit_label = _("Send it back")
    text = forms.CharField(
        label=_("What the person reads"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you want to say.")},
    )
