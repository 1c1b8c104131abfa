"""Say what to do when a command finds no embedded database, in place of a stack trace."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ADVICE = "The embedded servers do not answer: start them with make run, or set DATABASE_URL."


@contextmanager
def explained() -> Iterator[None]:
    """End with a sentence where no connection could be made; let every other error pass."""
    from django.db import OperationalError

    try:
        yield
    except OperationalError as trouble:
        if "DATABASE_URL" in os.environ or not _found_no_server(trouble):
            raise
        sys.exit(ADVICE)


def _found_no_server(trouble: Exception) -> bool:
    """A server that answers gives each of its errors a code."""
    return getattr(trouble.__cause__, "sqlstate", None) is None
