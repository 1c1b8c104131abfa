"""Centres, their opening hours and slots, and the appointments in them."""

from .appointment import Appointment
from .centre import Centre, Closure, OpeningHours
from .slot import Slot

__all__ = ["Appointment", "Centre", "Closure", "OpeningHours", "Slot"]
