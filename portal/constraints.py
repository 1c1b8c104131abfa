"""What the database refuses, told as the domain's own refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from portal.refusals import Refused


@contextmanager
def explained(
    refusals: Mapping[str, Callable[[], Refused]],
    *,
    using: str | None = None,
    savepoint: bool = True,
) -> Iterator[None]:
    """Raise the refusal that belongs to a violated constraint instead of IntegrityError.

    `refusals` maps names of constraints to Refused subclasses (or to functions that make an
    instance). The block is a savepoint, so the caller's transaction stays usable afterwards;
    without `savepoint`, which saves two round trips, a refusal ends the whole transaction.
    Violations of other constraints pass through unchanged.
    """
    with translated(refusals), transaction.atomic(using=using, savepoint=savepoint):
        yield


@contextmanager
def translated(refusals: Mapping[str, Callable[[], Refused]]) -> Iterator[None]:
    """Do as `explained` for a single statement that is its own transaction."""
    try:
        yield
    except IntegrityError as error:
        refusal = refusals.get(violated(error))
        if refusal is None:
            raise
        raise refusal() from error


def violated(error: IntegrityError) -> str:
    """Return the name of the constraint that `error` is about, or ""."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
