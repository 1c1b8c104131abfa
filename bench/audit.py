"""What the chain of the trail costs, and how fast it is made and read: `python -m bench.audit`.

First rows written by several connections at once, with the trigger and the index that sealing
needs and without them, and with a sealer at work; then sealing and verifying all of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from os import environ
from urllib.parse import urlsplit

from bench import _world

ROWS = 200_000
CLIENTS = 8
SECONDS = 5
WRITE = """
INSERT INTO audit_entry (at, actor_label, subject_type, subject_id, action, reason, details, xid,
                         salt)
VALUES (now(), 'applicant 5', 'appointments.appointment', '7', 'appointment.book', '',
        '{"to": "booked"}', 0, '00000000-0000-0000-0000-000000000000');
"""


def main() -> None:
    """Print two tables."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    _world.start_servers()
    _world.prepare_database()
    _world.table(
        f"Rows written one by one, {CLIENTS} connections, {seconds} s each",
        ["way", "rows/s", "share"],
        _writing(seconds),
    )
    _world.table(
        f"{rows} rows more, written at once",
        ["what", "rows", "seconds", "rows/s"],
        _reading(rows),
    )


def _writing(seconds: int) -> list[list[object]]:
    # In turns, twice: two shared cores differ more from minute to minute than the ways do.
    plain, chained = 0.0, 0.0
    for _turn in range(2):
        _switch(False)
        plain += _inserts(seconds) / 2
        _switch(True)
        chained += _inserts(seconds) / 2
    sealed = _while_sealing(lambda: _inserts(seconds))
    ways = (
        ("without", plain),
        ("with trigger and index", chained),
        ("and a sealer at work", sealed),
    )
    return [[name, f"{rate:,.0f}", f"{rate / plain:.2f}"] for name, rate in ways]


def _switch(on: bool) -> None:
    """Put what the chain needs of a writer in place, or take it away."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS entry_in_order")
        if on:
            cursor.execute("CREATE INDEX entry_in_order ON audit_entry (xid, id)")
        word = "ENABLE" if on else "DISABLE"
        cursor.execute(f"ALTER TABLE audit_entry {word} TRIGGER stamped")


def _inserts(seconds: int) -> float:
    """Return how many rows per second pgbench writes, each in a transaction of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(WRITE)
        file.flush()
        command = [str(_world.PGBENCH), "--no-vacuum", "-M", "prepared", "-f", file.name]
        command += ["-c", str(CLIENTS), "-j", "2", "-T", str(seconds)]
        url = urlsplit(environ["DATABASE_URL"])
        command += ["-h", str(url.hostname), "-p", str(url.port), "-U", str(url.username)]
        given = environ | {"PGPASSWORD": url.password or ""}
        answer = subprocess.run([*command, url.path[1:]], capture_output=True, text=True, env=given)
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return float(answer.stdout.partition("tps = ")[2].split()[0])


def _while_sealing(work: Callable[[], float]) -> float:
    """Do `work` while seals are made without a pause, far more often than beat does."""
    from django.db import connection

    from portal.audit.sealing import seal_all

    stop = threading.Event()

    def seal() -> None:
        while not stop.wait(0.2):
            seal_all()
        connection.close()

    sealer = threading.Thread(target=seal)
    sealer.start()
    try:
        return work()
    finally:
        stop.set()
        sealer.join()


def _reading(rows: int) -> list[list[object]]:
    from django.db import connection

    from portal.audit.models import Entry
    from portal.audit.sealing import seal_all
    from portal.audit.verifying import Tally, faults

    seal_all()
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE.replace("VALUES (", "SELECT ").replace(");", f" FROM generate_series(1, {rows})")
        )
        cursor.execute("ANALYZE audit_entry")
    start = time.perf_counter()
    sealed = seal_all()
    taken = time.perf_counter() - start
    lines: list[list[object]] = [["seal", sealed, f"{taken:.1f}", f"{sealed / taken:,.0f}"]]
    tally = Tally()
    start = time.perf_counter()
    wrong = list(faults(tally))
    taken = time.perf_counter() - start
    if wrong or tally.rows != Entry.objects.count():
        raise SystemExit(f"not as it was written: {wrong[:3]}")
    lines.append(["verify all", tally.rows, f"{taken:.1f}", f"{tally.rows / taken:,.0f}"])
    return lines


if __name__ == "__main__":
    main()
