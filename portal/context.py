"""What every page knows: its languages, its direction, and where it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from portal.closings_shown import closings_now


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the language switch, the direction of writing, and what is closed now.

    Asks no database, but for closings, once a second and process (`portal/suspension.py`).
    """
    return {
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "site_languages": settings.LANGUAGES,
        "site_host": urlsplit(settings.BASE_URL).netloc,
        "here": request.get_full_path(),
        "closings_now": closings_now,
    }
