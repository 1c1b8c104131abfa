"""Check the transcript of a draw, without trusting the site that made it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.rules.draw import verify_draw


class Command(BaseCommand):
    """Draw all lots again from the transcript alone and name what differs (RD-08)."""

    help = "Check a transcript of a draw; exit code 1 if anything differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("transcript", type=Path, help="the downloaded JSON file")
        parser.add_argument(
            "--published",
            nargs=2,
            metavar=("COMMITMENT", "FINGERPRINT"),
            help="what was written down beforehand: at the announcement and at closing; without "
            "it a transcript is only shown to be consistent in itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            transcript = json.loads(options["transcript"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise CommandError(f"This is no transcript: {problem}") from problem
        published = options["published"] and dict(
            zip(("commitment", "closing_digest"), options["published"], strict=True)
        )
        faults = verify_draw(transcript, published)
        for fault in faults:
            self.stdout.write(
                f"{fault.code}: {fault.path or 'transcript'}"
                f" (expected {fault.expected!r}, found {fault.found!r})"
            )
        if faults:
            raise CommandError(f"{len(faults)} points differ: do not trust this transcript.")
        self.stdout.write(_AGREES if published else f"{_AGREES} {_ONLY_ITSELF}")


_AGREES = "Everything agrees: everybody got what the lots say."
_ONLY_ITSELF = "The transcript was not compared with what was published beforehand: --published."
