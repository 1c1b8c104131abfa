"""Notices of a provider: believed only if signed, lately, and readable; the trial page's limits."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from appointments.models import FeeHold, PaymentNotice
from portal.payments import signing, trial
from portal.payments.checks import check_provider
from tests.appointments.fees import begun, prepaid_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    return begun(prepaid_appointment())


def body_of(payment, **said) -> bytes:
    fields = {
        "event": "e-1",
        "reference": payment.reference,
        "outcome": "paid",
        "amount": "29.00",
        "currency": "EUR",
    }
    return trial.notice_body(**(fields | said))


def sent(client, body: bytes, header: str | None = None):
    return client.post(
        reverse("payments:notice"),
        body,
        content_type="application/json",
        headers={signing.HEADER: trial.signed(body) if header is None else header},
    )


def test_a_signed_notice_is_taken_without_session_or_token(client, payment):
    client.handler.enforce_csrf_checks = True
    assert sent(client, body_of(payment)).status_code == 204
    assert FeeHold.objects.get().state == "paid"


def test_a_replay_changes_nothing(client, payment):
    body = body_of(payment)
    header = trial.signed(body)
    assert [sent(client, body, header).status_code for _ in range(3)] == [204, 204, 204]
    assert PaymentNotice.objects.count() == 1


@pytest.mark.parametrize("forgery", ["none", "nonsense", "another body", "old", "from the future"])
def test_what_is_not_genuine_is_not_believed(client, payment, forgery):
    body = body_of(payment)
    header = {
        "none": "",
        "nonsense": "t=1,v1=00",
        "another body": trial.signed(body_of(payment, amount="1.00")),
        "old": trial.signed(body, time.time() - signing.OLDEST - 5),
        "from the future": trial.signed(body, time.time() + signing.OLDEST + 5),
    }[forgery]
    assert sent(client, body, header).status_code == 400
    assert FeeHold.objects.get().state == "open"
    assert not PaymentNotice.objects.exists()


@pytest.mark.parametrize(
    "said",
    [{"outcome": "gift"}, {"amount": "NaN"}, {"amount": "1e99"}, {"amount": "many"}],
    ids=str,
)
def test_what_cannot_be_read_is_not_believed(client, payment, said):
    assert sent(client, body_of(payment, **said)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"x"', b"\xff"])
def test_a_body_of_another_kind_is_not_believed(client, payment, body):
    assert sent(client, body).status_code == 400


def test_a_notice_about_nothing_we_know_is_answered_and_kept(client, payment):
    assert sent(client, body_of(payment, reference="P-0000-0000")).status_code == 204
    assert PaymentNotice.objects.get().result == "unknown"


def test_looking_at_the_address_of_notices_changes_nothing(client, payment):
    assert client.get(reverse("payments:notice")).status_code == 405


def test_without_a_provider_there_is_no_such_address(client, payment, settings):
    settings.PAYMENT_PROVIDER = ""
    assert sent(client, body_of(payment)).status_code == 404


def test_production_refuses_the_trial_provider(client, payment, settings):
    assert check_provider(None) == []
    settings.TESTING = settings.EMBEDDED = settings.DEBUG = False
    assert [one.id for one in check_provider(None)] == ["portal.E002"]
    assert sent(client, body_of(payment)).status_code == 400
    settings.PAYMENT_PROVIDER = ""
    assert check_provider(None) == []
