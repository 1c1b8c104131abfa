"""What beat does for the trail."""

from __future__ import annotations

from celery import shared_task

from . import sealing

SECONDS = 100  # below the time limit of tasks; the next run goes on


@shared_task  # type: ignore[untyped-decorator]
def seal_trail() -> None:
    """Append what was written since the last run to the chain."""
    sealing.seal_all(seconds=SECONDS)
