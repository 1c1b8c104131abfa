"""What handlers fill in to write, post and follow a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date
from portal.forms.fields import CivilDateField

from ..letters import Template, templates_for
from ..models import Case, Letter


class WriteForm(forms.Form):
    """Which letter to write about a case."""

    template = forms.ChoiceField(
        label=_("Letter"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a letter.")},
    )

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["template"]
        field.choices = [(one.code, one.name) for one in templates_for(case)]


class LetterForm(forms.Form):
    """The parts of a draft that its author chooses."""

    blocks = forms.MultipleChoiceField(
        label=_("Optional parts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("An empty line begins a new paragraph."),
    )
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("As it stands on an envelope, the name first; one line per line."),
    )

    def __init__(self, letter: Letter, texts: Template, data: Any = None) -> None:
        initial = {
            "blocks": letter.blocks,
            "own_words": letter.own_words,
            "address": letter.address,
        }
        super().__init__(data, initial=initial)
        field: Any = self.fields["blocks"]
        field.choices = [(block.code, block.name) for block in texts.optional]
        if not texts.optional:
            del self.fields["blocks"]
        language = {"lang": letter.language, "dir": "auto"}
        self.fields["own_words"].widget.attrs.update(language)

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as the operation takes it."""
        return {"blocks": [], **self.cleaned_data}


class DispatchForm(forms.Form):
    """The day on which a bag went to the post office, and the numbers of registered letters."""

    on = CivilDateField(label=_("Posted on"))

    def __init__(self, letters: list[Letter], data: Any = None) -> None:
        super().__init__(data, initial={"on": civil_date(timezone.now())})
        for letter in letters:
            self.fields[f"tracking_{letter.pk}"] = forms.CharField(
                label=_("Tracking number of %(letter)s") % {"letter": letter.reference},
                required=False,
                max_length=40,
            )

    def tracking(self) -> dict[int, str]:
        """Return the tracking numbers by letter."""
        found = {}
        for name, value in self.cleaned_data.items():
            if name.startswith("tracking_") and value:
                found[int(name.removeprefix("tracking_"))] = value
        return found


class ReturnedForm(forms.Form):
    """When a letter came back, and what the envelope says."""

    on = CivilDateField(label=_("Came back on"))
    why = forms.CharField(label=_("What the envelope says"), max_length=200)


class SendAgainForm(forms.Form):
    """Where a letter that came back is sent next."""

    address = forms.CharField(
        label=_("Postal address"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("As it stands on an envelope, the name first; one line per line."),
    )
