"""Create the demonstration's people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts import demo


class Command(BaseCommand):
    """Create the demonstration's people on the embedded servers; safe to run again."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --force."""
        parser.add_argument(
            "--force", action="store_true", help="also on a real database; the secrets are public"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load them, unless this is a real server."""
        if not (settings.EMBEDDED or options["force"]):
            raise CommandError("Demo accounts have public passwords: embedded servers only.")
        demo.load()
        for line in demo.sign_ins():
            self.stdout.write(line)
