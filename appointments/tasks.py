"""Work that beat starts for appointments."""

from celery import shared_task
from django.utils import timezone

from portal.dates import civil_date

from .capacity import open_horizon
from .models import Centre
from .operations import advance_plans, open_due


@shared_task  # type: ignore[untyped-decorator]
def open_slots() -> None:
    """Open the slots of every active centre up to its horizon; safe to run again."""
    today = civil_date(timezone.now())
    for centre in Centre.objects.filter(is_active=True):
        open_horizon(centre=centre, today=today)


@shared_task  # type: ignore[untyped-decorator]
def open_due_seats() -> None:
    """Open the seats whose random moment has come (AT-07); safe to run again."""
    open_due()


@shared_task  # type: ignore[untyped-decorator]
def advance_release_plans() -> None:
    """Begin, close and reveal release plans by the clock of the database; safe to run again."""
    advance_plans()
