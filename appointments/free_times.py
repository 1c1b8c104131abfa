"""What can be had at a centre, as HTML that all visitors share for a second.

The draws ahead and the free times.  Making it costs most of the page (every date in words, a
hundred links), and in a rush everybody asks for the same one.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.dates import civil_date

from .days import Page, free_page
from .draws_shown import draws_of
from .models import Centre
from .months import free_month

MOST_PEOPLE = 9  # of a household in one booking
FRESH = 1.0  # seconds in which nobody asks the database again
KEPT = 30  # seconds for which the list is there for those who come while it is made anew
# What stands in the shared text for one file, and for the others of its household: behind other
# words of a query, and where a query begins with them.
_FILE = uuid.UUID(int=0)
_WITH, _WITH_FIRST = "__WHO_COMES_TOO__", "__WHO_COMES__"


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


class ChoosingPage(StrEnum):
    """The page of a file on which times are links; its name in the addresses."""

    FIRST = "appointments:choose"
    AFTER_A_MOVE = "appointments:another_time"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who chooses: the page, the application or appointment in its address, and who comes too.

    `others` is the part of a query that names them, as in "&with=…".
    """

    page: ChoosingPage
    file: uuid.UUID
    others: str = ""


def free_times(
    centre: Centre,
    service: str,
    wish: Wish,
    choice: Choice | None = None,
    *,
    anew: bool = False,
    lost: int | None = None,
) -> SafeString:
    """Return the draws ahead and the free times that were wished for, as links for a choice.

    With `anew` the list is not taken from the second before: for somebody who has just lost a
    place.  Where `lost` names its slot, a list serves that does not offer it any more, so that all
    losers of a rush share one.
    """
    page = choice.page if choice else None
    wish = wish.tidied()
    parts = (centre.pk, service, wish.first_day, wish.month, wish.people, page)
    key = f"free-times:{':'.join(map(str, parts))}:{get_language()}"
    kept = None if anew and lost is None else cache.get(key)
    if kept and anew and f"/{_FILE}/choose/{lost}/" in kept["html"]:
        kept = None
    if kept and (time.time() - kept["at"] < FRESH or not _my_turn(key)):
        html = str(kept["html"])
    else:
        html = _made(centre, service, wish, page)
        cache.set(key, {"at": time.time(), "html": html}, KEPT)
    if choice:
        html = html.replace(str(_FILE), str(choice.file)).replace(_WITH, escape(choice.others))
        html = html.replace(_WITH_FIRST, escape(f"?{choice.others[1:]}" if choice.others else ""))
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


def _made(centre: Centre, service: str, wish: Wish, page: ChoosingPage | None) -> str:
    now = timezone.now()
    linked = page is not None
    context: dict[str, Any] = {
        "linked": linked,
        "base": reverse(page, args=[_FILE]) if page else "",
        "others": _WITH if linked else "",
        # Nobody who was moved is sent to a draw.
        "draws": [] if page is ChoosingPage.AFTER_A_MOVE else draws_of(centre, service, now),
        "application": {"pk": _FILE} if linked else None,
        "others_first": _WITH_FIRST if linked else "",
        "query": f"centre={centre.code}" if linked else f"service={service}",
        "people": wish.people,
    }
    if wish.month:
        context["month"] = free_month(centre, service, now, wish.month)
        return str(render_to_string("appointments/_free_month.html", context))
    times = free_page(centre, service, now, wish.first_day, wish.people)
    context |= {"page": times, "this_month": _month_of(times, now)}
    return str(render_to_string("appointments/_free_times.html", context))


def _month_of(page: Page, now: datetime) -> str:
    day = page.days[0].day if page.days else civil_date(now)
    return f"{day:%Y-%m}"
