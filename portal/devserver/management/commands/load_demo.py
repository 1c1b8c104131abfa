from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.devserver.demo import load_applications
from portal.devserver.demo_cases import load_cases
from portal.devserver.demo_maintenance import load_maintenance
from portal.devserver.demo_releases import load_release_plans


class Command(BaseCommand):
    """Load demo people and applications; safe to run again."""

    help = "Create the demonstration's accounts and applications (embedded servers only)."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_demo_accounts", stdout=self.stdout)
        self.stdout.write(f"{load_applications()} demo applications are new.")
        self.stdout.write(f"{load_release_plans()} demo release plans are new.")
        self.stdout.write(f"{load_maintenance()} maintenance announcements are new.")
        self.stdout.write(f"{load_cases()} demo complaints and appeals are new.")
