"""Until when an old time that is free again waits for who was moved away from it (RD-07)."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.dates import civil_date
from portal.rules.parameters import Ruleset

from ..law import LAW


def offer_until(
    old: datetime, offered_at: datetime, ruleset: Ruleset = Ruleset.SEED
) -> datetime | None:
    """Return the moment at which the offer ends, or None if there is no time left to offer it.

    Rule: RD-07
    Source: 000 (a new time suited to the person); the hours are practice of the house
    Boundaries: 48 hours after offering, and never later than 24 hours before the old time; an
    old time exactly 24 hours ahead is not offered any more.
    """
    law = LAW.on(civil_date(offered_at), ruleset)
    lasts = timedelta(hours=law.value("RD-07", "offer_lasts"))
    closes = timedelta(hours=law.value("RD-07", "offer_closes"))
    until = min(offered_at + lasts, old - closes)
    return until if until > offered_at else None
