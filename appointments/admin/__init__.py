"""What agents and centre managers see and do in the admin."""

from . import appointment, centre, release, switches, tip_offs  # noqa: F401  # register their pages
