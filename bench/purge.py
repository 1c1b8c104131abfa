"""How long the purge needs for expired files, against one DELETE: `python -m bench.purge [rows]`.

Each file is a row of an idle draft, its paper, the upload of the paper, and what history and the
trail keep of them.  Both ways remove the same rows; the purge does it in batches, rechecks and
locks each row, reaches history, and writes the trail.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

from bench import _world

ROWS = 100_000
BATCHES = (500, 2000)


def main() -> None:
    """Print one table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    os.environ["GUICHET_FILES_DIR"] = tempfile.mkdtemp(prefix="guichet-bench-files-")
    _world.start_servers()
    _world.prepare_database()
    owner = _owner()
    _fill(owner, rows)
    floor = _timed(_delete_at_once)
    lines = [["one DELETE per table", rows, f"{floor:.2f}", f"{rows / floor:,.0f}", "1.0"]]
    for batch in BATCHES:
        _fill(owner, rows)
        taken = _timed(lambda size=batch: _purge(size, rows))
        lines.append(
            [
                f"purge, {batch} a batch",
                rows,
                f"{taken:.2f}",
                f"{rows / taken:,.0f}",
                f"{taken / floor:.1f}",
            ]
        )
    head = ["way", "files", "seconds", "files per second", "times one DELETE"]
    _world.table("Ending expired files with all their rows", head, lines)


def _owner() -> int:
    from portal.accounts.models import User

    return User.objects.create(email="bench@example.org", password="!").pk


def _purge(batch: int, rows: int) -> None:
    from django.utils import timezone

    from portal.data_rights.purges import Cap, run
    from portal.dates import civil_date

    today = civil_date(timezone.now())
    report = run(today=today, only=["idle_draft"], cap=Cap(number=rows), batch=batch)
    removed = sum(line.removed for line in report.lines)
    if removed != rows:
        raise RuntimeError(f"{removed} of {rows} files were removed")


def _fill(owner: int, rows: int) -> None:
    """Insert `rows` drafts of forty days ago; the triggers write their history."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model, values in _contents(owner):
            _insert(cursor, model, values, rows)
        cursor.execute("VACUUM ANALYZE")


def _contents(owner: int) -> list[tuple[str, dict[str, str]]]:
    """Return the tables, each with an SQL expression per column; `n` counts the rows."""
    then = "now() - interval '40 days'"
    key = "lpad(to_hex(n), 32, '0')::uuid"
    number = "(SELECT coalesce(max(id), 0) FROM {table}) + n"
    mission = "(SELECT id FROM missions_mission LIMIT 1)"
    application = {"id": key, "owner_id": str(owner), "mission_id": mission}
    application |= {"reference": "'A-' || n", "state": "'draft'", "visa_class": "'short_stay'"}
    application |= {"purpose": "'tourism'", "version": "2", "created_at": then}
    stored = {"id": key, "owner_id": str(owner), "kind": "'pdf'", "size": "1000"}
    stored |= {"state": "'received'", "scan_state": "'not_scanned'", "created_at": then}
    stored |= {"original_name": "'ff/' || lpad(to_hex(n), 32, '0')"}
    paper = {"id": number, "application_id": key, "kind": "'passport'", "state": "'provided'"}
    paper |= {"translation": "'none'", "updated_at": then, "version": "1"}
    part = {"document_id": "(SELECT id FROM applications_document WHERE application_id = " + key}
    part["document_id"] += ")"
    part |= {"id": number, "file_id": key, "position": "0", "added_at": then}
    return [
        ("applications.Application", application | {"updated_at": then}),
        ("uploads.StoredFile", stored),
        ("applications.Document", paper),
        ("applications.DocumentFile", part),
    ]


def _insert(cursor: object, label: str, values: dict[str, str], rows: int) -> None:
    """Insert into the table of a model; columns that are not named get an empty value."""
    from django.apps import apps

    model = apps.get_model(label)
    table = model._meta.db_table
    columns = {field.column: _empty(field) for field in model._meta.concrete_fields} | values
    expressions = ", ".join(text.replace("{table}", table) for text in columns.values())
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {table} ({', '.join(columns)}) "  # no input from outside
        f"SELECT {expressions} FROM generate_series(1, {rows}) AS n"
    )


def _empty(field: object) -> str:
    from django.db import models

    if field.null:  # type: ignore[attr-defined]
        return "NULL"
    kinds = (
        (models.BinaryField, "''::bytea"),
        (models.BooleanField, "false"),
        (models.JSONField, "'{}'"),
        (models.CharField, "''"),
        (models.IntegerField, "0"),
    )
    return next((text for kind, text in kinds if isinstance(field, kind)), "'{}'")


def _delete_at_once() -> None:
    from django.db import connection

    tables = (
        *("applications_documentfile", "applications_documenthistory", "applications_document"),
        *("uploads_storedfile", "applications_applicationhistory", "applications_application"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # history lets nobody delete
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET session_replication_role = DEFAULT")


def _timed(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
