"""How soon an appointment should be: a target that staff watch, never a promise (RD-10)."""

from __future__ import annotations

from datetime import date, timedelta

from portal.rules.parameters import Law


def target(law: Law) -> timedelta:
    """Return the time from asking to the appointment that is kept as a rule."""
    row = law.stated("RD-10", "within")
    assert row is not None  # the table has it for every day
    return timedelta(days=row.value)


def is_within_target(asked: date, offered: date, law: Law) -> bool:
    """Tell whether an appointment on `offered` is soon enough for who asked on `asked`.

    Both are civil days in Algiers.  Urgent cases are shown first whatever the days (art. 9(3)).

    Rule: RD-10
    Source: Visa Code art. 9(2)-(3)
    Boundaries: 14 days after asking: within; 15: late.
    """
    return offered - asked <= target(law)
