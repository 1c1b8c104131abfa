"""What every page knows: its languages, its direction, and where it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the language switch and the direction of writing; asks no database."""
    return {
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "site_languages": settings.LANGUAGES,
        "site_host": urlsplit(settings.BASE_URL).netloc,
        "here": request.get_full_path(),
    }
