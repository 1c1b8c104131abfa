"""All files of one account at a glance: who, where each stands, and its next thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q

from portal.accounts.models import User

from .enums import ApplicationState as State
from .models import Application, PaperRequest
from .next_step import NextStep, next_step
from .wording.states import STATES, StateWords


@dataclass(frozen=True, slots=True)
class FileCard:
    """One file; `appointment` holds its seat, `request` is what the consulate waits for."""

    application: Application
    words: StateWords
    next: NextStep
    unread: int
    appointment: Any
    request: PaperRequest | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return self.application.state == State.WITHDRAWN


def overview(owner: User) -> list[FileCard]:
    """Return the files of an account, newest first; five queries, whatever their number."""
    new = Count("messages", filter=Q(messages__from_staff=True, messages__read_at=None))
    open_requests = PaperRequest.objects.filter(closed_at=None)
    rows = Application.objects.filter(owner=owner).select_related("mission").annotate(unread=new)
    rows = rows.prefetch_related(
        "appointments__slot__centre",
        Prefetch("paper_requests", open_requests, to_attr="open_requests"),
    )
    return [_card(row) for row in rows]


def _card(row: Any) -> FileCard:
    return FileCard(
        application=row,
        words=STATES[State(row.state)],
        next=next_step(row, unread=row.unread),
        unread=row.unread,
        appointment=next((one for one in row.appointments.all() if one.is_live), None),
        request=next(iter(row.open_requests), None) if row.state == State.PAPERS_ASKED else None,
    )
