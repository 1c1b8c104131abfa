"""Check the transcript of a random release, without trusting the site that made it."""

from __future__ import annotations

from appointments.management.transcripts import TranscriptCommand
from appointments.rules.release_record import verify_release


class Command(TranscriptCommand):
    """Draw all moments again from the revealed seed and name what differs (AT-07)."""

    help = "Check a transcript of a random release; exit code 1 if anything differs."
    verify = verify_release
    published = ("commitment", "plan_digest")
    when = "before the first window"
    agrees = "Everything agrees: each place opened at its drawn moment."
