"""Seal what was written to the trail since the last seal, without making any writer wait.

Rows come in without a link, so writers never meet.  One sealer at a time takes the rows of all
transactions that are finished for certain: those below the oldest one that still runs.  A row that
commits late has the number of its transaction and is found by it, however low its id.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic

from django.db import connection, transaction

from .chain import (
    AFTER_ALL,
    BEFORE_ALL,
    FORM,
    START,
    TABLES,
    Line,
    Position,
    hash_of,
    head_of,
    line,
    lines_of,
    moment_of,
    sign,
)
from .models import Seal

log = logging.getLogger(__name__)

BATCH = 1000  # rows per seal
_ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0))"
_AFTER_THE_OTHER = "SELECT pg_advisory_xact_lock(hashtextextended('audit.seal', 0))"
_TRANSACTIONS = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
FROM pg_current_snapshot() s
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next seal of a table begins; ids up to `after_id` belong to an earlier server."""

    after_id: int
    position: Position
    top_id: int


@dataclass(frozen=True, slots=True)
class Open:
    """Rows of a table that no seal covers yet, and the oldest of their times."""

    table: str
    rows: int
    oldest: datetime | None


def seal_all(*, batch: int = BATCH, seconds: float = 0.0) -> int:
    """Seal all that is finished, one transaction per seal; returns how many rows.

    After `seconds` no seal is begun (0: no limit).  Does nothing while another one seals.  What a
    run that died has sealed stays sealed, and the next run goes on after it.
    """
    until = monotonic() + seconds if seconds else inf
    sealed = 0
    for table in TABLES:
        while monotonic() < until and (count := _seal_next(table, batch)):
            sealed += count
    if sealed:
        # A log is kept elsewhere: whoever cuts the chain short in the database does not cut this.
        log.info("trail sealed, head %s", head_of(last_seal()))
    return sealed


def last_seal(table: str = "") -> Seal | None:
    """Return the newest seal, without its rows; of one table, or of all."""
    seals = Seal.objects.filter(table=table) if table else Seal.objects.all()
    return seals.defer("ids", "digests").order_by("-number").first()


def open_rows() -> list[Open]:
    """Count what is not sealed yet."""
    return [_open(table) for table in TABLES]


def wait_for_sealer() -> None:
    """Keep every sealer away until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER_THE_OTHER)


def place_of(table: str, newest_transaction: int) -> Place:
    """Return where the next seal begins.

    A server made from a dump counts its transactions anew.  Then rows of before are sealed to the
    end, and new ones are told from them by their ids, which a dump carries on.
    """
    last = last_seal(table)
    if last is None:
        return Place(BEFORE_ALL, Position(), BEFORE_ALL)
    place = Place(last.after_id, Position(last.until_xid, last.until_id), last.top_id)
    if newest_transaction > last.until_xid or _rows(table, place, AFTER_ALL, 1):
        return place
    return Place(last.top_id, Position(), last.top_id)


@transaction.atomic
def _seal_next(table: str, batch: int) -> int:
    finished, newest = transactions()
    if not _alone():
        return 0
    place = place_of(table, newest)
    if newest <= place.position.xid:  # a restored server: what came with the dump is finished
        finished = AFTER_ALL
    lines = _rows(table, place, finished, batch)
    if lines:
        _append(table, place, lines)
    return len(lines)


def transactions() -> tuple[int, int]:
    """Return the oldest transaction that still runs, and the next one to begin.

    Asked before rows are read: what is below the first is committed and visible then, or gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRANSACTIONS)
        oldest, newest = cursor.fetchone()
    return oldest, newest


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        return bool(cursor.fetchone()[0])


def _rows(table: str, place: Place, below: int, limit: int) -> list[Line]:
    """Return the next rows of finished transactions, in order."""
    after = place.position
    with connection.cursor() as cursor:
        cursor.execute(
            f"{lines_of(table, FORM)} WHERE (xid, id) > (%s, %s) AND xid < %s AND id > %s"
            " ORDER BY xid, id LIMIT %s",
            [after.xid, after.id, below, place.after_id, limit],
        )
        return [line(row) for row in cursor.fetchall()]


def _append(table: str, place: Place, lines: list[Line]) -> Seal:
    last, now = last_seal(), _now()
    until = lines[-1].position
    seal = Seal(
        number=last.number + 1 if last else 1,
        form=FORM,
        table=table,
        after_id=place.after_id,
        from_xid=place.position.xid,
        from_id=place.position.id,
        until_xid=until.xid,
        until_id=until.id,
        top_id=max(place.top_id, *(one.position.id for one in lines)),
        ids=[one.position.id for one in lines],
        digests=b"".join(one.digest for one in lines),
        latest=_latest(table, lines, now),
        sealed_at=now,
        previous=bytes(last.hash) if last else START,
    )
    seal.hash = hash_of(seal)
    sign(seal)
    seal.save(force_insert=True)
    return seal


def _latest(table: str, lines: list[Line], now: datetime) -> datetime:
    """Return the latest time told so far; a row from the future does not count."""
    before = last_seal(table)
    times = [min(moment_of(max(one.at for one in lines)), now)]
    return max(times if before is None else [*times, before.latest])


def _now() -> datetime:
    """Ask the database, whose clock all workers share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _open(table: str) -> Open:
    place = place_of(table, transactions()[1])
    after = place.position
    source = TABLES[table]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(at) FROM {source}"  # noqa: S608  # nosec B608  # no input from outside
            " WHERE (xid, id) > (%s, %s) AND id > %s",
            [after.xid, after.id, place.after_id],
        )
        count, oldest = cursor.fetchone()
    return Open(table, count, oldest)
