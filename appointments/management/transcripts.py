"""What the commands share that check a published transcript from a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from appointments.rules.transcripts import Fault

Verify = Callable[[Mapping[str, Any], Mapping[str, str] | None], Sequence[Fault]]


class TranscriptCommand(BaseCommand):
    """Recomputes a transcript and names what differs; the site's own word counts for nothing.

    `published` names the two values that were written down beforehand, and `when` says when.
    """

    requires_system_checks: list[str] = []
    verify: ClassVar[Verify]
    published: ClassVar[tuple[str, str]]
    when: ClassVar[str]
    agrees: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what was published before."""
        parser.add_argument("transcript", type=Path, help="the downloaded JSON file")
        parser.add_argument(
            "--published",
            nargs=2,
            metavar=("COMMITMENT", "FINGERPRINT"),
            help=f"what was written down {self.when}; without it a transcript is only shown to "
            "be consistent in itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each fault; exit code 1 if there is any."""
        told = options["published"] and dict(zip(self.published, options["published"], strict=True))
        faults = type(self).verify(_read(options["transcript"]), told)
        for fault in faults:
            self.stdout.write(
                f"{fault.code}: {fault.path or 'transcript'}"
                f" (expected {fault.expected!r}, found {fault.found!r})"
            )
        if faults:
            raise CommandError(f"{len(faults)} points differ: do not trust this transcript.")
        self.stdout.write(self.agrees if told else f"{self.agrees} {_ONLY_ITSELF}")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise CommandError(f"This is no transcript: {problem}") from problem


_ONLY_ITSELF = "The transcript was not compared with what was published beforehand: --published."
