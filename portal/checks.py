"""What the house checks of its own settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

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
