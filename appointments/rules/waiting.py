"""How long people wait at a counter, and how late they are; all in whole minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Return the whole minutes from one moment to another, none if it is the other way round."""
    return max(0, int((later - earlier).total_seconds() // 60))


def waited(
    arrived_at: datetime, called_at: datetime | None, closed_at: datetime | None, now: datetime
) -> int:
    """Return how long somebody waited, or has waited until `now`, to be called."""
    return minutes_between(arrived_at, called_at or closed_at or now)


def late(planned_at: datetime, arrived_at: datetime | None, now: datetime) -> int:
    """Return by how much somebody came later than planned, or is late by `now`."""
    return minutes_between(planned_at, arrived_at or now)


def mean_wait(waits: Iterable[int]) -> int | None:
    """Return the mean, rounded to a whole minute; None if nobody was called yet."""
    known = list(waits)
    return round(sum(known) / len(known)) if known else None
