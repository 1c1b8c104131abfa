"""Very many messages: handfuls over one connection, codes before them, nothing twice or lost."""

import os
import signal
import socket
import threading
import time
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.channels import Channel, Urgency
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .sample.notifications import Code, move


def mass(count, first=1):
    with transaction.atomic():
        return outbox.enqueue_all(move(number, phone="") for number in range(first, first + count))


def code():
    told = {"recipient": "amina@example.org", "language": "en", "context": {"name": "1"}}
    return Code(subject_ref="code:1", **told)


def later():
    """Let time pass for every message."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(due_at=past, claimed_until=past)


def states():
    return set(Message.objects.values_list("state", flat=True))


# --- In a transaction of the test ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_mass_is_written_in_a_few_statements_and_announced_in_as_many(
    sample, django_capture_on_commit_callbacks
):
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as told:
        assert mass(2500) == 2500
    inserts = [one for one in asked if one["sql"].startswith("INSERT")]
    assert len(inserts) <= 6
    assert len(told) == 1
    assert mass(2500) == 2500
    assert Message.objects.count() == 2500
    assert set(Message.objects.values_list("urgency", flat=True)) == {Urgency.MASS}


@pytest.mark.django_db
def test_a_code_overtakes_a_thousand_waiting_moves(mailbox, monkeypatch):
    mass(1000)
    monkeypatch.setattr(delivery, "SHARE", 0.2)
    with transaction.atomic():
        message = outbox.enqueue(code())
    assert delivery.send_waiting(), "there is more to do"
    assert mailbox.mails[0]["Message-ID"] == message.message_id
    assert len(mailbox.mails) < 1000


@pytest.mark.django_db
def test_a_code_that_comes_in_the_middle_waits_for_one_handful_at_most(mailbox):
    mass(100)
    first = delivery._next_handful(Channel.EMAIL)
    assert len(first) == delivery.HANDFUL
    with transaction.atomic():
        message = outbox.enqueue(code())
    assert delivery._next_handful(Channel.EMAIL)[0] == message


@pytest.mark.django_db
def test_a_handful_travels_over_one_connection(mailbox):
    mass(50)
    assert delivery.sweep() == 50
    assert len(mailbox.sessions) == 1
    assert states() == {State.SENT}


@pytest.mark.django_db
def test_a_refused_recipient_ends_neither_connection_nor_handful(mailbox):
    mass(6)
    answers = iter(["550 no", "451 later", "552 full"])

    async def handle_RCPT(server, session, envelope, address, options):  # noqa: N802
        if address in ("person2@example.org", "person4@example.org", "person5@example.org"):
            return next(answers)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    mailbox.handle_RCPT = handle_RCPT
    assert delivery.sweep() == 3
    assert len(mailbox.sessions) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == [
        *[State.NOT_REACHED] * 2,
        State.QUEUED,
        *[State.SENT] * 3,
    ]


@pytest.mark.django_db
def test_a_server_that_ends_connections_early_costs_nothing(mailbox):
    mass(6)
    count = 0

    async def handle_MAIL(server, session, envelope, address, options):  # noqa: N802
        nonlocal count
        count += 1
        if count == 3:
            return "421 too many on this connection"
        envelope.mail_from = address
        return "250 OK"

    mailbox.handle_MAIL = handle_MAIL
    assert delivery.sweep() == 6
    assert len(mailbox.sessions) == 2
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_once_and_the_others_lose_nothing(mailbox, settings):
    mass(40)
    settings.EMAIL_PORT = 1
    assert not delivery.send_waiting()
    assert Message.objects.filter(attempts=1).count() == 1
    assert Message.objects.filter(attempts=0).count() == 39
    assert states() == {State.QUEUED}
    settings.EMAIL_PORT = mailbox.port
    later()
    assert delivery.sweep() == 40


@pytest.mark.django_db
def test_an_hour_of_temporary_refusals_ends_with_each_message_once(mailbox):
    mass(5)
    mailbox.recipient_answer = "451 come back later"
    for _ in range(5):  # after 1, 5, 15, 30 and 60 minutes: more than an hour in all
        now = timezone.now()
        assert delivery.sweep() == 0
        due = set(Message.objects.values_list("due_at", flat=True))
        assert all(one > now + timedelta(seconds=55) for one in due)
        assert delivery.sweep() == 0, "nobody is due yet"
        later()
    mailbox.recipient_answer = "250 OK"
    assert delivery.sweep() == 5
    told = [mail["Message-ID"] for mail in mailbox.mails]
    assert sorted(told) == sorted(Message.objects.values_list("message_id", flat=True))


class Hanging:
    """A mail server that greets, and then says nothing."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.kept = []
        threading.Thread(target=self.accept, daemon=True).start()
        return self.socket.getsockname()[1]

    def accept(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            self.kept.append(one)
            one.sendall(b"220 hello\r\n")

    def __exit__(self, *_):
        self.socket.close()
        for one in self.kept:
            one.close()


@pytest.mark.django_db
def test_a_server_that_hangs_holds_a_worker_for_one_time_limit_only(mailbox, settings):
    mass(10)
    settings.EMAIL_TIMEOUT = 0.3
    with Hanging() as port:
        settings.EMAIL_PORT = port
        begin = time.monotonic()
        assert delivery.sweep() == 0
        assert time.monotonic() - begin < 5
    assert Message.objects.filter(attempts=0, state=State.QUEUED).count() == 9
    settings.EMAIL_PORT = mailbox.port
    later()
    assert delivery.sweep() == 10
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == 10


@pytest.mark.django_db
def test_a_server_that_accepts_and_drops_hears_the_same_message_id(mailbox):
    mass(3)
    kept = []

    async def handle_DATA(server, session, envelope):  # noqa: N802
        kept.append(envelope.content)
        if len(kept) == 2:
            server.transport.abort()
        return "250 OK"

    mailbox.handle_DATA = handle_DATA
    delivery.sweep()
    later()
    delivery.sweep()
    told = [message_from_bytes(one)["Message-ID"] for one in kept]
    assert len(told) == 4, "one was repeated"
    assert len(set(told)) == 3, "with the same Message-ID"
    assert states() == {State.SENT}


# --- With processes that die --------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_a_worker_killed_in_a_mass_loses_and_doubles_nothing(mailbox, process, moment):
    """Killed before the server hears of the message, between its OK and our mark, and after."""
    mass(30)
    at = 7
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    patches = {
        "before": f"old = Post.send\nPost.send = lambda s, m: {kill} if n() == {at} else old(s, m)",
        "during": f"old = delivery._mark_sent\n"
        f"delivery._mark_sent = lambda m, x: {kill} if n() == {at} else old(m, x)",
        "after": f"old = delivery._mark_sent\n"
        f"delivery._mark_sent = lambda m, x: (old(m, x), {kill} if n() == {at} else 0)",
    }
    program = (
        "import django; django.setup()\nimport itertools, os, signal\n"
        "from portal.outbox import delivery\nfrom portal.outbox.posting import Post\n"
        f"count = itertools.count(1)\nn = lambda: next(count)\n{patches[moment]}\n"
        "delivery.send_waiting()\n"
    )
    worker = process("-c", program, GUICHET_MAIL_URL=f"smtp://127.0.0.1:{mailbox.port}")
    assert worker.wait(60) == -signal.SIGKILL
    assert len(mailbox.mails) == at - (moment == "before")
    delivery.sweep()
    assert Message.objects.filter(state=State.SENDING).exists(), "a lease has not run out"
    later()
    delivery.sweep()
    assert states() == {State.SENT}
    told = [mail["Message-ID"] for mail in mailbox.mails]
    assert set(told) == set(Message.objects.values_list("message_id", flat=True))
    assert len(told) == 30 + (moment == "during")


@pytest.mark.django_db(transaction=True)
def test_a_message_that_kills_its_worker_takes_no_other_along(mailbox):
    mass(3)
    for _ in range(3):
        delivery._next_handful(Channel.EMAIL)  # a worker that dies with them
        later()
    [alone] = delivery._next_handful(Channel.EMAIL)
    assert alone.attempts > 1


@pytest.mark.django_db(transaction=True)
def test_real_workers_send_a_mass_once_and_a_code_before_its_end(mailbox, process):
    mailbox.on_data = lambda: time.sleep(0.01)
    queues = {"worker": [], "codes": ["--queues=urgent", "--pool=solo"]}
    for name, more in queues.items():
        process(
            *("-m", "celery", "--quiet", "-A", "portal", "worker", "--concurrency=1"),
            *("--loglevel=WARNING", f"--hostname={name}-{os.getpid()}@%h", *more),
            GUICHET_MAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",
            GUICHET_STORE_PREFIX=site.STORE_PREFIX,
        )
    mass(300)
    until = time.monotonic() + 60
    while len(mailbox.mails) < 20:
        assert time.monotonic() < until, "no worker came"
        time.sleep(0.05)
    with transaction.atomic():
        message = outbox.enqueue(code())
    while Message.objects.exclude(state=State.SENT).exists():
        assert time.monotonic() < until, "the mass was not sent"
        time.sleep(0.1)
    told = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(told) == len(set(told)) == 301
    assert told.index(message.message_id) < 200
