"""What an agent asks because of a signal, and what a person objects to one (AT-05)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm

from ..enums import PrecautionKind


class AskForm(forms.Form):
    """Of whom, what, and why; each account is shown by the references of its appointments."""

    account = forms.TypedChoiceField(
        label=_("Of which account?"),
        help_text=_("Shown by the references of its appointments."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one account.")},
    )
    kind = forms.ChoiceField(
        label=_("What is asked?"),
        choices=PrecautionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is asked.")},
    )
    reason = forms.CharField(
        label=_("Why? The person reads this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, accounts: Iterable[tuple[int, str]], data: Any = None) -> None:
        chosen = list(accounts)
        super().__init__(data, initial={"account": chosen[0][0]} if len(chosen) == 1 else None)
        field = self.fields["account"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = chosen


class ObjectionForm(PageForm, forms.Form):
    """What a person says to a signal."""

    submit_label = _("Send the objection")

    text = forms.CharField(
        label=_("What do you want to tell us?"),
        help_text=_("For example: it was a mistake, or there was a good reason."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write in a few words what you object to.")},
    )
