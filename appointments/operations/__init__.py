"""What happens to appointments.  One module per subject; each function is one transaction."""

from .booking import (
    Seat,
    book,
    book_together,
    is_walk_in,
    offered_seats,
    offered_slot,
    service_for,
)
from .correction import correct_typing_error, identity_of
from .ending import cancel, cancel_by_staff, close
from .opening import advance_plans, open_due

__all__ = [
    "Seat",
    "advance_plans",
    "book",
    "book_together",
    "cancel",
    "cancel_by_staff",
    "close",
    "correct_typing_error",
    "identity_of",
    "is_walk_in",
    "offered_seats",
    "offered_slot",
    "open_due",
    "service_for",
]
