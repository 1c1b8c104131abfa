"""What agents and centre managers see and do in the admin."""

from . import (  # noqa: F401
    appointment,
    board,
    centre,
    draw,
    fees,
    maintenance,
    moves,
    release,
    signals,
    switches,
    tip_offs,
)
