"""Cases that a handler should know of beside the one they read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.dates import ALGIERS, civil_date

from .blind_matching import rarest, shared_parts
from .models import Case, Complaint
from .permissions import visible_cases

MOST = 12
ASKED_WORDS = 16  # of a text, the rarest
SHARED_WORDS = 3  # of those, for two texts to be about the same thing
SHOWN = ("reference", "state", "category", "received_at", "person_key", "text_key")


@dataclass(frozen=True, slots=True)
class Similar:
    """A case and why it stands here."""

    case: Case
    why: Any


def similar_cases(case: Case, user: Any) -> list[Similar]:
    """Return what `user` may see of cases like `case`, the likest first.

    Four queries at most, each of a handful of rows by an index.
    """
    seen = visible_cases(user).exclude(pk=case.pk).order_by("-received_at").only(*SHOWN)
    complaint = getattr(case, "complaint", None)
    found = [Similar(one, _why(case, complaint, one)) for one in _known(case, complaint, seen)]
    day = _("The same counter on the same day")
    found += [Similar(one, day) for one in _same_counter(case, complaint, seen)]
    rare = _("Uses the same rare words")
    found += [Similar(one, rare) for one in _same_words(case, seen)]
    return _each_once(found)[:MOST]


def _known(case: Case, complaint: Complaint | None, seen: QuerySet[Case]) -> list[Case]:
    wanted = Q(person_key=case.person_key) | Q(text_key=case.text_key)
    if complaint is not None and complaint.twin_id:
        wanted |= Q(pk=complaint.twin_id)
    return list(seen.filter(wanted)[:MOST])


def _why(case: Case, complaint: Complaint | None, other: Case) -> Any:
    if complaint is not None and complaint.twin_id == other.pk:
        return _("Sent together with this one")
    same_person = bytes(other.person_key) == bytes(case.person_key)
    if bytes(other.text_key) == bytes(case.text_key):
        return _("The same person and text") if same_person else _("The same text")
    return _("The same person")


def _same_counter(case: Case, complaint: Complaint | None, seen: QuerySet[Case]) -> list[Case]:
    if complaint is None or not complaint.counter:
        return []
    start = datetime.combine(civil_date(case.received_at), time(), ALGIERS)
    day = seen.filter(received_at__gte=start, received_at__lt=start + timedelta(days=1))
    return list(day.filter(complaint__counter=complaint.counter)[:MOST])


def _same_words(case: Case, seen: QuerySet[Case]) -> list[Case]:
    wanted = rarest("words", case.words, ASKED_WORDS)
    if len(wanted) < SHARED_WORDS:
        return []
    rows = seen.filter(words__overlap=wanted, mission=case.mission_id)
    rows = rows.annotate(shared=shared_parts("words", wanted)).filter(shared__gte=SHARED_WORDS)
    return list(rows.order_by("-shared", "-received_at")[:MOST])


def _each_once(found: Iterable[Similar]) -> list[Similar]:
    by_case: dict[Any, Similar] = {}
    for one in found:
        by_case.setdefault(one.case.pk, one)
    return list(by_case.values())
