"""`manage.py prepare`: bring database, catalogues, static files and demo data up to date."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.devserver.static_files import collect_if_stale

LOADERS = ("load_missions", "load_centres", "load_help")


class Command(BaseCommand):
    """Everything here may be run again at any time."""

    help = "Migrate, compile the catalogues, collect static files, load missions and demo data."
    requires_system_checks = []  # `make check` has its own time

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step in the order in which they need one another."""
        call_command("catalogues", "compile")
        call_command("migrate", interactive=False, verbosity=0)
        collect_if_stale()
        # The demonstration's passwords are public: they have no place in a real database.
        for loader in (*LOADERS, *(["load_demo"] if settings.EMBEDDED else [])):
            call_command(loader, stdout=StringIO())
