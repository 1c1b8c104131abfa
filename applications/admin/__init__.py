"""What agents see and do with files in the admin."""

from . import application, document, hosting  # noqa: F401  # registers its pages
