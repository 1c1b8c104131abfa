"""Until when somebody who was moved may choose another time (RD-07)."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.dates import civil_date
from portal.rules.parameters import Ruleset

from ..law import LAW


def choice_until(new: datetime, moved_at: datetime, ruleset: Ruleset = Ruleset.SEED) -> datetime:
    """Return the moment at which the choice ends; it is not open at that moment any more.

    Rule: RD-07
    Source: 000 (a new time suited to the person); the hours are practice of the house
    Boundaries: 24 hours before the new time; a new time nearer than that: until it begins.
    """
    hours = LAW.on(civil_date(moved_at), ruleset).value("RD-07", "choice_closes")
    ends = new - timedelta(hours=hours)
    return ends if ends > moved_at else new
