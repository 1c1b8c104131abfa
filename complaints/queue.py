"""Which cases the queue shows: filters, searches in what rests encrypted, and one page of rows.

No page counts everything, and each begins where the one before ended, so the hundredth costs
what the first does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet

from portal.references import as_typed

from .blind_matching import rarest, shared_parts
from .enums import ENDED_CASES, OPEN_CASES
from .models import Case
from .permissions import visible_cases
from .search_index import name_parts, wanted_words
from .working_ages import waits_longer_since

OPEN, ENDED, EVERY = "open", "ended", "all"  # states, or one of CaseState
ME, NOBODY = "me", "nobody"  # or the number of a colleague

PAGE = 25
MOST_NAMES = 50  # that are shown of a search for a name, the likest first
LIKE_ENOUGH = 0.5  # share of the parts of a name that a case must have

SHOWN = (
    *("reference", "name", "state", "category", "channel", "language", "received_at"),
    *("assigned_to__email", "mission__code", "mission__names", "appeal__year", "appeal__number"),
)
_REFERENCE = re.compile(r"c[\s-]?[0-9a-z]{4}[\s-]?[0-9a-z]{4}", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{4})\s*/\s*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of the queue; `next` begins the page after this one, "" if there is none.

    `too_common` says that no word of the search is rare enough to look for.
    """

    rows: list[Case]
    next: str = ""
    too_common: bool = False
    is_ranked: bool = False


def queue_page(user: Any, chosen: Mapping[str, Any], *, today: date, after: str = "") -> Page:
    """Return one page of what `user` may see; `chosen` is `QueueForm.chosen`.

    `after` is `Page.next` of the page before; one that makes no sense is as none.
    """
    rows = _filtered(visible_cases(user), user, chosen, today)
    rows = rows.select_related("assigned_to", "mission", "appeal").only(*SHOWN)
    if words := chosen.get("q", "").strip():
        searched = _searched(rows, words)
        if searched is None:
            return Page([], too_common=True)
        rows = searched
    if name := chosen.get("name", "").strip():
        return Page(_named(rows, name), is_ranked=True)
    return _paged(rows, after, newest=bool(chosen.get("newest")))


def _filtered(
    rows: QuerySet[Case], user: Any, chosen: Mapping[str, Any], today: date
) -> QuerySet[Case]:
    for field in ("category", "channel", "language"):
        if field in chosen:
            rows = rows.filter(**{field: chosen[field]})
    if "mission" in chosen:
        rows = rows.filter(mission__code=chosen["mission"])
    if "age" in chosen:
        rows = rows.filter(received_at__lt=waits_longer_since(today, chosen["age"]))
    return _handled_by(_in_state(rows, chosen.get("state", EVERY)), user, chosen.get("who", ""))


def _in_state(rows: QuerySet[Case], state: str) -> QuerySet[Case]:
    if state == EVERY:
        return rows
    groups = {OPEN: OPEN_CASES, ENDED: ENDED_CASES}
    return rows.filter(state__in=[str(one) for one in groups.get(state, (state,))])


def _handled_by(rows: QuerySet[Case], user: Any, who: str) -> QuerySet[Case]:
    if who == NOBODY:
        return rows.filter(assigned_to=None)
    return rows.filter(assigned_to=user.pk if who == ME else int(who)) if who else rows


def _searched(rows: QuerySet[Case], words: str) -> QuerySet[Case] | None:
    """Keep what has the reference, the number in the register, or every word; None: too common."""
    if number := _NUMBER.fullmatch(words):
        year, line = map(int, number.groups())
        return rows.filter(appeal__year=year, appeal__number=line)
    # Some words look like a reference without its hyphens; then it takes a digit to be one.
    if _REFERENCE.fullmatch(words) and re.search(r"[\d-]", words):
        return rows.filter(reference=as_typed(words))
    wanted = wanted_words(words)
    if not wanted:
        return None
    for stems in wanted:
        rows = rows.filter(words__overlap=stems)
    return rows


def _named(rows: QuerySet[Case], name: str) -> list[Case]:
    """Return the cases of people of a like name, the likest first.

    A case that shares at least `least` of n parts has one of any n - least + 1 of them: the
    index is asked for the rarest ones only, and the rest is counted on what it gives.
    """
    parts = name_parts(name)
    if not parts:
        return []
    least = max(1, math.ceil(LIKE_ENOUGH * len(parts)))
    asked = rarest("name_parts", parts, len(parts) - least + 1)
    size = Func(F("name_parts"), function="cardinality", output_field=IntegerField())
    like = rows.filter(name_parts__overlap=asked).annotate(
        shared=shared_parts("name_parts", parts), size=size
    )
    ranked = like.filter(shared__gte=least).order_by("-shared", "size", "-received_at")
    return list(ranked[:MOST_NAMES])


def _paged(rows: QuerySet[Case], after: str, *, newest: bool) -> Page:
    if mark := _read(after):
        rows = rows.filter(_beyond(*mark, newest=newest))
    order = ("-received_at", "-reference") if newest else ("received_at", "reference")
    found = list(rows.order_by(*order)[: PAGE + 1])
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    return Page(
        found[:PAGE], next=f"{last.received_at.isoformat()}~{last.reference}" if last else ""
    )


def _beyond(moment: datetime, reference: str, *, newest: bool) -> Q:
    side = "lt" if newest else "gt"
    at_or_beyond = Q(**{f"received_at__{side}e": moment})  # what the index can be asked
    past = Q(**{f"received_at__{side}": moment})
    return at_or_beyond & (past | Q(received_at=moment, **{f"reference__{side}": reference}))


def _read(after: str) -> tuple[datetime, str] | None:
    moment, _sign, reference = after.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, reference) if at.tzinfo and "\0" not in reference else None
