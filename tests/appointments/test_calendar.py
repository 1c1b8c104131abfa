"""Calendar files as other programs read them."""

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from appointments import operations
from appointments.notifications import AppointmentCancelled, BookingConfirmed, calendar_for
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment():
    owner = UserFactory(language="ar")
    return booked(
        ApplicationFactory(submitted=True, owner=owner, family_name="بن; علي, \\x"), SlotFactory()
    )


def opened(content):
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_file_tells_the_appointment_in_utc(appointment, language):
    calendar, event = opened(calendar_for(appointment, language))
    slot = appointment.slot
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "REQUEST")
    assert (event["UID"], event["SEQUENCE"]) == (f"{appointment.pk}@guichet", 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (slot.starts_at, slot.ends_at)
    assert event["DTSTART"].dt.tzinfo is UTC or event["DTSTART"].dt.utcoffset() == timedelta(0)
    assert event["STATUS"] == "CONFIRMED"
    assert event["ATTENDEE"] == f"mailto:{appointment.application.owner.email}"
    assert str(appointment.pk) in event["URL"]
    assert appointment.reference in event["DESCRIPTION"]


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says(appointment):
    content = calendar_for(appointment, "ar")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_the_same_appointment_gives_the_same_file(appointment):
    assert calendar_for(appointment, "fr") == calendar_for(appointment, "fr")


def test_a_cancellation_keeps_the_uid_and_counts_up(appointment):
    _calendar, before = opened(calendar_for(appointment, "fr"))
    cancelled = operations.cancel(
        appointment_id=appointment.pk, owner=appointment.application.owner
    )
    calendar, after = opened(calendar_for(cancelled, "fr"))
    assert (calendar["METHOD"], after["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt


@pytest.mark.parametrize(
    ("notification", "method"), [(BookingConfirmed, "REQUEST"), (AppointmentCancelled, "CANCEL")]
)
def test_the_mail_carries_the_file_with_its_method(appointment, notification, method):
    if method == "CANCEL":
        operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    mail = compose(Message.objects.get(kind=notification.kind)).message()
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_param("charset")) == (method, "utf-8")
    calendar, event = opened(part.get_payload(decode=True))
    assert calendar["METHOD"] == method
    assert event["UID"] == f"{appointment.pk}@guichet"


def test_the_mail_names_time_place_and_traveller_as_typed(appointment):
    body = compose(Message.objects.get(kind="appointment_confirmed")).body
    for fact in (appointment.reference, "بن; علي, \\x", appointment.slot.centre.name):
        assert fact in body


def test_a_mail_written_before_a_change_still_tells_its_own_version(appointment):
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    mail = compose(Message.objects.get(kind="appointment_confirmed")).message()
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar, event = opened(part.get_payload(decode=True))
    assert (calendar["METHOD"], event["SEQUENCE"]) == ("REQUEST", 0)
