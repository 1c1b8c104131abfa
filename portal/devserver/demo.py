"""A small world to look at: applications in several states, made by the operations themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import operations as filing
from applications.models import Application
from appointments.capacity import free_slots
from appointments.operations import book, service_for
from portal.accounts.demo import APPLICANTS
from portal.accounts.models import User
from portal.dates import add_months, civil_date
from portal.missions.models import Mission


@transaction.atomic
def load_applications() -> int:
    """Create the demonstration's applications once; returns how many are new."""
    owner = User.objects.get(email=APPLICANTS[0])
    if Application.objects.filter(owner=owner).exists():
        return 0
    today = civil_date(timezone.now())
    france, germany = (Mission.objects.get(code=code) for code in ("fr-algiers", "de-algiers"))
    _begun(owner, france)
    _submitted(owner, germany, today, "spouse", given_names="Yanis", passport_number="309112244")
    amina = {"given_names": "Amina", "passport_number": "309112233"}
    booked = _submitted(owner, france, today, "self", **amina)
    _papers(booked, owner)
    _book_first_free(booked, owner)
    return 3


def _begun(owner: User, mission: Mission, relation: str = "") -> Application:
    answers = {"visa_class": "short_stay", "purpose": "family_visit"}
    return filing.start_application(
        owner=owner, mission=mission, answers=answers, relation=relation
    )


def _submitted(
    owner: User, mission: Mission, today: date, relation: str, **traveller: Any
) -> Application:
    draft = _begun(owner, mission, relation)
    filing.save_answers(
        application_id=draft.pk,
        owner=owner,
        seen_version=draft.version,
        answers={
            "arrives_on": add_months(today, 3),
            "departs_on": add_months(today, 3) + timedelta(days=12),
            "family_name": "Benali",
            "birth_date": date(1990, 5, 17),
            "nationality": "DZ",
            "passport_issued_on": add_months(today, -30),
            "passport_expires_on": add_months(today, 90),
            "blank_pages": 14,
            "category": "employee",
            "employer": "Librairie El Djazaïr",
            "inviter": "Nadia Benali",
            "visits_relatives": True,
            "lodging": "host",
            "own_means": "partly",
            "earlier_visa": "first_application",
            "phone": "+213551234567",
            **traveller,
        },
    )
    return filing.submit(application_id=draft.pk, owner=owner)


def _papers(application: Application, owner: User) -> None:
    """Have some papers at hand, and an insurance that is too small (DO-07)."""
    same: dict[str, Any] = {"application_id": application.pk, "owner": owner, "seen_version": 0}
    for kind in ("form", "passport", "invitation", "work_certificate"):
        filing.provide_paper(**same, kind=kind)
    assert application.arrives_on is not None
    says = filing.PaperSays(
        valid_from=application.arrives_on, valid_until=application.departs_on, amount=20_000
    )
    insurance = filing.tell_dates(**same, kind="insurance", says=says)
    filing.provide_paper(**{**same, "seen_version": insurance.version}, kind="insurance")


def _book_first_free(application: Application, owner: User) -> None:
    centre = application.mission.centres.first()
    assert centre is not None, "load_centres runs before load_demo"
    slot = free_slots(centre, service_for(application), timezone.now()).first()
    if slot is not None:
        book(application_id=application.pk, slot_id=slot.pk, owner=owner)
