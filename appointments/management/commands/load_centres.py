from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from appointments.capacity import load_centres, open_horizon
from appointments.models import Centre
from portal.dates import civil_date


class Command(BaseCommand):
    """Load the centres that come with the repository, and open their slots."""

    help = "Create or update centres from appointments/data and open slots up to their horizon."

    def handle(self, *args: Any, **options: Any) -> None:
        centres = load_centres()
        today = civil_date(timezone.now())
        slots = sum(open_horizon(centre=centre, today=today) for centre in Centre.objects.all())
        self.stdout.write(f"{centres} centres are loaded, {slots} new slots are open.")
