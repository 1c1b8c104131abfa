"""Centres, their opening hours and slots, and the appointments in them."""

from .appointment import Appointment, Board
from .centre import Centre, Closure, OpeningHours
from .draw import Draw, DrawRequest, DrawTraveller, MissedDraw
from .fee import FeeHold, Payment, PaymentNotice
from .maintenance import Maintenance, MaintenanceWindow
from .move import AppointmentMove, MovePlan, ReturnOffer
from .release import FreedSeat, ReleaseBatch, ReleasePlan, ReleaseWindow
from .signal import BookingTrace, Objection, Precaution, Signal
from .slot import Slot
from .switches import CentreSwitch, is_on
from .tip_off import TipOff
from .walk_in import WalkIn

__all__ = [
    "Appointment",
    "AppointmentMove",
    "Board",
    "BookingTrace",
    "Centre",
    "CentreSwitch",
    "Closure",
    "Draw",
    "DrawRequest",
    "DrawTraveller",
    "FeeHold",
    "FreedSeat",
    "Maintenance",
    "MaintenanceWindow",
    "MissedDraw",
    "MovePlan",
    "Objection",
    "OpeningHours",
    "Payment",
    "PaymentNotice",
    "Precaution",
    "ReleaseBatch",
    "ReleasePlan",
    "ReleaseWindow",
    "ReturnOffer",
    "Signal",
    "Slot",
    "TipOff",
    "WalkIn",
    "is_on",
]
