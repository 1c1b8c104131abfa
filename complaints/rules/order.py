"""In which order appeals and complaints are handled: RC-02."""

from __future__ import annotations

from datetime import datetime


def order_of_arrival(received_at: datetime, number: int) -> tuple[datetime, int]:
    """Return the key by which cases are sorted: by arrival, then by number in the register.

    Nothing else moves a case forward.  Raises ValueError for a moment without a zone: two of them
    cannot be compared.

    Rule: RC-02
    Source: 001 (in order of arrival)
    Boundaries: 09:00 before 09:01; the same moment: the lower number first; 09:30 in Algiers and
    10:15 in Berlin in July: Berlin's first.
    """
    if received_at.tzinfo is None:
        raise ValueError("an arrival needs an aware datetime")
    return (received_at, number)
