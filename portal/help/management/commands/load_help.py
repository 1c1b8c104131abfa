"""Load the help pages from their files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.help.operations import load_help


class Command(BaseCommand):
    """Safe to run again at any time."""

    help = "Load the pages of the help centre from the files in the repository."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and count."""
        self.stdout.write(f"{load_help()} help pages are loaded.")
