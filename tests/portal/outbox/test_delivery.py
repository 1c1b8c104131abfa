import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.utils import timezone

from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.channels import Channel
from portal.outbox.failures import judged
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .sample.notifications import note

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(**fields):
    with transaction.atomic():
        return outbox.enqueue(note(**fields))


def later(**change):
    """Let time pass for every message."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(**({"due_at": past, "claimed_until": past} | change))


def test_a_message_is_sent_and_marked(mailbox):
    message = waiting()
    assert delivery.deliver(message.pk)
    stored = Message.objects.get()
    assert (stored.state, stored.attempts, stored.last_error) == (State.SENT, 1, "")
    assert stored.sent_at is not None
    [mail] = mailbox.mails
    assert mail["Message-ID"] == stored.message_id
    assert mail["To"] == "amina@example.org"


def test_a_message_that_was_sent_is_not_sent_again(mailbox):
    message = waiting()
    delivery.deliver(message.pk)
    later()
    assert not delivery.deliver(message.pk)
    assert delivery.sweep() == 0
    assert len(mailbox.mails) == 1


@pytest.mark.race
def test_eight_senders_at_once_send_every_message_once(mailbox):
    numbers = [waiting(version=version).pk for version in range(1, 6)]
    start = Barrier(8)

    def send(_):
        start.wait()
        try:
            for number in numbers:
                delivery.deliver(number)
            delivery.sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert sorted(mail["Message-ID"] for mail in mailbox.mails) == sorted(
        Message.objects.values_list("message_id", flat=True)
    )
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_a_sender_killed_before_it_could_mark_leads_to_the_same_message_again(mailbox, process):
    message = waiting()
    program = (
        "import django; django.setup(); from portal.outbox import delivery;"
        f"delivery.deliver({message.pk})"
    )
    mailbox.on_data = lambda: os.kill(sender.pid, signal.SIGKILL)
    sender = process("-c", program, GUICHET_MAIL_URL=f"smtp://127.0.0.1:{mailbox.port}")
    assert sender.wait(60) == -signal.SIGKILL
    assert Message.objects.get().state == State.SENDING
    assert delivery.sweep() == 0, "its lease has not run out"

    mailbox.on_data = lambda: None
    later()
    assert delivery.sweep() == 1
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first["Date"] == second["Date"]
    assert Message.objects.get().state == State.SENT


def test_a_message_that_kills_every_sender_ends_among_those_not_reached(mailbox):
    waiting()
    for _ in range(len(delivery.BACK_OFF) + 1):
        later()
        with transaction.atomic():  # a sender that takes the message and dies
            [claimed] = delivery._next_handful(Channel.EMAIL)
            assert claimed.state == State.SENDING
    later()
    assert delivery.sweep() == 0
    stored = Message.objects.get()
    assert (stored.state, stored.last_error) == (State.NOT_REACHED, "interrupted")
    assert mailbox.mails == []


@pytest.mark.parametrize("where", ["recipient_answer", "data_answer"])
def test_a_server_that_asks_to_come_back_is_visited_again_later(mailbox, where):
    message = waiting()
    setattr(mailbox, where, "451 amina@example.org: greylisted")
    assert not delivery.deliver(message.pk)
    stored = Message.objects.get()
    assert (stored.state, stored.attempts) == (State.QUEUED, 1)
    assert stored.last_error.endswith(" 451")
    assert "amina" not in stored.last_error
    assert not delivery.deliver(message.pk), "it is not due yet"

    setattr(mailbox, where, "250 OK")
    later()
    assert delivery.sweep() == 1
    assert [mail["Message-ID"] for mail in mailbox.mails] == [message.message_id]


def test_the_pause_grows_to_hours_and_ends_after_four_days(mailbox):
    message = waiting()
    mailbox.recipient_answer = "451 later"
    pauses = []
    while Message.objects.get().state == State.QUEUED:
        later()
        before = timezone.now()
        delivery.deliver(message.pk)
        pauses.append(Message.objects.get().due_at - before)
    assert Message.objects.get().state == State.NOT_REACHED
    assert timedelta(seconds=59) < pauses[0] < timedelta(minutes=2)
    assert pauses[-2] > timedelta(hours=11)
    assert timedelta(days=4) < sum(pauses, timedelta()) < timedelta(days=5)


@pytest.mark.parametrize("where", ["recipient_answer", "data_answer"])
def test_a_recipient_refused_for_good_is_not_asked_again(mailbox, where):
    message = waiting()
    setattr(mailbox, where, "550 no such person")
    assert not delivery.deliver(message.pk)
    stored = Message.objects.get()
    assert (stored.state, stored.attempts) == (State.NOT_REACHED, 1)
    assert stored.last_error.endswith(" 550")


def test_a_server_that_is_away_costs_the_message_nothing_but_time(mailbox, settings):
    message = waiting()
    settings.EMAIL_PORT = 1
    assert not delivery.deliver(message.pk)
    assert Message.objects.get().state == State.QUEUED
    settings.EMAIL_PORT = mailbox.port
    later()
    assert delivery.sweep() == 1


def test_a_message_that_cannot_be_composed_does_not_hold_up_the_others(mailbox):
    waiting()
    Message.objects.update(kind="nonsense")
    waiting(version=2)
    assert delivery.sweep() == 1
    broken = Message.objects.get(kind="nonsense")
    assert (broken.state, broken.last_error) == (State.QUEUED, "LookupError")


def test_a_message_of_no_more_use_is_not_sent(mailbox):
    now = timezone.now()
    waiting(useful_until=now - timedelta(seconds=1))
    waiting(version=2, useful_until=now + timedelta(hours=1))
    assert delivery.sweep() == 1
    assert Message.objects.get(version=1).state == State.EXPIRED
    assert [mail["Message-ID"] for mail in mailbox.mails] == [
        Message.objects.get(version=2).message_id
    ]


def test_a_late_sender_does_not_undo_what_a_faster_one_did(mailbox):
    message = waiting()
    [late] = delivery._next_handful(Channel.EMAIL)
    later()
    assert delivery.deliver(message.pk)
    delivery._put_off(late, judged(TimeoutError()))
    assert Message.objects.get().state == State.SENT
