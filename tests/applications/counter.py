"""Files on their way over the counter, and the people who move them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from applications import operations
from applications.models import Application, Decision
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dates import civil_date
from tests.actors import staff
from tests.factories import ApplicationFactory


def today() -> date:
    """Return the day in Algiers."""
    return civil_date(timezone.now())


def agent_of(application: Application, role: Role = Role.AGENT) -> User:
    """Return a new agent of the application's mission."""
    return staff(role, application.mission)


def submitted(**fields: Any) -> Application:
    """Return an application that went through the real submission."""
    draft = ApplicationFactory(**fields)
    return operations.submit(application_id=draft.pk, owner=draft.owner)


def moved(application: Application, actor: User, *steps: str) -> Application:
    """Take steps of the counter with a file."""
    for step in steps:
        operations.record_counter_step(application=application, step=step, actor=actor)
    application.refresh_from_db()
    return application


def examined(**fields: Any) -> tuple[Application, User]:
    """Return a file that is examined, and its agent."""
    application = submitted(**fields)
    agent = agent_of(application)
    return moved(application, agent, "file", "examine"), agent


def decided(
    application: Application, actor: User, outcome: str = "granted", **changes: Any
) -> Decision:
    """Record a decision of today."""
    given: dict[str, Any] = {"decided_on": today(), "notified_on": None}
    if outcome == "granted":
        given |= {"visa_from": today(), "visa_until": today() + timedelta(days=30)}
    else:
        given["reason"] = "The purpose of the journey was not shown."
    return operations.decide(
        application_id=application.pk, actor=actor, outcome=outcome, **(given | changes)
    )


def short_passport() -> dict[str, date]:
    """Return a passport that misses nothing but the months after the journey (PA-09)."""
    return {
        "arrives_on": today() + timedelta(days=60),
        "departs_on": today() + timedelta(days=70),
        "passport_expires_on": today() + timedelta(days=100),
    }
