"""Text messages through a real provider on the loopback."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.channels import Channel
from portal.outbox.devmail import _kept_in
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .provider import Handler
from .sample.notifications import move

pytestmark = pytest.mark.django_db


def told(**fields):
    """Write a move, and leave only its text to send."""
    with transaction.atomic():
        outbox.enqueue(move(**fields))
    Message.objects.filter(channel=Channel.EMAIL).delete()
    return Message.objects.get(channel=Channel.SMS)


def later():
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(due_at=past, claimed_until=past)


def test_a_text_is_handed_over_with_its_key_and_the_providers_number_is_kept(provider):
    text = told(language="fr")
    assert delivery.deliver(text.pk)
    [(headers, content)] = provider.asked
    assert content == {
        "to": "+213551234567",
        "from": "Guichet",
        "text": "Lundi - Amina: http://localhost:8000/a/",
    }
    assert headers["Authorization"] == "Bearer a key"
    assert headers["Idempotency-Key"] == text.key
    stored = Message.objects.get()
    assert (stored.state, stored.provider_id) == (State.SENT, "text-1")


def test_both_channels_go_out_once_and_each_has_a_key_of_its_own(provider, mailbox):
    with transaction.atomic():
        first = outbox.enqueue(move())
        assert outbox.enqueue(move()) == first
    assert delivery.sweep() == 2
    later()
    assert delivery.sweep() == 0
    assert (len(mailbox.mails), len(provider.asked)) == (1, 1)
    assert len(set(Message.objects.values_list("message_id", flat=True))) == 2


@pytest.mark.parametrize(
    "phone", ["", "0551234567", "+213", "+21312", "call me", "+21321635000", "+2135512345678"]
)
def test_only_who_has_a_mobile_number_is_sent_a_text(provider, phone):
    with transaction.atomic():
        outbox.enqueue(move(phone=phone))
    assert Message.objects.get().channel == Channel.EMAIL


def test_without_a_provider_no_text_is_written_and_the_number_is_there_to_call(settings):
    settings.SMS_GATEWAY = ""
    with transaction.atomic():
        outbox.enqueue(move())
    assert Message.objects.get().phone == "+213551234567"


def test_a_number_does_not_lie_open_in_the_table(provider):
    told()
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_message::text FROM outbox_message")
        row = cursor.fetchone()[0]
    assert "551234567" not in row
    assert b"551234567".hex() not in row


def took_and_dropped(handler):
    handler.take()
    handler.connection.close()


def hangs(handler):
    time.sleep(0.8)
    handler.accept()


@pytest.mark.parametrize("behave", [took_and_dropped, hangs])
def test_a_provider_that_took_a_text_without_saying_so_sends_it_once(provider, behave):
    text = told()
    provider.behave = behave
    assert not delivery.deliver(text.pk)
    stored = Message.objects.get()
    assert stored.state == State.QUEUED
    assert "GatewayFailed" in stored.last_error
    provider.behave = Handler.accept
    later()
    assert delivery.sweep() == 1
    assert provider.keys == [text.key] * 2
    assert list(provider.sent) == [text.key]


def test_a_provider_that_is_broken_for_a_while_is_asked_again(provider):
    text = told()
    accept = provider.behave
    provider.behave = lambda handler: handler.answer(500, "oops")
    for attempt in (1, 2, 3):
        assert not delivery.deliver(text.pk)
        stored = Message.objects.get()
        assert (stored.state, stored.attempts) == (State.QUEUED, attempt)
        assert stored.last_error == "GatewayFailed 500"
        later()
    provider.behave = accept
    assert delivery.deliver(text.pk)
    assert set(provider.keys) == {text.key}
    assert len(provider.sent) == 1


def in_an_hour():
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("asked", [lambda: "3600", in_an_hour], ids=["seconds", "moment"])
def test_a_provider_that_asks_for_a_pause_gets_it(provider, asked):
    text = told()
    asked = asked()  # now, not when pytest collected: minutes may lie between
    provider.behave = lambda handler: handler.answer(429, Retry_After=asked)
    assert not delivery.deliver(text.pk)
    pause = Message.objects.get().due_at - timezone.now()
    assert timedelta(minutes=55) < pause < timedelta(minutes=61)


@pytest.mark.parametrize("asked", ["", "soon", "-5", "99999999999999", "Mon, 99 Foo"])
def test_a_nonsensical_pause_is_kept_within_reason(provider, asked):
    text = told()
    provider.behave = lambda handler: handler.answer(429, Retry_After=asked)
    assert not delivery.deliver(text.pk)
    pause = Message.objects.get().due_at - timezone.now()
    assert timedelta(seconds=55) < pause <= timedelta(days=1)


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_number_refused_for_good_is_not_asked_again(provider, status):
    text = told()
    provider.behave = lambda handler: handler.answer(status, '{"error": "number unknown"}')
    assert not delivery.deliver(text.pk)
    stored = Message.objects.get()
    assert (stored.state, stored.last_error) == (State.NOT_REACHED, f"GatewayFailed {status}")


@pytest.mark.parametrize("status", [302, 401, 403, 408, 409, 503])
def test_what_somebody_will_mend_is_tried_again(provider, status):
    text = told()
    provider.behave = lambda handler: handler.answer(status, Location="http://127.0.0.1:1/")
    assert not delivery.deliver(text.pk)
    assert Message.objects.get().state == State.QUEUED
    assert len(provider.asked) == 1, "the key is for this host alone"


@pytest.mark.parametrize("content", ["{", "[]", "null", '{"number": 1}', "<html>", ""])
def test_an_answer_that_says_nothing_is_not_believed(provider, content):
    text = told()
    accept = provider.behave

    def taken_in_silence(handler):
        handler.take()
        handler.answer(200, content)

    provider.behave = taken_in_silence
    assert not delivery.deliver(text.pk)
    assert Message.objects.get().state == State.QUEUED
    provider.behave = accept
    later()
    assert delivery.sweep() == 1
    assert list(provider.sent) == [text.key]


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_before_it_could_mark_asks_again_with_the_same_key(provider, process):
    text = told()
    accept = provider.behave
    program = (
        "import django; django.setup(); from portal.outbox import delivery;"
        f"delivery.deliver({text.pk})"
    )

    def take_and_kill(handler):
        handler.take()
        os.kill(sender.pid, signal.SIGKILL)

    provider.behave = take_and_kill
    sender = process(
        "-c", program, GUICHET_SMS_URL=f"http://:key@127.0.0.1:{provider.port}/v1/texts"
    )
    assert sender.wait(60) == -signal.SIGKILL
    provider.behave = accept
    later()
    assert delivery.sweep() == 1
    assert provider.keys == [text.key] * 2
    assert list(provider.sent) == [text.key]


def test_a_provider_that_is_away_does_not_hold_up_the_mail(provider, mailbox, settings):
    settings.SMS_URL = "http://:key@127.0.0.1:1/"
    with transaction.atomic():
        outbox.enqueue_all(move(number) for number in range(30))
    assert delivery.sweep() == 30
    assert len(mailbox.mails) == 30
    texts = Message.objects.filter(channel=Channel.SMS)
    assert set(texts.values_list("state", flat=True)) == {State.QUEUED}
    assert texts.filter(attempts=1).count() == 1, "one try was enough to know"


def test_a_mail_server_that_is_away_does_not_hold_up_the_texts(provider, mailbox, settings):
    settings.EMAIL_PORT = 1
    with transaction.atomic():
        outbox.enqueue_all(move(number) for number in range(30))
    assert delivery.sweep() == 30
    assert len(provider.sent) == 30


def test_on_a_development_machine_texts_lie_beside_the_mail(settings, sample, tmp_path):
    settings.SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"
    settings.MAIL_DIR = str(tmp_path)
    text = told(language="ar")
    assert delivery.deliver(text.pk)
    [file] = tmp_path.glob("*.log")
    [kept] = _kept_in(file)
    assert kept.recipient == "+213551234567"
    assert "الاثنين" in kept.text
