"""The clock that all workers share: that of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection

_REHEARSED: ContextVar[datetime | None] = ContextVar("rehearsed moment", default=None)


def database_now() -> datetime:
    """Return the present moment on the clock of PostgreSQL, aware."""
    rehearsed = _REHEARSED.get()
    if rehearsed is not None:
        return rehearsed
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@contextmanager
def rehearsed(moment: datetime) -> Iterator[None]:
    """Take `moment` for the present, for demonstrations and tests that live through weeks."""
    token = _REHEARSED.set(moment)
    try:
        yield
    finally:
        _REHEARSED.reset(token)
