import time

import pytest
from django.conf import settings as site
from django.db import transaction

from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .sample.notifications import note

pytestmark = pytest.mark.django_db(transaction=True)


def wait_until_sent(number, patience=60):
    until = time.monotonic() + patience
    while Message.objects.get(pk=number).state != State.SENT:
        assert time.monotonic() < until, "no worker sent the message"
        time.sleep(0.1)


def test_a_worker_sends_what_was_committed(mailbox, process):
    process(
        *("-m", "celery", "-A", "portal", "worker", "--concurrency=1", "--loglevel=WARNING"),
        GUICHET_MAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",
        GUICHET_STORE_PREFIX=site.STORE_PREFIX,
    )
    with transaction.atomic():
        message = outbox.enqueue(note(language="de"))
    wait_until_sent(message.pk)
    [mail] = mailbox.mails
    assert mail["Message-ID"] == message.message_id
    assert mail["Subject"].startswith("Montag")


def test_a_broker_that_is_away_delays_a_message_and_breaks_nothing(mailbox, process):
    program = (
        "import django; django.setup()\n"
        "from django.db import transaction\n"
        "from portal.outbox.operations import enqueue\n"
        "from tests.portal.outbox.sample.notifications import note\n"
        "with transaction.atomic():\n"
        "    enqueue(note())\n"
    )
    writer = process("-c", program, REDIS_URL="redis://127.0.0.1:1/0")
    assert writer.wait(60) == 0
    assert Message.objects.get().state == State.QUEUED
    assert delivery.sweep() == 1
    assert len(mailbox.mails) == 1
