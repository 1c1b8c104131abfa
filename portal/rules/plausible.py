"""Dates that a calendar can carry: every rule adds months or looks back, and must not fall off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from portal.dates import DateRange

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Not a rule of law: room on both sides for the longest span that any rule adds or looks back.
EARLIEST = date(1000, 1, 1)
LATEST = date(9899, 12, 31)


def implausible_dates(facts: DataclassInstance) -> list[str]:
    """Return the names of the fields of `facts` whose dates lie outside the years 1000 to 9899."""
    return [
        field.name
        for field in fields(facts)
        if not all(EARLIEST <= day <= LATEST for day in _dates_in(getattr(facts, field.name)))
    ]


def _dates_in(value: Any) -> Iterator[date]:
    if isinstance(value, DateRange):
        yield from (day for day in (value.first, value.last) if day is not None)
    elif isinstance(value, datetime):
        yield value.date()
    elif isinstance(value, date):
        yield value
    elif isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        for item in value:
            yield from _dates_in(item)
