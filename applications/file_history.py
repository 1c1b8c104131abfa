"""What happened to a file, for its traveller: from the trail, the requests and the decisions.

A list of what may be told (`wording.history`) decides, never a list of what may not: names of
staff, derogations and notes among agents cannot slip in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from portal.audit.models import Entry
from portal.dates import civil_date
from portal.formats import long_date

from .models import Application, Decision, Document, PaperRequest
from .wording import history
from .wording.papers import paper_name

_APPOINTMENT = "appointments.appointment"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: the day, what happened, why as far as the traveller was told, and the rule."""

    day: date
    at: datetime
    what: str
    reason: str = ""
    papers: tuple[str, ...] = ()
    rule_id: str = ""


def file_history(
    application: Application,
    *,
    documents: Collection[Document],
    appointments: Collection[Any],
    requests: Collection[PaperRequest],
    decisions: Collection[Decision],
) -> list[Happened]:
    """Return what happened, the latest first; one query, the rows given being loaded already."""
    told = [
        *_from_trail(application, documents, appointments),
        *(line for request in requests for line in _of_request(request)),
        *(line for decision in decisions for line in _of_decision(decision)),
    ]
    # What was recorded in one go is told in its order, so turn the list and not the key.
    return sorted(told, key=lambda line: (line.day, line.at))[::-1]


def _from_trail(
    application: Application, documents: Collection[Document], appointments: Collection[Any]
) -> Iterator[Happened]:
    names = {str(one.pk): paper_name(one.kind) for one in documents}
    about = Q(subject_type=application._meta.label_lower, subject_id=str(application.pk))
    about |= Q(subject_type=Document._meta.label_lower, subject_id__in=list(names))
    about |= Q(subject_type=_APPOINTMENT, subject_id__in=[str(one.pk) for one in appointments])
    known = {*history.BY_TRAVELLER, *history.BY_OTHERS}
    for entry in Entry.objects.filter(about, action__in=known):
        line = _told(entry, application, names)
        if line is not None:
            yield line


def _told(entry: Entry, application: Application, names: dict[str, str]) -> Happened | None:
    if entry.action == "application.examine" and entry.details.get("from") != "filed":
        return None  # the request for papers tells how it ended
    own = entry.actor_id == application.owner_id
    words = (history.BY_TRAVELLER if own else history.BY_OTHERS).get(entry.action)
    if words is None:
        return None
    reason = "" if own or entry.action not in history.WITH_REASON else entry.reason
    paper = {"paper": names[entry.subject_id]} if entry.subject_id in names else {}
    what = str(words) % paper if paper else str(words)
    rule = history.RULES.get(entry.action, "")
    return Happened(civil_date(entry.at), entry.at, what, reason, rule_id=rule)


def _of_request(request: PaperRequest) -> Iterator[Happened]:
    asked = civil_date(request.asked_at)
    what = str(history.ASKED) % {"day": long_date(request.due_on)}
    papers = tuple(paper_name(kind) for kind in request.kinds)
    yield Happened(asked, request.asked_at, what, request.text, papers)
    if request.closed_at is not None:
        how = history.ANSWERED if request.answered_at else history.UNANSWERED
        yield Happened(civil_date(request.closed_at), request.closed_at, str(how))


def _of_decision(decision: Decision) -> Iterator[Happened]:
    what = str(history.DECIDED[decision.outcome])
    yield Happened(decision.decided_on, decision.recorded_at, what)
    if decision.notified_on is not None:
        yield Happened(decision.notified_on, decision.recorded_at, str(history.NOTIFIED))
