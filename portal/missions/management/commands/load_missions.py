from typing import Any

from django.core.management.base import BaseCommand

from portal.missions.operations import load_missions


class Command(BaseCommand):
    """Load the missions that come with the repository."""

    help = "Create or update missions, providers and languages from portal/missions/data."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_missions()} missions are loaded.")
