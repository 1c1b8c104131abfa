"""The errors of a form as links to the fields they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.forms.boundfield import BoundField

from portal.forms.widgets import DATE_PARTS, CivilDateWidget


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary.

    `label` names the field and `target` is the id to jump to; both are "" for errors of the
    whole form.
    """

    message: str
    label: str = ""
    target: str = ""


def error_target(field: BoundField, code: str = "") -> str:
    """Return the id of the control of `field` where the cursor belongs.

    For a date that is the part which the error's `code` names.
    """
    widget = field.field.widget
    if isinstance(widget, CivilDateWidget):
        part = code.partition("_")[0]
        return widget.id_for_part(field.auto_id, part if part in DATE_PARTS else "day")
    return f"{field.auto_id}_0" if widget.use_fieldset else str(field.auto_id)


def error_links(form: BaseForm) -> list[ErrorLink]:
    """Return all errors of a bound form in the order of its fields, general ones first."""
    if not form.is_bound:
        return []
    links = [ErrorLink(str(message)) for message in form.non_field_errors()]
    for field in form.hidden_fields():
        links += [ErrorLink(str(message)) for message in field.errors]
    for field in form.visible_fields():
        links += _links_of(field)
    return links


def _links_of(field: BoundField) -> list[ErrorLink]:
    codes = [problem.code or "" for problem in field.errors.as_data()]
    return [
        ErrorLink(str(message), str(field.label), error_target(field, code))
        for message, code in zip(field.errors, codes, strict=True)
    ]
