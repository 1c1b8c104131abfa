"""A notification for the tests of the outbox, with its templates beside it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.outbox.channels import Channel, Urgency
from portal.outbox.notifications import Attachment, Notification


@dataclass(frozen=True, kw_only=True)
class Note(Notification):
    kind = "note"

    @classmethod
    def attachments(cls, context, language):
        content = context.get("calendar")
        if not content:
            return []
        return [Attachment("date.ics", content, "text/calendar; method=REQUEST")]


def note(**fields):
    defaults = {
        "recipient": "amina@example.org",
        "language": "en",
        "subject_ref": "test:1",
        "context": {"name": "Amina O'Neil"},
    }
    return Note(**(defaults | fields))


@dataclass(frozen=True, kw_only=True)
class Move(Notification):
    kind = "move"
    channels = (Channel.EMAIL, Channel.SMS)
    urgency = Urgency.MASS


@dataclass(frozen=True, kw_only=True)
class Code(Note):
    """A note that somebody waits for, with the templates of a sign-in code."""

    kind = "sample_code"
    urgency = Urgency.AT_ONCE


def move(number=1, **fields):
    defaults = {
        "recipient": f"person{number}@example.org",
        "phone": "+213551234567",
        "language": "en",
        "subject_ref": f"appointment:{number}",
        "context": {"name": "Amina"},
    }
    return Move(**(defaults | fields))
