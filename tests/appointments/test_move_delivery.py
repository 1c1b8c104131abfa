# ruff: noqa: F811  # fixtures are found by their names
"""The messages of a plan leave once for each move and channel, whatever dies on the way."""

import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.models import Appointment, AppointmentMove, MovePlan, Slot
from appointments.operations import move_applying
from portal.outbox import delivery
from portal.outbox.models import Message
from tests.portal.outbox.conftest import mailbox, process, provider, sample  # noqa: F401

from .moves import applied, confirmed, planned, seats_and_rows_agree, world

pytestmark = pytest.mark.django_db(transaction=True)
KILLED_AT = 3  # messages into the mass

_BEFORE = "old = Post.send\nPost.send = lambda s, m: KILL if n() == AT else old(s, m)"
_DURING = (
    "old = delivery._mark_sent\ndelivery._mark_sent = lambda m, x: KILL if n() == AT else old(m, x)"
)
_AFTER = (
    "old = delivery._mark_sent\n"
    "delivery._mark_sent = lambda m, x: (old(m, x), KILL if n() == AT else 0)"
)
_PROGRAM = (
    "import django; django.setup()\nimport itertools, os, signal\n"
    "from portal.outbox import delivery\nfrom portal.outbox.posting import Post\n"
    "count = itertools.count(1)\nn = lambda: next(count)\n{patch}\ndelivery.send_waiting()\n"
)


@pytest.mark.parametrize(
    ("patch", "repeated"),
    [(_BEFORE, 0), (_DURING, 1), (_AFTER, 0)],
    ids=["before", "during", "after"],
)
def test_rd_06_a_worker_killed_while_it_tells_of_moves(
    mailbox,
    provider,
    process,
    settings,
    patch,
    repeated,
):
    people, _later, row = world(5, free=4)
    plan = planned(row)
    assert applied(plan)
    moved = AppointmentMove.objects.filter(plan=plan).count()
    assert moved == len(people) - plan.totals["unplaced"] == 4
    patch = patch.replace("KILL", "os.kill(os.getpid(), signal.SIGKILL)")
    worker = process(
        "-c",
        _PROGRAM.format(patch=patch.replace("AT", str(KILLED_AT))),
        DJANGO_SETTINGS_MODULE="portal.settings",
        GUICHET_MAIL_URL=f"smtp://127.0.0.1:{mailbox.port}",
        GUICHET_SMS_URL=settings.SMS_URL,
    )
    assert worker.wait(60) == -signal.SIGKILL
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(due_at=past, claimed_until=past)
    while delivery.sweep():
        pass
    told = Message.objects.filter(bulk=plan.bulk)
    assert set(told.values_list("state", flat=True)) == {"sent"}
    mails = set(told.filter(channel="email").values_list("message_id", flat=True))
    arrived = [one["Message-ID"] for one in mailbox.mails if one["Message-ID"] in mails]
    texts = list(provider.keys)
    assert set(arrived) == mails
    assert (len(mails), len(set(texts))) == (moved, moved)
    # The one repeat that mail cannot avoid carries the identical Message-ID or key.
    assert len(arrived) + len(texts) == 2 * moved + repeated
    assert seats_and_rows_agree()


def test_a_worker_killed_while_it_applies_leaves_nothing_half_done(process):
    people, later, row = world(3)
    plan = confirmed(planned(row))
    program = (
        "import django; django.setup()\nimport os, signal, uuid\n"
        "from appointments.operations import move_applying\n"
        "move_applying._finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"move_applying.carry_out(plan_id=uuid.UUID('{plan.pk}'))\n"
    )
    worker = process("-c", program, DJANGO_SETTINGS_MODULE="portal.settings")
    assert worker.wait(60) == -signal.SIGKILL
    assert not AppointmentMove.objects.exists()
    assert not Message.objects.filter(kind="appointment_moved").exists()
    assert set(Appointment.objects.values_list("version", "slot")) == {(1, people[0].slot_id)}
    assert {one.taken for one in Slot.objects.filter(pk__in=[one.pk for one in later])} == {0}
    MovePlan.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    until = time.monotonic() + 20
    while not move_applying.resume():  # once the server has noticed that the worker is gone
        assert time.monotonic() < until
        time.sleep(0.1)
    assert applied(plan)
    assert AppointmentMove.objects.count() == len(people)
    assert seats_and_rows_agree()
