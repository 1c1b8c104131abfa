"""The migrated database, made once: further workers and runs begin with a copy of it.

Migrating takes three seconds of a processor. A dump of the result lies beside pytest's own cache,
named after everything that the migrations say, so that a changed one is run and never taken for
another. Servers that we did not start are left to Django's own way.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

TEMPLATE = "guichet_migrated"
PROGRAMS = "GUICHET_TEST_PROGRAMS"  # set where the server is ours
PROJECT = Path(__file__).resolve().parents[1]
CACHE = PROJECT / ".pytest_cache" / "migrated"
IMPORTED = re.compile(r"^(?:from|import) ((?:portal|applications|appointments|complaints)[\w.]*)")


def begin_with_a_copy() -> None:
    """Make the template where it is missing, and let the test database begin as a copy of it."""
    if PROGRAMS not in os.environ:
        return
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")  # the workers of a run start together
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if known.fetchone() is None:
            server.execute(f"CREATE DATABASE {TEMPLATE}")
            fill()
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = TEMPLATE
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def fill() -> None:
    """Migrate the empty template of the server that Django is connected to, from a dump if any."""
    dump = CACHE / f"{_fingerprint()}.sql"
    if dump.exists():
        _program("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={dump}")
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = TEMPLATE
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = dump.with_suffix(f".{os.getpid()}")
    _program("pg_dump", "--no-owner", f"--file={unfinished}")
    for older in sorted(CACHE.glob("*.sql"), key=lambda path: path.stat().st_mtime)[:-4]:
        older.unlink(missing_ok=True)
    unfinished.rename(dump)


def _program(name: str, *arguments: str) -> None:
    at = connection.settings_dict
    address = psycopg.conninfo.make_conninfo(
        host=at["HOST"], port=at["PORT"], user=at["USER"], dbname=TEMPLATE
    )
    subprocess.run(
        [str(Path(os.environ[PROGRAMS]) / name), f"--dbname={address}", *arguments],
        env=os.environ | {"PGPASSWORD": at["PASSWORD"]},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _fingerprint() -> str:
    """Return a name for what the migrations, and the house's modules that they import, say."""
    digest = hashlib.sha256((PROJECT / "requirements.txt").read_bytes())
    for path in _sources():
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    imported = set()
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            yield path
            lines = path.read_text().splitlines()
            imported |= {found[1] for line in lines if (found := IMPORTED.match(line))}
    for module in sorted(imported):
        path = PROJECT / module.replace(".", "/")
        yield from (it for it in (path.with_suffix(".py"), path / "__init__.py") if it.exists())
