"""The pages of the service fee: what a person reads, presses and gets; what agents note (AT-02)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from appointments.models import CentreSwitch, FeeHold, Payment
from appointments.operations import fee_expiry
from appointments.refusals import FeeNotOpen
from portal.accounts.roles import Role
from portal.outbox.models import Message
from portal.paper.models import Seal
from portal.paper.seals import find_seal
from portal.payments import trial
from tests.actors import applicant_client, staff_client
from tests.appointments.fees import ON_TIME, after, begun, prepaid, prepaid_appointment, told
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.pages import says

pytestmark = pytest.mark.django_db
MONEY = ("€", "EUR", "euro", "29,00", "29.00")


@pytest.fixture
def appointment():
    return prepaid_appointment()


@pytest.fixture
def client(appointment):
    return applicant_client(appointment.application.owner)


def page(client, name, *args, **extra) -> str:
    answer = client.get(reverse(f"appointments:{name}", args=args), **extra)
    assert answer.status_code == 200
    return answer.content.decode()


def pressed(client, appointment) -> str:
    answer = client.post(reverse("appointments:fee_pay", args=[appointment.pk]))
    assert answer.status_code == 302
    return answer.url


def test_at_01_no_page_with_slots_shows_a_price_though_the_switch_is_on(appointment, client):
    centre, owner = appointment.slot.centre, appointment.application.owner
    other = ApplicationFactory(submitted=True, mission=centre.mission, owner=owner)
    slot = SlotFactory(centre=centre)
    pages = [
        page(client, "centres"),
        page(client, "centre", centre.code),
        page(client, "choose", other.pk),
        page(client, "confirm", other.pk, slot.pk),
        page(client, "list"),
    ]
    for shown in pages:
        assert [sign for sign in MONEY if sign in shown] == []


def test_the_page_of_the_appointment_tells_the_fee_and_that_booking_is_free(appointment, client):
    shown = page(client, "detail", appointment.pk, headers={"Accept-Language": "en"})
    assert "€29.00" in shown
    assert "booking is free" in shown
    assert reverse("appointments:fee_pay", args=[appointment.pk]) in shown


def test_a_fee_that_is_due_after_the_appointment_threatens_nobody():
    """Nobody is told to pay until the evening after, nor of a release that no clock does."""
    centre = prepaid()
    application = ApplicationFactory(submitted=True, mission=centre.mission)
    near = timezone.now().replace(microsecond=0) + timedelta(hours=48)
    appointment = booked(application, SlotFactory(centre=centre, starts_at=near))
    hold = FeeHold.objects.get(appointment=appointment)
    message = Message.objects.get(kind="fee_due")
    shown = page(
        applicant_client(application.owner),
        "detail",
        appointment.pk,
        headers={"Accept-Language": "en"},
    )
    assert "or at the counter when you come" in shown
    assert "the appointment is cancelled. Your application stays" not in shown
    assert "The place is kept until" not in shown
    assert message.useful_until == near
    assert message.context["due_at"] == near.isoformat()
    assert message.context["at_the_desk"] is True
    with after(appointment, ON_TIME):
        assert fee_expiry.release_unpaid() == 0
    assert hold.due_at > near


def test_before_booking_a_person_reads_that_a_fee_is_asked_but_no_price():
    centre = prepaid()
    application = ApplicationFactory(submitted=True, mission=centre.mission)
    slot = SlotFactory(centre=centre)
    client = applicant_client(application.owner)
    assert "AT-02" in page(client, "confirm", application.pk, slot.pk)
    CentreSwitch.objects.all().delete()
    assert "AT-02" not in page(client, "confirm", application.pk, slot.pk)


def test_without_a_fee_the_page_says_nothing_of_one(client):
    other = prepaid_appointment()
    FeeHold.objects.all().delete()
    client = applicant_client(other.application.owner)
    assert "fee/pay" not in page(client, "detail", other.pk)
    assert client.get(reverse("appointments:fee", args=[other.pk])).status_code == 404
    assert client.post(reverse("appointments:fee_pay", args=[other.pk])).status_code == 404


def test_paying_on_the_trial_page_keeps_the_place_and_gives_a_receipt(appointment, client):
    address = pressed(client, appointment)
    assert client.get(address).status_code == 200
    back = client.post(address, {"do": "pay"}).url
    assert back.endswith(f"/appointments/{appointment.pk}/fee/?returned")
    payment = Payment.objects.get()
    receipt = reverse("appointments:fee_receipt", args=[payment.pk])
    assert receipt in client.get(back).content.decode()
    paper = client.get(receipt)
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content == client.get(receipt).content
    assert applicant_client(UserFactory()).get(receipt).status_code == 404


def test_the_receipt_tells_amount_and_reference_in_every_language(appointment, client):
    payment = begun(appointment)
    told(payment)
    for language in ("fr", "en", "de", "ar"):
        answer = client.get(
            reverse("appointments:fee_receipt", args=[payment.pk]),
            headers={"Accept-Language": language},
        )
        text = "".join(one.extract_text() for one in PdfReader(BytesIO(answer.content)).pages)
        assert payment.reference in text
        assert "29" in text


def test_the_code_of_the_receipt_is_genuine(appointment):
    payment = begun(appointment)
    told(payment)
    seal = Seal.objects.get(kind="service_fee_paid")
    assert find_seal(seal.code) == seal


@pytest.mark.parametrize("wish", ["fail", "leave", "forged"])
def test_failing_and_leaving_pay_nothing(appointment, client, wish):
    address = pressed(client, appointment)
    shown = client.get(client.post(address, {"do": wish}).url).content.decode()
    assert FeeHold.objects.get().state == "open"
    assert "fee/pay" in shown


def test_coming_back_proves_nothing_and_looking_changes_nothing(appointment, client):
    pressed(client, appointment)
    before = list(Payment.objects.values()), list(FeeHold.objects.values())
    page(client, "fee", appointment.pk, query_params={"returned": "", "paid": "1"})
    page(client, "detail", appointment.pk)
    pay, shown = (
        reverse(f"appointments:{one}", args=[appointment.pk]) for one in ("fee_pay", "fee")
    )
    assert client.get(pay).url == shown  # as after signing in again
    assert (list(Payment.objects.values()), list(FeeHold.objects.values())) == before


def test_a_family_reads_how_much_is_paid_in_one_go():
    centre, owner = prepaid(), UserFactory()
    first, _second = (prepaid_appointment(centre, owner=owner) for _ in range(2))
    shown = page(applicant_client(owner), "detail", first.pk, headers={"Accept-Language": "en"})
    assert "€58.00" in shown


def test_what_was_released_can_no_longer_be_paid(appointment, client):
    with after(appointment, ON_TIME):
        fee_expiry.release_unpaid()
    answer = client.post(reverse("appointments:fee_pay", args=[appointment.pk]), follow=True)
    assert says(answer, FeeNotOpen.message)
    assert not Payment.objects.exists()


def test_in_the_seconds_before_the_task_runs_the_page_offers_no_payment(appointment, client):
    FeeHold.objects.update(due_at=timezone.now())
    assert "fee/pay" not in page(client, "detail", appointment.pk)


# --- The trial provider ---


def test_production_has_no_trial_page(appointment, client, settings):
    address = pressed(client, appointment)
    settings.TESTING = settings.EMBEDDED = settings.DEBUG = False
    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "pay"}).status_code == 404
    assert client.post(reverse("appointments:fee_pay", args=[appointment.pk])).status_code == 302
    assert FeeHold.objects.get().state == "open"


def test_an_order_that_was_changed_is_none(client):
    order = trial.TrialProvider().begin(
        amount=1, currency="EUR", reference="P", return_url="https://evil.example/"
    )
    assert client.get(order[:-3] + "x/").status_code == 404


# --- The admin ---


def test_an_agent_notes_a_payment_at_the_counter_and_a_refund(appointment):
    client = staff_client(Role.AGENT, appointment.slot.centre.mission)
    hold = FeeHold.objects.get()
    assert client.get(reverse("admin:appointments_feehold_changelist")).status_code == 200
    assert (
        client.get(reverse("admin:appointments_feehold_change", args=[hold.pk])).status_code == 200
    )
    step = reverse("admin:appointments_feehold_step", args=[hold.pk, "pay"])
    assert client.post(step, {"reason": ""}).status_code == 422
    client.post(step, {"reason": "Receipt 12"})
    hold.refresh_from_db()
    assert hold.state == "paid"
    payment = Payment.objects.get()
    Payment.objects.update(refund_due=29)
    listed = client.get(reverse("admin:appointments_payment_changelist"), {"refund": "due"})
    assert payment.reference in listed.content.decode()
    client.post(
        reverse("admin:appointments_payment_step", args=[payment.pk, "refund"]),
        {"reason": "Transfer 7"},
    )
    payment.refresh_from_db()
    assert (payment.state, payment.refunded) == ("refunded", 29)


def test_the_page_of_a_payment_shows_what_the_provider_said(appointment):
    payment = begun(appointment)
    told(payment)
    client = staff_client(Role.AGENT, appointment.slot.centre.mission)
    shown = client.get(reverse("admin:appointments_payment_change", args=[payment.pk]))
    assert appointment.reference in shown.content.decode()
