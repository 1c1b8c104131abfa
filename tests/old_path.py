"""`python -m tests.old_path`: the squashed migrations make the database that the old files make.

Makes databases by both ways, and by a part of the old files and the rest, and compares what
`pg_dump` says of them and which rows they hold. Takes a minute, so it is no test of the suite; run
it when an app is squashed. `tests/portal/test_migrations.py` holds what can be had at once.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import django
import psycopg

import tests.servers  # noqa: F401 - starts the servers that the settings name

PARTS = (("appointments", "0007"), ("complaints", "0002"), ("audit", "0001"), ("outbox", "0002"))
# What refers to these by a number of its own is compared by what it refers to.
ROWS = """
SELECT 'content type', app_label, model, '', '' FROM django_content_type
UNION ALL SELECT 'permission', app_label, model, codename, name
  FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
UNION ALL SELECT 'group', name, '', '', '' FROM auth_group
UNION ALL SELECT 'granted', g.name, app_label, model, codename
  FROM auth_group_permissions JOIN auth_group g ON g.id = group_id
  JOIN auth_permission p ON p.id = permission_id
  JOIN django_content_type t ON t.id = p.content_type_id
"""
COUNTED = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def main() -> int:
    """Compare, and return how many databases differ."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    made = {
        "old": by_the_old_files,
        "squashed": migrate,
        "half": by_half,
        "late": by_the_old_files_first,
        "back": by_going_back,
    }
    found = {name: of_a_new_database(name, make) for name, make in made.items()}
    differing = 0
    for name in list(made)[1:]:
        only = [sorted(found["old"] - found[name]), sorted(found[name] - found["old"])]
        differing += any(only)
        print(f"{name}: {len(found[name])} objects and rows, {sum(map(len, only))} differ from old")
        for side, objects in zip("-+", only, strict=True):
            print(*(f"{side} {it}" for it in objects), sep="\n", end="")
    return differing


def of_a_new_database(name: str, make: Callable[[], None]) -> set[str]:
    """Let `make` fill a database of this name, and return what is in it."""
    from django.db import connection

    connection.close()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE path_{name}")
    connection.settings_dict["NAME"] = f"path_{name}"
    started = time.process_time()
    make()
    print(f"{name}: {time.process_time() - started:.1f} s of a processor")
    return schema() | rows()


def migrate(*target: str) -> None:
    """Migrate by the files as they are: squashed ones where the database has none of theirs."""
    from django.core.management import call_command

    call_command("migrate", *target, verbosity=0, interactive=False)


def by_the_old_files(*target: str) -> None:
    """Migrate as if no file had been squashed."""
    with nothing_squashed():
        migrate(*target)


@contextmanager
def nothing_squashed() -> Iterator[None]:
    """Let Django read the migrations without those that replace others."""
    from django.db.migrations.loader import MigrationLoader

    load_all = MigrationLoader.load_disk

    def load_disk(loader: MigrationLoader) -> None:
        load_all(loader)
        steps = loader.disk_migrations
        last = {key: step.replaces[-1] for key, step in steps.items() if step.replaces}
        loader.disk_migrations = {key: step for key, step in steps.items() if key not in last}
        for step in loader.disk_migrations.values():  # those made since then
            step.dependencies = [last.get(needed, needed) for needed in step.dependencies]

    with patch.object(MigrationLoader, "load_disk", load_disk):
        yield


def by_half() -> None:
    """Make some apps by a part of their old files, and let today's files end it."""
    for part in PARTS:
        by_the_old_files(*part)
    assert not marked()
    migrate()
    assert marked() == squashed(), marked()


def by_the_old_files_first() -> None:
    """Make everything by the old files, and let today's find nothing to do but to mark it."""
    by_the_old_files()
    before = schema() | rows()
    assert not marked()
    migrate()
    assert before == schema() | rows()
    assert marked() == squashed(), marked()


def by_going_back() -> None:
    """Take the apps away by the reverse of their squashed files, and make them again."""
    migrate()
    for app in ("complaints", "appointments", "applications", "audit", "outbox"):
        migrate(app, "zero")
    assert not marked()
    migrate()


def squashed() -> set[tuple[str, str]]:
    """Return the migrations that replace others."""
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None).replacements)


def marked() -> set[tuple[str, str]]:
    """Return those of them that the database calls applied."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return squashed() & set(MigrationRecorder(connection).applied_migrations())


def schema() -> set[str]:
    """Return each object of the schema as `pg_dump` writes it, in whatever order."""
    from django.db import connection

    at = connection.settings_dict
    address = psycopg.conninfo.make_conninfo(
        host=at["HOST"], port=at["PORT"], user=at["USER"], dbname=at["NAME"]
    )
    dump = subprocess.run(
        [
            str(Path(os.environ["GUICHET_TEST_PROGRAMS"]) / "pg_dump"),
            f"--dbname={address}",
            "--schema-only",
            "--no-owner",
        ],
        env=os.environ | {"PGPASSWORD": at["PASSWORD"]},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    objects = re.split(r"^--\n(?=-- Name: )", dump, flags=re.M)[1:]
    return {re.sub(r"^\\\w*restrict .*$", "", it, flags=re.M).strip("-\n ") for it in objects}


def rows() -> set[str]:
    """Return the rows that migrations wrote, but of which of them ran."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        found = {" ".join(row) for row in cursor.fetchall()}
        for table in connection.introspection.table_names(cursor):
            if table not in COUNTED | {"django_migrations"}:
                cursor.execute(f"SELECT count(*) FROM {table}")
                found.add(f"{table} has {cursor.fetchone()[0]} rows")
    return found


if __name__ == "__main__":
    sys.exit(main())
