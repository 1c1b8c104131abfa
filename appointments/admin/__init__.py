"""What agents and centre managers see and do in the admin."""

from . import appointment, centre  # noqa: F401  # register their pages
