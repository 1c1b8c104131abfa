"""What a person types about a paper: its code, and the reference printed on it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.forms.layout import PageForm

from . import codes


def _typed(**attributes: str) -> forms.TextInput:
    fixed = {"autocomplete": "off", "spellcheck": "false", "dir": "ltr", "autocapitalize": "off"}
    return forms.TextInput(attrs=fixed | attributes)


class CodeForm(PageForm, forms.Form):
    """The code under the square picture; blanks, hyphens and small letters do not matter."""

    submit_label = _("Check the paper")
    code = forms.CharField(
        label=_("Code of the paper"),
        help_text=_("Seven groups of four letters and digits, beside the square picture."),
        max_length=200,
        widget=_typed(),
        error_messages={"required": _("Enter the code that stands beside the square picture.")},
    )

    def clean_code(self) -> str:
        """Return the code in groups; raises ValidationError if it cannot be one."""
        signs = codes.as_read(self.cleaned_data["code"])
        if len(signs) != codes.LENGTH:
            raise ValidationError(_length_error(len(signs)), code="length")
        if not codes.is_code(signs):
            raise ValidationError(_("A code has only the letters A to Z and digits."), code="signs")
        return codes.grouped(signs)


def _length_error(found: int) -> str:
    return ngettext(
        "A code has %(length)s letters and digits. You entered %(found)s.",
        "A code has %(length)s letters and digits. You entered %(found)s.",
        found,
    ) % {"length": codes.LENGTH, "found": found}


class ReferenceForm(PageForm, forms.Form):
    """The reference on the paper; large and small letters, blanks and hyphens do not matter."""

    submit_label = _("Compare")
    reference = forms.CharField(
        label=_("Reference printed on the paper"),
        max_length=100,
        widget=_typed(),
        error_messages={"required": _("Enter the reference that is printed on the paper.")},
    )
