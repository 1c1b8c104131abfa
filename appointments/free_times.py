"""The list of free times as HTML that all visitors share for a second.

Making it costs most of the page (every date in words, a hundred links), and in a rush everybody
asks for the same one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.dates import civil_date

from .days import Page, free_page
from .models import Centre
from .months import free_month

MOST_PEOPLE = 9  # of a household in one booking
FRESH = 1.0  # seconds in which nobody asks the database again
KEPT = 30  # seconds for which the list is there for those who come while it is made anew
_BASE = "__WHERE_TO_CHOOSE__"  # stands in the shared text for the address of one application
_WITH = "__WHO_COMES_TOO__"  # and this for the others of the household in its query


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants to see: as links carry it, so anything may be in it.

    `first_day` is an ISO date, `month` as in 2026-12 asks for the month instead; `people` is how
    many adjacent seats there must be.
    """

    first_day: str = ""
    month: str = ""
    people: int = 1

    def tidied(self) -> Wish:
        """Return it in one spelling, so that junk does not fill the store."""
        return Wish(
            _as_date(self.first_day), _as_month(self.month), min(max(self.people, 1), MOST_PEOPLE)
        )


def free_times(
    centre: Centre,
    service: str,
    wish: Wish,
    *,
    choose_url: str = "",
    others: str = "",
    anew: bool = False,
    lost: int | None = None,
) -> SafeString:
    """Return the free times that were wished for, each a link below `choose_url` if there is one.

    `others` is the part of a query that names who comes too.  With `anew` the list is not taken
    from the second before: for somebody who has just lost a place.  Where `lost` names its slot, a
    list serves that does not offer it any more, so that all losers of a rush share one.
    """
    wish = wish.tidied()
    parts = (centre.pk, service, wish.first_day, wish.month, wish.people, bool(choose_url))
    key = f"free-times:{':'.join(map(str, parts))}:{get_language()}"
    kept = None if anew and lost is None else cache.get(key)
    if kept and anew and f"{_BASE}{lost}/" in kept["html"]:
        kept = None
    if kept and (time.time() - kept["at"] < FRESH or not _my_turn(key)):
        html = str(kept["html"])
    else:
        html = _made(centre, service, wish, bool(choose_url))
        cache.set(key, {"at": time.time(), "html": html}, KEPT)
    html = html.replace(_BASE, escape(choose_url)).replace(_WITH, escape(others))
    return SafeString(html)  # nosec B703  # our own template made it


def _as_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _as_month(text: str) -> str:
    return text if _as_date(f"{text}-01") == f"{text}-01" else ""


def _my_turn(key: str) -> bool:
    """Let one visitor in each second make the list anew."""
    return bool(cache.add(f"{key}:turn", 1, timeout=1))


def _made(centre: Centre, service: str, wish: Wish, linked: bool) -> str:
    now = timezone.now()
    context: dict[str, Any] = {
        "linked": linked,
        "base": _BASE,
        "others": _WITH if linked else "",
        "query": f"centre={centre.code}" if linked else f"service={service}",
        "people": wish.people,
    }
    if wish.month:
        context["month"] = free_month(centre, service, now, wish.month)
        return str(render_to_string("appointments/_free_month.html", context))
    page = free_page(centre, service, now, wish.first_day, wish.people)
    context |= {"page": page, "this_month": _month_of(page, now)}
    return str(render_to_string("appointments/_free_times.html", context))


def _month_of(page: Page, now: datetime) -> str:
    day = page.days[0].day if page.days else civil_date(now)
    return f"{day:%Y-%m}"
