"""Centres, their opening hours and slots, and the appointments in them."""

from .appointment import Appointment
from .centre import Centre, Closure, OpeningHours
from .draw import Draw, DrawRequest, DrawTraveller, MissedDraw
from .release import FreedSeat, ReleaseBatch, ReleasePlan, ReleaseWindow
from .slot import Slot
from .switches import CentreSwitch, is_on

__all__ = [
    "Appointment",
    "Centre",
    "CentreSwitch",
    "Closure",
    "Draw",
    "DrawRequest",
    "DrawTraveller",
    "FreedSeat",
    "MissedDraw",
    "OpeningHours",
    "ReleaseBatch",
    "ReleasePlan",
    "ReleaseWindow",
    "Slot",
    "is_on",
]
