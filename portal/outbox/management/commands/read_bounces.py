"""Read the mail that came back, and mark the messages that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.outbox.bounces import receive
from portal.outbox.mail_reading import unseen_mails


class Command(BaseCommand):
    """To be started every few minutes where mail comes in, by cron or a timer."""

    help = "Mark messages as come back, from the delivery status notifications in a mailbox."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the mail lies."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--maildir", type=Path, help="a folder with new/ and cur/")
        source.add_argument(
            "--imap", action="store_true", help="the mailbox of GUICHET_BOUNCES_IMAP_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read what nobody has read yet; each mail is marked as read only after that."""
        mails = unseen_mails() if options["imap"] else _new_in(options["maildir"])
        read = marked = 0
        for raw in mails:
            read, marked = read + 1, marked + receive(raw)
        self.stdout.write(f"{read} read, {marked} messages marked as come back")


def _new_in(folder: Path) -> Iterator[bytes]:
    """Yield the new mails of a folder, and move each to cur/ once the next is asked for."""
    if not (folder / "new").is_dir():
        raise CommandError(f"{folder} is no maildir: it has no new/")
    (folder / "cur").mkdir(exist_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)
    for file in sorted((folder / "new").iterdir()):
        if not file.is_file():
            continue
        yield file.read_bytes()
        file.rename(folder / "cur" / f"{file.name}:2,S")
