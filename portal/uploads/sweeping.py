"""Find stored content without a row: left by a crash between storing and committing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from . import stores
from .models import StoredFile

log = logging.getLogger(__name__)

GRACE = timedelta(hours=24)  # far above the longest transaction that may still bring the row
BATCH = 500


def remove_orphans() -> int:
    """Delete content older than GRACE that no row names; return how many were deleted."""
    names, removed = stores.stored_names(), 0
    while batch := list(islice(names, BATCH)):
        for name in _unknown(batch):
            if timezone.now() - stores.stored_at(name) > GRACE:
                stores.remove(name)
                removed += 1
    if removed:
        log.warning("removed %s stored files that no row names", removed)
    return removed


def _unknown(names: list[str]) -> Iterator[str]:
    rows = StoredFile.objects.filter(Q(original_name__in=names) | Q(cleaned_name__in=names))
    known = {name for pair in rows.values_list("original_name", "cleaned_name") for name in pair}
    return (name for name in names if name not in known)
