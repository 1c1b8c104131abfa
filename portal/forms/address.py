"""The facts of a form as a short address, made only when somebody asks for one, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Model
from django.http import QueryDict

from portal.forms.fields import CivilDateField
from portal.forms.widgets import DATE_PARTS

LONGEST = 3000  # characters; web servers refuse lines much longer than this

Pairs = list[tuple[str, str]]


def facts_of(form: forms.Form) -> Pairs:
    """Return the cleaned answers of a valid form as name and text; what is empty is left out."""
    return [
        (name, text)
        for name, field in form.fields.items()
        if (text := _text(form.cleaned_data.get(name), field))
    ]


def address_of(path: str, facts: Pairs) -> str:
    """Return `path` with the facts, or "" if the address would be too long to be carried."""
    address = f"{path}?{urlencode(facts)}"
    return address if len(address) <= LONGEST else ""


def typed_from(address: QueryDict, fields: Mapping[str, forms.Field]) -> QueryDict | None:
    """Return an address as if its facts had been typed into the form; None if it carries none.

    What cannot be read is handed on as it is, so that the form names the field.
    """
    typed = QueryDict(mutable=True)
    found = False
    for name, field in fields.items():
        if name not in address:
            continue
        found = True
        for part, value in _parts(name, field, str(address[name])):
            typed.appendlist(part, value)
    return typed if found else None


def _text(value: Any, field: forms.Field) -> str:
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Model):
        return str(getattr(value, getattr(field, "to_field_name", None) or "pk"))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(_text(item, field) for item in value)
    return str(value)


def _parts(name: str, field: forms.Field, text: str) -> Pairs:
    if isinstance(field, CivilDateField):
        parts = text.split("-")
        day = list(reversed(parts)) if len(parts) == 3 else [text, "", ""]
        return [(f"{name}_{part}", value) for part, value in zip(DATE_PARTS, day, strict=True)]
    if isinstance(field, forms.MultipleChoiceField):
        return [(name, part) for part in text.split(",")]
    return [(name, text)]
