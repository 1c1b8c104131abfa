"""Centres, their opening hours and slots, and the appointments in them."""

from .appointment import Appointment
from .centre import Centre, Closure, OpeningHours
from .release import FreedSeat, ReleaseBatch, ReleasePlan, ReleaseWindow
from .slot import Slot
from .switches import CentreSwitch, is_on

__all__ = [
    "Appointment",
    "Centre",
    "CentreSwitch",
    "Closure",
    "FreedSeat",
    "OpeningHours",
    "ReleaseBatch",
    "ReleasePlan",
    "ReleaseWindow",
    "Slot",
    "is_on",
]
