"""Loading missions, providers and languages from the files of this room."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from .models import Mission, MissionLanguage, ProviderPeriod

DATA = Path(__file__).parent / "data"


def read_tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Read all TOML files of `folder` and join their tables of the same name."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            for name, rows in tomllib.load(file).items():
                tables.setdefault(name, []).extend(rows)
    return tables


def days(row: dict[str, Any]) -> DateRange:
    """Return the range of a row whose ``until`` is the last day included."""
    until: date | None = row.get("until")
    return DateRange(row.get("from"), until and until + timedelta(days=1))


@transaction.atomic
def load_missions(*, folder: Path = DATA) -> int:
    """Create or update everything in the files of `folder`; returns the number of missions.

    Safe to run again.  Rulesets and letterheads that staff entered in the admin are kept.
    """
    tables = read_tables(folder)
    for row in tables.get("mission", []):
        Mission.objects.update_or_create(
            code=row["code"],
            defaults={
                "state": row["state"],
                "post": row["post"],
                "names": row["names"],
                "asks_retiree_card": row.get("asks_retiree_card", False),
                "envelope": row.get("envelope", "din_5008_b"),
            },
        )
    for row in tables.get("provider", []):
        ProviderPeriod.objects.update_or_create(
            state=row["state"],
            post=row["post"],
            valid=days(row),
            defaults={"name": row["name"], "citation": row["citation"]},
        )
    for row in tables.get("language", []):
        MissionLanguage.objects.update_or_create(
            mission=Mission.objects.get(code=row["mission"]),
            language=row["language"],
            valid=days(row),
            defaults={"citation": row["citation"]},
        )
    return len(tables.get("mission", []))
