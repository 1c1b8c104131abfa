"""The errors of a form as links to the fields they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary; `target` is the id to jump to, "" for the whole form."""

    message: str
    target: str = ""


def error_target(field: BoundField) -> str:
    """Return the id of the first control of `field`: where the cursor belongs."""
    widget = field.field.widget
    first = getattr(widget, "id_of_first_control", None)
    if first is not None:
        return str(first(field.auto_id))
    if getattr(widget, "option_inherits_attrs", False) or widget.use_fieldset:
        return f"{field.auto_id}_0"
    return str(field.auto_id)


def error_links(form: BaseForm) -> list[ErrorLink]:
    """Return all errors of a bound form in the order of its fields, general ones first."""
    if not form.is_bound:
        return []
    general = [ErrorLink(str(message)) for message in form.non_field_errors()]
    for field in form.hidden_fields():
        general += [ErrorLink(str(message)) for message in field.errors]
    return general + [
        ErrorLink(str(message), error_target(field))
        for field in form.visible_fields()
        for message in field.errors
    ]
