"""Filters of the rule book: names and values of the tables as people read them."""

from __future__ import annotations

import json
from typing import Any

from django import template

from portal.rules.findings import plain

register = template.Library()


@register.filter
def rule_words(name: Any) -> str:
    """Show a name of a table such as after_departure as words."""
    return str(name).replace("_", " ")


@register.filter
def rule_value(value: Any) -> str:
    """Show a value of a table: a list by its items, yes and no by their words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(plain(item)).replace("_", " ") for item in value)
    if isinstance(value, dict):
        return json.dumps(plain(value), ensure_ascii=False)
    return str(plain(value)).replace("_", " ")
