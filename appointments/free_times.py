"""The list of free times as HTML that all visitors share for a second.

Making it costs most of the page (every date in words, a hundred links), and in a rush everybody
asks for the same one.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .days import free_page
from .models import Centre

FRESH = 1.0  # seconds in which nobody asks the database again
KEPT = 30  # seconds for which the list is there for those who come while it is made anew
_BASE = "__WHERE_TO_CHOOSE__"  # stands in the shared text for the address of one application


def free_times(
    centre: Centre, service: str, first_day: str, *, choose_url: str = "", anew: bool = False
) -> SafeString:
    """Return the free times of some days, each a link below `choose_url` if there is one.

    `first_day` is an ISO date from a link, or anything for the first page.  With `anew` the
    list is not taken from the second before: for somebody who has just lost a place.
    """
    day = _as_date(first_day)
    key = f"free-times:{centre.pk}:{service}:{day}:{bool(choose_url)}:{get_language()}"
    kept = None if anew else cache.get(key)
    if kept and (time.time() - kept["at"] < FRESH or not _my_turn(key)):
        html = str(kept["html"])
    else:
        html = str(
            render_to_string(
                "appointments/_free_times.html", _context(centre, service, day, bool(choose_url))
            )
        )
        cache.set(key, {"at": time.time(), "html": html}, KEPT)
    return SafeString(html.replace(_BASE, escape(choose_url)))  # nosec B703  # our own template made it


def _as_date(text: str) -> str:
    """Return `text` as a date in one spelling, or "", so that junk does not fill the store."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _my_turn(key: str) -> bool:
    """Let one visitor in each second make the list anew."""
    return bool(cache.add(f"{key}:turn", 1, timeout=1))


def _context(centre: Centre, service: str, day: str, linked: bool) -> dict[str, Any]:
    page = free_page(centre, service, timezone.now(), day)
    query = f"centre={centre.code}" if linked else f"service={service}"
    return {"page": page, "linked": linked, "query": query, "base": _BASE}
