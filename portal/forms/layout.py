"""How every page form is laid out: error summary, fields, one button that sends it."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django.utils.translation import gettext_lazy as _


class PageForm:
    """Mixed into a Form or ModelForm that a page shows with ``{% crispy form %}``.

    The summary of errors comes by itself; the browser's own validation is off, because its
    bubbles vanish and speak the browser's language.
    """

    submit_label: Any = _("Continue")
    fields: dict[str, Any]

    def layout(self) -> Layout:
        """Return what stands in the form; all fields in their order unless overridden."""
        return Layout(*self.fields)

    @property
    def helper(self) -> FormHelper:
        """The crispy helper of this form."""
        helper = FormHelper()
        helper.form_class = "page-form"
        helper.attrs = {"novalidate": True}
        helper.layout = self.layout()
        helper.add_input(Submit("", self.submit_label))
        return helper
