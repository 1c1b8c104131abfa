"""Rows that travel as JSON into a statement are those that the ORM would have written."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from appointments.models import BookingTrace
from portal import rows
from portal.audit import operations as audit
from portal.audit.models import Entry
from portal.outbox import operations as outbox
from portal.outbox.models import Message
from tests.factories import ApplicationFactory, MissionFactory, SlotFactory, UserFactory, booked
from tests.portal.outbox.sample.notifications import move, note

pytestmark = pytest.mark.django_db


def written_as_json(row):
    """Write a row as a statement does that is given it as JSON, and read it back."""
    model = type(row)
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names})"
            f" SELECT {names} FROM jsonb_populate_record(NULL::{model._meta.db_table}, %s)"
            " RETURNING id",
            [json.dumps(rows.as_json(row))],
        )
        return model.objects.get(pk=cursor.fetchone()[0])


def told(row):
    return {
        field.attname: bytes(value) if isinstance(value, memoryview) else value
        for field in row._meta.concrete_fields
        for value in [getattr(row, field.attname)]
        if field.attname not in {"id", "xid", "salt"}
    }


def test_a_message_with_what_rests_encrypted():
    moment = datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    for notification in (
        note(language="ar", context={"name": "أمينة", "list": [1, None, "ü"]}),
        move(mission_id=MissionFactory().pk, useful_until=moment, recipient=""),
    ):
        row = outbox.messages_of(notification)[0]
        assert told(written_as_json(row)) == told(row)
    assert Message.objects.get(kind="move").useful_until == moment


def test_a_line_of_the_trail_with_its_details():
    actor, mission = UserFactory(), MissionFactory()
    row = audit.unsaved(
        actor=actor, action="test", subject=mission, reason="it's \\x41", details={"n": [1, "ä"]}
    )
    assert told(written_as_json(row)) == told(row)
    assert Entry.objects.get(action="test").details == {"n": [1, "ä"]}


def test_a_trace_with_what_is_not_known():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory())
    BookingTrace.objects.all().delete()
    row = BookingTrace(
        appointment=appointment, at=datetime.now(UTC), seconds=None, network_key=b"\x00\xff\\x"
    )
    assert told(written_as_json(row)) == told(row)
