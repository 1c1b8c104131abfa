"""What beat and the workers do for data rights."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.dates import civil_date

from . import exporting, purges

SECONDS = 150  # below the time limit of tasks, so that a long run ends with its report


@shared_task  # type: ignore[untyped-decorator]
def build(key: str) -> None:
    """Build one export soon after it was asked for."""
    exporting.build(key)


@shared_task  # type: ignore[untyped-decorator]
def build_waiting() -> None:
    """Build what was lost on the way, or left by a dead worker."""
    exporting.build_waiting()


@shared_task  # type: ignore[untyped-decorator]
def purge() -> None:
    """End what is due today; what the cap stops waits for a person (DP-04)."""
    purges.run(today=civil_date(timezone.now()), seconds=SECONDS)
    exporting.remove_orphans()
