"""What the workers do with messages."""

from __future__ import annotations

from celery import shared_task

from . import delivery


@shared_task  # type: ignore[untyped-decorator]
def deliver(message: int) -> None:
    """Send one message soon after it was written."""
    delivery.deliver(message)


@shared_task  # type: ignore[untyped-decorator]
def send_waiting(chain: int) -> None:
    """Send a share of very many, then stand in line again while there is more."""
    if delivery.send_waiting():
        send_waiting.delay(chain)


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Send what was lost on the way to a worker, put off, or left by a dead sender."""
    delivery.sweep()
