"""What happened to a file, in words: who, when, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.models import Entry

from ..enums import DecisionOutcome
from ..models import Application, Document

_WORDS: dict[str, Any] = {
    "application.start": gettext_lazy("Begun"),
    "application.submit": gettext_lazy("Submitted"),
    "application.correct": gettext_lazy("Taken back to correct the answers"),
    "application.book": gettext_lazy("Appointment booked"),
    "application.unbook": gettext_lazy("Appointment given back"),
    "application.file": gettext_lazy("Handed in and accepted"),
    "application.not_accept": gettext_lazy("Not accepted at the counter"),
    "application.passport_seen": gettext_lazy("Passport on the desk recorded"),
    "application.examine": gettext_lazy("In examination"),
    "application.extend": gettext_lazy("Examination extended"),
    "application.ask_papers": gettext_lazy("Papers asked for"),
    "application.decide": gettext_lazy("Decided"),
    "application.ready": gettext_lazy("Passport ready"),
    "application.withdraw": gettext_lazy("Withdrawn"),
    "decision.annulled": gettext_lazy("Visa annulled"),
    "decision.revoked": gettext_lazy("Visa revoked"),
    "decision.notify": gettext_lazy("Decision handed over"),
    "derogation.propose": gettext_lazy("Derogation proposed"),
    "derogation.grant": gettext_lazy("Derogation confirmed"),
    "derogation.refuse": gettext_lazy("Derogation refused"),
    "message.write": gettext_lazy("Message written"),
    "message.read": gettext_lazy("Messages marked as read"),
    "paperrequest.close": gettext_lazy("Request for papers ended without an answer"),
    "document.provide": gettext_lazy("Provided: %(paper)s"),
    "document.take_back": gettext_lazy("Taken back: %(paper)s"),
    "document.check": gettext_lazy("Accepted: %(paper)s"),
    "document.refuse": gettext_lazy("Not acceptable: %(paper)s"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    at: datetime
    who: str
    what: str
    reason: str = ""


def timeline(application: Application, papers: Collection[Document]) -> list[Event]:
    """Return what happened to `application` and its papers, the latest first; one query."""
    by_id = {str(paper.pk): paper for paper in papers}
    entries = Entry.objects.filter(
        Q(subject_type=application._meta.label_lower, subject_id=str(application.pk))
        | Q(subject_type=Document._meta.label_lower, subject_id__in=list(by_id))
    )
    return [_event(entry, application, by_id) for entry in entries]


def _event(entry: Entry, application: Application, papers: dict[str, Document]) -> Event:
    words = str(_WORDS.get(entry.action, entry.action))
    if entry.subject_id in papers:
        words %= {"paper": papers[entry.subject_id]}
    outcome = entry.details.get("outcome")
    if entry.action == "application.decide" and outcome in DecisionOutcome.values:
        words = str(DecisionOutcome(outcome).label)
    return Event(entry.at, _who(entry, application), words, entry.reason)


def _who(entry: Entry, application: Application) -> str:
    if entry.actor_id == application.owner_id:
        return _("The applicant")
    return _("The portal") if entry.actor_id is None else entry.actor_label
