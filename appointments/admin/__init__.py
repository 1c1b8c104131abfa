"""What agents and centre managers see and do in the admin."""

from . import appointment, board, centre, draw, fees, maintenance, release, signals, switches, tip_offs  # noqa: F401
