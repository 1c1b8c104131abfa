"""What agents and centre managers see and do in the admin."""

from . import appointment  # noqa: F401  # registers its pages
