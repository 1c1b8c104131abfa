"""What handlers of complaints and appeals see and do in the admin."""

from . import appeal, case, desk, incoming_mail, letter, post_bag  # noqa: F401  # registers their pages
