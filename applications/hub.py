"""Everything the page of one file shows its traveller, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from portal.display import ShownFinding
from portal.wording import shown_all, shown_stored

from .enums import ApplicationState as State
from .file_checklist import FileChecklist, file_checklist
from .file_history import Happened, file_history
from .hosting_cards import HubCard, hub_card
from .models import Application, Decision
from .next_step import NextStep, next_step
from .prospects import Prospects, prospects
from .receipts import Receipt, valid_receipts
from .standing import ANSWERED, portal_keeps_until, vis_verdict
from .verdicts import remedies_verdict
from .wording import PASSPORT
from .wording.remedies import DECISION_REMEDIES
from .wording.retention import RETENTION
from .wording.states import STATES, StateWords


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """A decision and what can be done against it; `address` is that of the body, as data."""

    decision: Decision
    remedies: tuple[ShownFinding, ...]
    address: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How long data stay: in the Visa Information System (DP-03), and here (DP-04)."""

    vis: tuple[ShownFinding, ...]
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The page of a file; `appointment` is the one that holds its seat."""

    application: Application
    today: date
    words: StateWords
    next: NextStep
    checklist: FileChecklist
    hosting: HubCard | None
    appointment: Any
    messages_count: int
    unread: int
    history: list[Happened]
    prospects: Prospects
    decisions: list[DecisionCard]
    kept: Kept | None
    receipts: list[Receipt]
    passport: list[ShownFinding]

    @property
    def not_accepted(self) -> Happened | None:
        """Why the counter did not accept the file the last time, while that is how it stands."""
        if self.application.state != State.NOT_ACCEPTED:
            return None
        return next((line for line in self.history if line.rule_id == "PA-12"), None)

    @property
    def is_late(self) -> bool:
        """Whether the last day for the papers that were asked for has passed."""
        request = self.checklist.request
        return request is not None and request.due_on < self.today

    @property
    def weighty_passport(self) -> list[ShownFinding]:
        """What the rules find wrong with the passport."""
        return [one for one in self.passport if one.severity != "advice"]


def hub(application: Application, today: date) -> Hub:
    """Load the page of `application`, whose mission and owner are at hand."""
    checklist = file_checklist(application, today=today)
    requests = list(application.paper_requests.all())
    decisions = list(application.decisions.all())
    appointments = list(application.appointments.select_related("slot__centre"))
    said = _said(application)
    appointment = next((one for one in appointments if one.is_live), None)
    return Hub(
        application=application,
        today=today,
        words=STATES[State(application.state)],
        next=next_step(application, unread=said["unread"], papers_open=not checklist.is_complete),
        checklist=checklist,
        hosting=hub_card(application),
        appointment=appointment,
        messages_count=said["all"],
        unread=said["unread"],
        history=file_history(
            application,
            documents=_documents(checklist),
            appointments=appointments,
            requests=requests,
            decisions=decisions,
        ),
        prospects=prospects(application, today, requests),
        decisions=[_card(one, application, today) for one in reversed(decisions)],
        kept=_kept(application, decisions, today),
        receipts=valid_receipts(application),
        passport=shown_stored(application.passport_verdict, PASSPORT),
    )


def _said(application: Application) -> dict[str, int]:
    new = Q(from_staff=True, read_at=None)
    return application.messages.aggregate(all=Count("pk"), unread=Count("pk", filter=new))


def _documents(checklist: FileChecklist) -> list[Any]:
    lines = (*checklist.papers.values(), *checklist.others)
    return [line.document for line in lines if line.document is not None]


def _card(decision: Decision, application: Application, today: date) -> DecisionCard:
    decision.application = application  # loaded already
    verdict = remedies_verdict(decision, today)
    if verdict is None:
        return DecisionCard(decision, (), "", None)
    found = tuple(shown_all(verdict.findings, DECISION_REMEDIES))
    results = verdict.results
    return DecisionCard(decision, found, results.get("address") or "", results.get("last_day"))


def _kept(application: Application, decisions: Sequence[Decision], today: date) -> Kept | None:
    """Say what becomes of the data of a file that is closed and had been handed in."""
    closed = application.state in (*ANSWERED, State.WITHDRAWN)
    if not closed or application.filed_on is None:
        return None
    verdict = vis_verdict(application, list(decisions))
    vis = tuple(shown_all(verdict.findings, RETENTION)) if verdict else ()
    return Kept(vis, portal_keeps_until(application, list(decisions), today))
