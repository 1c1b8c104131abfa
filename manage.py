#!/usr/bin/env python
"""Django's command-line entry."""

import os
import sys


def main() -> None:
    """Run the command named on the line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    from portal.devserver.unreachable import explained

    with explained():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
