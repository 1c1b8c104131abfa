"""The desk corrects a slip, with a reason; nobody hands an appointment on (AT-03, RD-09)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from appointments import refusals
from appointments.models import Appointment
from appointments.operations import cancel, correct_typing_error, identity_of
from portal.audit.models import Entry
from tests.actors import staff_client
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment() -> Appointment:
    return booked(ApplicationFactory(submitted=True, passport_number="198765432"), SlotFactory())


def corrected(appointment: Appointment, reason: str = "Misread the 3", **changes):
    appointment.application.refresh_from_db()
    identity = replace(identity_of(appointment.application), **changes)
    return correct_typing_error(
        appointment=appointment,
        corrected=identity,
        actor=UserFactory(is_staff=True),
        reason=reason,
    )


def test_a_slip_is_corrected_in_file_and_appointment_and_leaves_its_reason(appointment):
    before = bytes(appointment.traveller_key)
    corrected(appointment, passport_number="198765423")
    appointment.refresh_from_db()
    assert appointment.application.passport_number == "198765423"
    assert bytes(appointment.traveller_key) != before
    assert bytes(appointment.traveller_key) == bytes(appointment.application.traveller_key)
    entries = Entry.objects.filter(action="appointment.correct_typing_error")
    assert {entry.reason for entry in entries} == {"Misread the 3"}
    assert "198765423" not in str([entry.details for entry in entries])


@pytest.mark.parametrize(
    ("changes", "reason", "refusal"),
    [
        ({"family_name": "Bensaid"}, "x", refusals.AnotherPerson),
        ({"passport_number": "198765423"}, "  ", refusals.CorrectionNeedsReason),
        ({}, "x", refusals.NothingCorrected),
    ],
    ids=["another person", "no reason", "nothing"],
)
def test_what_is_no_correction_is_refused(appointment, changes, reason, refusal):
    with pytest.raises(refusal):
        corrected(appointment, reason, **changes)
    assert not Entry.objects.filter(action="appointment.correct_typing_error").exists()


def test_a_correction_cannot_make_two_appointments_of_one_traveller(appointment):
    other = booked(ApplicationFactory(submitted=True, passport_number="198765423"), SlotFactory())
    with pytest.raises(refusals.TravellerAlreadyBooked):
        corrected(appointment, passport_number=other.application.passport_number)


def test_several_small_corrections_do_not_hand_the_appointment_on(appointment):
    """From Benali to Kozmal in steps of two signs; the slip itself may be mended again."""
    corrected(appointment, family_name="Bonalo")
    with pytest.raises(refusals.AnotherPerson):
        corrected(appointment, family_name="Bozalz")
    corrected(appointment, family_name="Benalo")
    corrected(appointment, family_name="Benali", birth_date=date(1988, 12, 4))
    with pytest.raises(refusals.AnotherPerson):
        corrected(appointment, passport_number="198765423")


def test_a_new_booking_binds_anew(appointment):
    corrected(appointment, family_name="Bonalo")
    application = appointment.application
    cancel(appointment_id=appointment.pk, owner=application.owner)
    again = booked(application, SlotFactory())
    corrected(again, family_name="Bozalz")
    again.application.refresh_from_db()
    assert again.application.family_name == "Bozalz"


# --- The page ---


def sent(appointment: Appointment, **changes) -> dict[str, str]:
    birth = changes.pop("birth_date", date(1988, 4, 12))
    return {
        "family_name": "Benali",
        "given_names": "Amine",
        "birth_date_day": str(birth.day),
        "birth_date_month": str(birth.month),
        "birth_date_year": str(birth.year),
        "passport_number": "198765432",
        "reason": "Misread",
        **changes,
    }


@pytest.fixture
def client(appointment):
    return staff_client("agent", appointment.application.mission)


def address(appointment: Appointment) -> str:
    return reverse("admin:appointments_appointment_correct", args=[appointment.pk])


def test_an_agent_corrects_on_a_page_of_its_own(appointment, client):
    assert client.get(address(appointment)).status_code == 200
    answer = client.post(address(appointment), sent(appointment, passport_number="198765423"))
    assert answer.status_code == 302
    appointment.application.refresh_from_db()
    assert appointment.application.passport_number == "198765423"


def test_a_refused_correction_keeps_what_was_typed(appointment, client):
    answer = client.post(address(appointment), sent(appointment, family_name="Bensaid"))
    assert answer.status_code == 422
    assert "Bensaid" in answer.content.decode()


def test_a_cancelled_appointment_is_not_corrected(appointment, client):
    Appointment.objects.update(state="cancelled")
    assert client.get(address(appointment)).status_code == 302
