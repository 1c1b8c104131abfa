"""End what is due, or show what would go: `manage.py purge --dry-run`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.data_rights.purges import BATCH, Cap, Report, purges, run
from portal.dates import civil_date


class Command(BaseCommand):
    """Print one line per kind; exit with 1 if the cap stopped one."""

    help = "Ends rows whose time is over (DP-04). Run it with --dry-run first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what limits a run."""
        parser.add_argument("kinds", nargs="*", metavar="kind", help="only these kinds")
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument("--cap", help="rows of a kind that may go: 5000, or 25%%")
        parser.add_argument("--batch", type=int, default=BATCH, help="rows per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        unknown = set(options["kinds"]) - {purge.name for purge in purges()}
        if unknown or options["batch"] < 1:
            raise CommandError(f"unknown kind: {', '.join(sorted(unknown)) or options['batch']}")
        today: date = civil_date(timezone.now())
        report = run(
            today=today,
            dry_run=options["dry_run"],
            cap=_cap(options["cap"]),
            only=options["kinds"],
            batch=options["batch"],
        )
        self._print(report)
        if report.refused:
            names = ", ".join(line.purge.name for line in report.refused)
            raise CommandError(f"refused, too many rows would go: {names} (see --cap)")

    def _print(self, report: Report) -> None:
        head = ("kind", "rows", "due", "removed", "")
        rows = [head] + [
            (
                line.purge.name,
                str(line.total),
                str(line.due),
                "-" if report.dry_run else str(line.removed),
                "REFUSED: over the cap" if line.is_refused else "",
            )
            for line in report.lines
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _cap(text: str | None) -> Cap | None:
    if text is None:
        return None
    try:
        return Cap.read(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
