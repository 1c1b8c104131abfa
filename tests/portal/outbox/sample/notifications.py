"""A notification for the tests of the outbox, with its templates beside it."""

from __future__ import annotations

from dataclasses import dataclass

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
