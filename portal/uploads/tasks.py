"""What the workers do with files."""

from __future__ import annotations

from celery import shared_task

from . import settling, sweeping


@shared_task  # type: ignore[untyped-decorator]
def settle(key: str) -> None:
    """Scan and clean one file soon after it came in."""
    settling.settle(key)


@shared_task  # type: ignore[untyped-decorator]
def settle_waiting() -> None:
    """Do the same for files that were lost on the way to a worker, or left by a dead one."""
    settling.settle_waiting()


@shared_task  # type: ignore[untyped-decorator]
def scan_waiting() -> None:
    """Scan what came in while the scanner was away, or before there was one."""
    settling.scan_waiting()


@shared_task  # type: ignore[untyped-decorator]
def remove_orphans() -> None:
    """Delete stored content that no row knows."""
    sweeping.remove_orphans()
