"""What a person types to see where their case stands."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm


class StatusForm(PageForm, forms.Form):
    """Number and e-mail address; whether they belong together is nobody's to learn here."""

    submit_label = _("Send me a code")

    reference = forms.CharField(
        label=_("Number of your case"),
        help_text=_("It stands on the receipt, such as C-7K3M-92QX."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        error_messages={"required": _("Enter the number that stands on the receipt.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one you gave with your complaint or appeal."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": _("Enter the e-mail address you gave."),
            "invalid": _("An e-mail address looks like name@example.org."),
        },
    )


class CodeForm(PageForm, forms.Form):
    """The six digits of the mail."""

    submit_label = _("Open my case")

    code = forms.CharField(
        label=_("Code of the e-mail"),
        help_text=_("Six digits. It is good for ten minutes and works once."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
        error_messages={"required": _("Enter the six digits of the e-mail.")},
    )
