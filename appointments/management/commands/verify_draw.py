"""Check the transcript of a draw, without trusting the site that made it."""

from __future__ import annotations

from appointments.management.transcripts import TranscriptCommand
from appointments.rules.draw import verify_draw


class Command(TranscriptCommand):
    """Draw all lots again from the transcript alone and name what differs (RD-08)."""

    help = "Check a transcript of a draw; exit code 1 if anything differs."
    verify = verify_draw
    published = ("commitment", "closing_digest")
    when = "beforehand, at the announcement and at closing"
    agrees = "Everything agrees: everybody got what the lots say."
