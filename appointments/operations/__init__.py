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
from .counter_day import arrive, back, call, miss_all
from .ending import cancel, cancel_by_staff, close
from .opening import advance_plans, open_due
from .walk_ins import admit_walk_in, back_walk_in, call_walk_in, close_walk_in

__all__ = [
    "Seat",
    "admit_walk_in",
    "advance_plans",
    "arrive",
    "back",
    "back_walk_in",
    "book",
    "book_together",
    "call",
    "call_walk_in",
    "cancel",
    "cancel_by_staff",
    "close",
    "close_walk_in",
    "correct_typing_error",
    "identity_of",
    "is_walk_in",
    "miss_all",
    "offered_seats",
    "offered_slot",
    "open_due",
    "service_for",
]
