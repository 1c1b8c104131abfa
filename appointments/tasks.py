"""Work that beat starts for appointments."""

from celery import shared_task
from django.utils import timezone

from portal.dates import civil_date

from .capacity import open_horizon
from .models import Centre


@shared_task  # type: ignore[untyped-decorator]
def open_slots() -> None:
    """Open the slots of every active centre up to its horizon; safe to run again."""
    today = civil_date(timezone.now())
    for centre in Centre.objects.filter(is_active=True):
        open_horizon(centre=centre, today=today)
