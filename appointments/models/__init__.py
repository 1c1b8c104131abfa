"""Centres, their opening hours and slots, and the appointments in them."""

from .appointment import Appointment, Board
from .centre import Centre, Closure, OpeningHours
from .draw import Draw, DrawRequest, DrawTraveller, MissedDraw
from .release import FreedSeat, ReleaseBatch, ReleasePlan, ReleaseWindow
from .slot import Slot
from .switches import CentreSwitch, is_on
from .tip_off import TipOff
from .walk_in import WalkIn

__all__ = [
    "Appointment",
    "Board",
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
    "TipOff",
    "WalkIn",
    "is_on",
]
