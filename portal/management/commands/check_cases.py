"""Evaluate a file of rule cases: how many hold, and what differs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from portal.rules.cases import Adapter, CaseFileError, ModuleReport, check_cases, load_cases


class Command(BaseCommand):
    """Print per module how many cases hold; exit with 1 if one falls short or is missing."""

    help = "Evaluate a file of rule cases and print, per module, how many hold and what differs."
    requires_system_checks: list[str] = []  # a question to the rules needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and optionally the modules to look at."""
        parser.add_argument("file", type=Path, help="the file of cases, JSON")
        parser.add_argument("--module", action="append", help="only this module (repeatable)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report; CommandError ends the process with 1."""
        try:
            cases = load_cases(options["file"])
        except CaseFileError as error:
            raise CommandError(str(error)) from error
        wanted = set(options["module"] or (case.module for case in cases))
        unknown = wanted - {case.module for case in cases}
        if unknown:
            raise CommandError(f"The file holds no case of module {', '.join(sorted(unknown))}.")
        reports = check_cases((case for case in cases if case.module in wanted), _adapters())
        for report in reports:
            self._print(report)
        self._conclude(reports)

    def _print(self, report: ModuleReport) -> None:
        if report.missing:
            self.stdout.write(f"{report.module:<18} missing: no adapter for {report.total} cases")
            return
        self.stdout.write(f"{report.module:<18} {report.held:>3} of {report.total:>3} hold")
        for difference in report.differences:
            self.stdout.write(
                f"    {difference.case_id}  {difference.key}: "
                f"expected {difference.expected!r}, got {difference.got!r}"
            )

    def _conclude(self, reports: list[ModuleReport]) -> None:
        held = sum(report.held for report in reports)
        total = sum(report.total for report in reports)
        sentence = f"{held} of {total} cases hold."
        if not all(report.complete for report in reports):
            raise CommandError(sentence)
        self.stdout.write(sentence)


def _adapters() -> dict[str, Adapter]:
    paths: dict[str, str] = getattr(settings, "RULE_CASE_ADAPTERS", {})
    try:
        return {module: import_string(path) for module, path in paths.items()}
    except ImportError as error:
        raise CommandError(f"RULE_CASE_ADAPTERS names what cannot be imported: {error}") from error
