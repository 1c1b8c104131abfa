"""One page of questions: what it is filled with, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm

from ...intake import NAMES, TYPED, intake, is_asked
from ...models import Application

LONGEST = 5000  # characters of one answer that are kept while it cannot be saved


class StepForm(PageForm, forms.Form):
    """One step; `application` is None while the first step opens a new one.

    `version` travels with the form, so that a second tab notices what the first one saved.
    Questions that do not matter for the answers so far are left out (`applications.intake.ASKED`).
    """

    submit_label = _("Save and continue")
    lead: Any = ""
    reads_mrz = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, application: Application | None = None, **kwargs: Any) -> None:
        self.application = application
        if application is not None:
            stored = stored_answers(application, self.base_fields)
            kwargs["initial"] = {**stored, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if application is not None:
            for name in self.base_fields:
                if not is_asked(name, application):
                    del self.fields[name]

    def answers(self) -> dict[str, Any]:
        """Return what this step fills in, by field of the application or of its details."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def typed(self) -> dict[str, Any]:
        """Return the raw values of a bound form, as `initial` shows them again."""
        return typed_into(self)


def stored_answers(application: Application, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the saved answers by field."""
    further = intake(application)
    return {name: getattr(further if name in NAMES else application, name, None) for name in names}


def typed_answers(application: Application, slug: str) -> dict[str, Any]:
    """Return what was typed into a step and could not be saved yet."""
    kept = (application.details or {}).get(TYPED, {}).get(slug)
    return dict(kept) if isinstance(kept, Mapping) else {}


def typed_into(form: forms.Form) -> dict[str, Any]:
    """Return what was typed into each field but the version, cut where nobody types on."""
    return {
        name: _cut(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
        for name, field in form.fields.items()
        if name != "version"
    }


def _cut(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_cut(item) for item in value[:50]]
    return value[:LONGEST] if isinstance(value, str) else value


class YesNoField(forms.TypedChoiceField):
    """Yes or no, asked openly: a box that is not ticked would say nothing."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("choices", [("yes", _("Yes")), ("no", _("No"))])
        options.setdefault("widget", forms.RadioSelect)
        options.setdefault("error_messages", {"required": _("Choose yes or no.")})
        super().__init__(coerce=lambda value: value == "yes", empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored answer as its choice."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
