"""Work that beat starts for applications."""

from celery import shared_task
from django.utils import timezone

from portal.dates import civil_date

from . import purges
from .operations.paper_days import tell_of_waiting_days


@shared_task  # type: ignore[untyped-decorator]
def warn_of_idle_drafts() -> None:
    """Tell the holders of drafts that will go soon; safe to run again."""
    purges.warn_of_idle_drafts(today=civil_date(timezone.now()))


@shared_task  # type: ignore[untyped-decorator]
def tell_of_papers_not_fresh() -> None:
    """Tell whose papers do not serve on the day that was booked or moved; safe to run again."""
    tell_of_waiting_days()
