"""What the house checks of its own settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

POSTGRESQL = "django.db.backends.postgresql"


@register
def check_database_engine(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse every database engine but PostgreSQL: the constraints need it (E001)."""
    return [
        Error(
            f"The database {alias!r} uses {database.get('ENGINE') or 'no engine'}.",
            hint="Guichet keeps its promises by PostgreSQL constraints; set DATABASE_URL to one.",
            id="portal.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database.get("ENGINE") != POSTGRESQL
    ]


@register(Tags.security, deploy=True)
def check_no_workbench(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse, with `check --deploy`, what only a workbench may have: E003 and E004.

    Not on every start: `make run` with a DATABASE_URL is a workbench too.
    """
    found: list[CheckMessage] = []
    if settings.MAIL_DIR:
        found.append(
            Error(
                "Mail is kept in a folder, and /dev/mail/ shows every sign-in code to everybody.",
                hint="Unset GUICHET_MAIL_DIR and set GUICHET_MAIL_URL.",
                id="portal.E003",
            )
        )
    if settings.TESTING:
        found.append(
            Error(
                "Passwords are hashed as cheaply as in the test suite.",
                hint="Unset GUICHET_TEST.",
                id="portal.E004",
            )
        )
    return found
