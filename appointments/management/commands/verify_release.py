"""Check the transcript of a random release, without trusting the site that made it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.rules.release_record import verify_release


class Command(BaseCommand):
    """Draw all moments again from the revealed seed and name what differs (AT-07)."""

    help = "Check a transcript of a random release; exit code 1 if anything differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("transcript", type=Path, help="the downloaded JSON file")
        parser.add_argument(
            "--published",
            nargs=2,
            metavar=("COMMITMENT", "FINGERPRINT"),
            help="what was written down before the first window; without it a transcript is "
            "only shown to be consistent in itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            transcript = json.loads(options["transcript"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise CommandError(f"This is no transcript: {problem}") from problem
        published = options["published"] and dict(
            zip(("commitment", "plan_digest"), options["published"], strict=True)
        )
        faults = verify_release(transcript, published)
        for fault in faults:
            self.stdout.write(
                f"{fault.code}: {fault.path or 'transcript'}"
                f" (expected {fault.expected!r}, found {fault.found!r})"
            )
        if faults:
            raise CommandError(f"{len(faults)} points differ: do not trust this transcript.")
        self.stdout.write(_AGREES if published else f"{_AGREES} {_ONLY_ITSELF}")


_AGREES = "Everything agrees: each place opened at its drawn moment."
_ONLY_ITSELF = "The transcript was not compared with what was published beforehand: --published."
