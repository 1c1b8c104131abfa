"""What beat starts for accounts."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.accounts import operations


@shared_task
def forget_unused_accounts() -> int:
    """Forget addresses that asked for a code and never came in; safe to run again."""
    return operations.forget_unused(now=timezone.now())
