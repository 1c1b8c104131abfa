"""What happens to appointments.  One module per subject; each function is one transaction."""

from .booking import book, cancel, cancel_by_staff, close, is_walk_in, offered_slot, service_for

__all__ = [
    "book",
    "cancel",
    "cancel_by_staff",
    "close",
    "is_walk_in",
    "offered_slot",
    "service_for",
]
