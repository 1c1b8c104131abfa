"""Tell policy officers which cases a change of law changes, and by which rows."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.rules.cases import CaseFileError, load_cases
from portal.rules.changes import ChangedCase, changed_cases
from portal.rules.parameters import ParameterRow, Ruleset

from .check_cases import _adapters


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date such as 2025-07-01") from error


class Command(BaseCommand):
    """Judge the same cases by the law of two days and list those that come out otherwise."""

    help = "List the cases whose answer differs between the law of two days, and the rows behind."
    requires_system_checks: list[str] = []  # a question to the rules needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take both days, the file, and what narrows the question."""
        parser.add_argument("file", type=Path, help="the file of cases, JSON")
        parser.add_argument("--on", type=_day, required=True, help="the day of the law before")
        parser.add_argument("--with", type=_day, required=True, help="the day of the law after")
        parser.add_argument("--module", action="append", help="only this module (repeatable)")
        parser.add_argument(
            "--ruleset", choices=[r.value for r in Ruleset], help="instead of each case's own"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report; nothing found is an answer, not a failure."""
        try:
            cases = load_cases(options["file"])
        except CaseFileError as error:
            raise CommandError(str(error)) from error
        if options["module"]:
            cases = [case for case in cases if case.module in options["module"]]
        if options["ruleset"]:
            cases = [replace(case, ruleset=Ruleset(options["ruleset"])) for case in cases]
        found = list(changed_cases(cases, _adapters(), options["on"], options["with"]))
        if options["format"] == "json":
            document = {"changed": [changed.as_json() for changed in found], "of": len(cases)}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for changed in found:
            self._print(changed)
        self.stdout.write(
            f"{len(found)} of {len(cases)} cases differ between {options['on']} and "
            f"{options['with']}."
        )

    def _print(self, changed: ChangedCase) -> None:
        self.stdout.write(f"{changed.case.id}  {changed.case.module} ({changed.case.ruleset})")
        for value in changed.values:
            self.stdout.write(f"    {value.key}: {value.before!r} -> {value.after!r}")
        self._print_rows("no longer", changed.rows_before)
        self._print_rows("now", changed.rows_after)

    def _print_rows(self, label: str, rows: Iterable[ParameterRow]) -> None:
        for row in rows:
            data = row.as_json()
            span = f"{data['from'] or 'always'} to {data['until'] or 'open'}"
            name = f"{row.rule} {row.name} {row.applies_to}".strip()
            self.stdout.write(f"    by {label}: {name} = {row.value} ({span}; {row.citation})")
