"""Rows made for COPY are those that the model would have written, whatever came before."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from portal.outbox import operations as outbox
from portal.outbox.mass_rows import COLUMNS, MassRows
from portal.outbox.models import Message
from tests.factories import MissionFactory

from .sample.notifications import Code, move, note

pytestmark = pytest.mark.django_db

MOMENTS = {"created_at", "due_at"}  # when the first one of its kind was made
DIFFERENT = {
    "recipient": "karim@example.org",
    "phone": "+213661765432",
    "language": "ar",
    "subject_ref": "appointment:77",
    "version": 9,
    "context": {"name": "كريم", "empty": None},
    "useful_until": timezone.make_aware(datetime(2027, 1, 2, 3, 4)),
    "bulk": UUID(int=7),
}


@pytest.fixture(autouse=True)
def _with_texts(settings):
    settings.SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"


def copied(rows):
    into = f"COPY outbox_message ({COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)
    return told(Message.objects.order_by("pk"))


def told(messages):
    return [
        {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in vars(one).items()
            if name not in {"id", "_state", *MOMENTS}
        }
        for one in messages
    ]


def test_every_column_is_as_the_model_writes_it():
    mission = MissionFactory()
    news = [
        move(1),
        move(2, **DIFFERENT, mission_id=mission.pk),
        move(3, phone=""),
        move(4, phone="+21321456789"),  # a fixed line: it is called, and gets no text
        move(5, recipient="", context={}),
        note(**DIFFERENT),
        note(),
    ]
    rows = MassRows()
    as_model = [message for one in news for message in outbox.messages_of(one)]
    assert [message.channel for message in as_model].count("sms") == 3
    assert copied(rows.of(news)) == told(as_model)


@pytest.mark.parametrize("first", [move(1, phone=""), move(1)])
def test_who_comes_first_does_not_matter(first):
    rows = MassRows()
    rows.of([first])
    assert copied(rows.of([move(2)])) == told(outbox.messages_of(move(2)))


def test_nothing_personal_lies_open():
    rows = MassRows()
    lies_open = str(rows.of([move(1), move(2, **DIFFERENT)]))
    for word in ("person1", "karim", "+213551234567", "661765432", "Amina", "كريم"):
        assert word not in lies_open


def test_another_kind_is_not_taken_for_the_first():
    rows, urgent = MassRows(), Code(**vars(note()))
    rows.of([note()])
    assert copied(rows.of([urgent])) == told(outbox.messages_of(urgent))
