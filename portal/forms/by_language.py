"""What staff type as JSON, by language: pages everywhere show it, and must be able to read it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext


class NamesForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """A form about a row with `names`, such as a mission or a centre."""

    def clean_names(self) -> Any:
        """Return a name in at least one language of the site."""
        return texts(self.cleaned_data["names"])


def texts(value: Any) -> Any:
    """Return a text in at least one language of the site, or raise ValidationError."""
    if not value or not by_language(value) or not all(map(is_line, value.values())):
        raise not_as('{"fr": "…", "de": "…"}')
    return value


def by_language(value: Any) -> bool:
    """Tell whether `value` says something for languages of the site and for nothing else."""
    return isinstance(value, dict) and value.keys() <= dict(settings.LANGUAGES).keys()


def is_line(value: Any) -> bool:
    """Tell whether `value` is a text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def not_as(example: str) -> forms.ValidationError:
    """Return the error that shows how it should be written."""
    text = gettext("Write it as in this example: %(example)s") % {"example": example}
    return forms.ValidationError(text)
