"""Calendar files: one UID for life, SEQUENCE counts versions, times in UTC (RFC 5545, 5546)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

REQUEST = "REQUEST"
CANCEL = "CANCEL"


def calendar_file(
    event: Mapping[str, Any], *, method: str, summary: str, description: str
) -> bytes:
    """Return an iCalendar file for one appointment.

    `event` holds plain values: ``uid``, ``version`` (from 1), ``starts_at`` and ``ends_at``
    and ``stamp`` (ISO 8601 with zone), ``location``, ``organizer`` and ``attendee`` (e-mail
    addresses) and ``url``.  The same values give the same bytes, so that a repeated message
    is the same message.
    """
    entry = Event()
    entry.add("uid", event["uid"])
    entry.add("sequence", event["version"] - 1)
    entry.add("dtstamp", datetime.fromisoformat(event["stamp"]))
    entry.add("dtstart", datetime.fromisoformat(event["starts_at"]))
    entry.add("dtend", datetime.fromisoformat(event["ends_at"]))
    entry.add("summary", summary)
    entry.add("description", description)
    entry.add("location", event["location"])
    entry.add("url", event["url"])
    entry.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    entry.add("organizer", _person(event["organizer"]))
    attendee = _person(event["attendee"])
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    entry.add("attendee", attendee, encode=False)

    calendar = Calendar()
    calendar.add("prodid", "-//Guichet//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _person(address: str) -> vCalAddress:
    return vCalAddress(f"mailto:{address}")
