"""What agents and centre managers see and do in the admin."""

from . import appointment, centre, release, switches  # noqa: F401  # register their pages
