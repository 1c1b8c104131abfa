"""Print the rule book."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.rule_book.contents import rule_book
from portal.rules.book import RuleEntry


class Command(BaseCommand):
    """Print every rule with its values, sources, boundaries and history."""

    help = "Print the rule book as text, or as JSON with --format=json."
    requires_system_checks: list[str] = []  # the law needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the format and, if wanted, one rule."""
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--rule", help="only this rule, such as PA-03")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rules asked for."""
        book = rule_book()
        entries = [e for e in book.entries if options["rule"] in (None, e.id)]
        if options["format"] == "json":
            document = {"rules": [entry.as_json() for entry in entries]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for entry in entries:
            self._print(entry)

    def _print(self, entry: RuleEntry) -> None:
        self.stdout.write(entry.id)
        for statement in entry.statements:
            self.stdout.write(f"  {statement.sentence}  [{statement.source}]")
            for boundary in statement.boundaries:
                self.stdout.write(f"    - {boundary}")
        for row in entry.rows:
            data = row.as_json()
            span = f"{data['from'] or 'always'} to {data['until'] or 'open'}"
            name = f"{row.name} {row.applies_to}".strip()
            value = f"{row.value} {row.unit}".strip()
            self.stdout.write(f"  {row.ruleset} {name} = {value}  ({span}; {row.citation})")
