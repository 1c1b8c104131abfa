"""Print the second factor of the demonstration's staff."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts import demo


class Command(BaseCommand):
    """Print the code that the app of a demonstration's member of staff shows now."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take an address; all share one secret, so it may be left out."""
        parser.add_argument("email", nargs="?", help="such as agent@guichet.example")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code, and how long it lasts."""
        left = demo.PERIOD - int(time.time()) % demo.PERIOD
        self.stdout.write(demo.current_code())
        self.stderr.write(f"good for {left} seconds, and for one sign-in")
