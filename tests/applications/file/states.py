"""A file in each state, moved there by the operations that people use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from applications import operations
from applications.enums import ApplicationState as State
from applications.models import Application
from portal.accounts.models import User
from tests.applications.counter import agent_of, decided, moved, submitted, today
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, booked

REASON = "Le passeport a <b>moins</b> de deux pages vides."


def in_state(state: str, **fields: Any) -> tuple[Application, User]:
    """Return a file in `state` and an agent of its mission."""
    if state == State.DRAFT:
        draft = ApplicationFactory(**fields)
        return draft, agent_of(draft)
    application = submitted(**fields)
    agent = agent_of(application)
    _WAYS[State(state)](application, agent)
    application.refresh_from_db()
    return application, agent


def _book(application: Application, _agent: User) -> None:
    booked(application, SlotFactory(centre=CentreFactory(mission=application.mission)))


def _ask(application: Application, agent: User) -> None:
    moved(application, agent, "file", "examine")
    operations.ask_papers(
        application_id=application.pk,
        actor=agent,
        due_on=today() + timedelta(days=10),
        kinds=["bank_statements"],
        text="Les relevés des trois derniers mois,\ntoutes les pages.",
    )


def _decide(application: Application, agent: User) -> None:
    moved(application, agent, "file", "examine")
    decided(application, agent, "refused", notified_on=today())


def _ready(application: Application, agent: User) -> None:
    moved(application, agent, "file", "examine")
    decided(application, agent, notified_on=today())
    moved(application, agent, "ready")


def _not_accept(application: Application, agent: User) -> None:
    operations.record_counter_step(
        application=application, step="not_accept", actor=agent, reason=REASON
    )


_WAYS = {
    State.SUBMITTED: lambda application, agent: None,
    State.BOOKED: _book,
    State.FILED: lambda application, agent: moved(application, agent, "file"),
    State.IN_EXAMINATION: lambda application, agent: moved(application, agent, "file", "examine"),
    State.EXTENDED: lambda application, agent: moved(
        application, agent, "file", "examine", "extend"
    ),
    State.PAPERS_ASKED: _ask,
    State.DECIDED: _decide,
    State.PASSPORT_READY: _ready,
    State.WITHDRAWN: lambda application, agent: operations.withdraw(
        application_id=application.pk, owner=application.owner
    ),
    State.NOT_ACCEPTED: _not_accept,
}
