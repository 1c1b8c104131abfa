"""Cases, and people who handle them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.enums import Category
from complaints.models import Appeal, Case, Complaint, Desk
from complaints.operations.arrival import Person, take_in
from portal.accounts.roles import Role
from tests.actors import staff
from tests.factories import MissionFactory

ARRIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
PERSON = Person(
    name="Amina Benali",
    email="amina@example.org",
    postal_address="12, rue Didouche Mourad\n16000 ALGER\nALGÉRIE",
)


def complaint(
    mission=None, *, at=ARRIVED, person=PERSON, language="fr", category="provider", **more
):
    case = take_in(
        mission=mission or MissionFactory(code="de-algiers", state="DE", post="algiers"),
        category=Category(category),
        person=person,
        text=more.pop("text", "Le guichet était fermé sans prévenir."),
        language=language,
        received_at=at,
        **more,
    )
    Complaint.objects.create(
        case=case,
        label="Réclamation",
        declared_language=language,
        hidden_from_counter=category == "staff",
    )
    return case


def appeal(mission=None, *, at=ARRIVED, person=PERSON, language="fr", **more):
    mission = mission or MissionFactory(code="de-algiers", state="DE", post="algiers")
    case = take_in(
        mission=mission,
        category=Category.APPEAL,
        person=person,
        text=more.pop("text", "Je conteste le refus."),
        language=language,
        received_at=at,
    )
    Appeal.objects.create(
        case=case,
        mission=mission,
        year=at.year,
        against="refusal",
        notified_on=more.pop("notified_on", date(2026, 10, 20)),
        arrived_at=at,
        **more,
    )
    return Case.objects.get(pk=case.pk)


def handler(mission, *categories, role=Role.COMPLAINT_HANDLER, counter=""):
    user = staff(role, mission)
    Desk.objects.create(user=user, categories=[str(one) for one in categories], counter=counter)
    return user


def officer(mission):
    return handler(mission, Category.APPEAL, role=Role.APPEAL_OFFICER)


def assigned(case, user):
    Case.objects.filter(pk=case.pk).update(
        state="assigned", assigned_to=user, assigned_at=case.received_at + timedelta(hours=1)
    )
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def mission(db):
    return MissionFactory(code="de-algiers", state="DE", post="algiers")
