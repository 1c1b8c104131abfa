"""What the desk may correct of who an appointment is bound to (AT-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import CivilDateField, NameField, PassportNumberField

from ..rules.identity import Identity


class CorrectionForm(forms.Form):
    """The four things an appointment is bound to, and why they are corrected."""

    family_name = NameField(label=_("Family name"))
    given_names = NameField(label=_("Given names"))
    birth_date = CivilDateField(label=_("Date of birth"), not_future=True, birth=True)
    passport_number = PassportNumberField(label=_("Passport number"))
    reason = forms.CharField(
        label=_("What was mistyped, and how you know"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write in one sentence what was mistyped.")},
    )

    def identity(self) -> Identity:
        """Return who the appointment is to be bound to; the form must be valid."""
        answers: dict[str, Any] = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return Identity(**answers)
