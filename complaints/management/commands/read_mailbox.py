"""Read the mailbox of a mission: what has a file waits for an officer, a text alone is answered."""

from __future__ import annotations

import imaplib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints import mailboxes
from complaints.operations.mails import take_mail
from portal.missions.models import Mission


class Command(BaseCommand):
    """To be started every few minutes, by cron or a timer; two at a time do no harm."""

    help = "Keep the new mails of a mission's mailbox, each once, with the day of its arrival."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose mailbox it is, and where the mail lies."""
        parser.add_argument("--mission", required=True, help="code, such as de-algiers")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--maildir", type=Path, help="a folder with new/ and cur/")
        source.add_argument(
            "--imap",
            help="imaps://user@host/INBOX; its password is GUICHET_MAILBOX_PASSWORD",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read what nobody has read yet; each mail is marked as read only after it is kept."""
        mission = Mission.objects.filter(code=options["mission"]).first()
        if mission is None:
            raise CommandError("There is no such mission.")
        outcomes: Counter[str] = Counter()
        try:
            for mail in _mails(options):
                row = take_mail(
                    mission=mission,
                    raw=mail.raw,
                    received_at=mail.received_at,
                    is_cut=mail.is_cut,
                )
                outcomes[str(row.outcome)] += 1
        except (ValueError, OSError, imaplib.IMAP4.error) as error:
            raise CommandError(str(error)) from error
        told = ", ".join(f"{name}: {count}" for name, count in sorted(outcomes.items()))
        self.stdout.write(f"{outcomes.total()} read" + (f" ({told})" if told else ""))


def _mails(options: dict[str, Any]) -> Iterator[mailboxes.Delivered]:
    if options["maildir"]:
        return mailboxes.maildir(options["maildir"])
    return mailboxes.imap(options["imap"], settings.MAILBOX_PASSWORD)
