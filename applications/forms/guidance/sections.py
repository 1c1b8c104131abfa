"""Headings between the questions of a longer form."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Heading:
    """A heading among the fields of a crispy layout."""

    fields: tuple[str, ...] = ()

    def __init__(self, text: str | Promise) -> None:
        self.text = text

    def render(self, form: Any, context: Any, **options: Any) -> SafeString:
        """Draw the heading, in the language of the request."""
        return format_html('<h2 class="form-heading">{}</h2>', self.text)
