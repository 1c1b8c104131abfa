"""What a seal is made of: digests of rows, a hash over the seal before, a mark with our key.

The hash is plain SHA-256: whoever wrote down a head can compare it.  The mark is a keyed HMAC over
it: whoever has the database but not `settings.AUDIT_KEYS` cannot make a chain anew.  Nothing here
asks the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from .models import Access, Entry, Forgotten, Seal

SIZE = 32  # bytes of a digest
START = bytes(SIZE)  # what stands before the first seal
BEFORE_ALL = -(2**63)  # below every id and transaction, forged ones too
AFTER_ALL = 2**63 - 1
FORM = 1
TABLES: dict[str, type[Entry] | type[Access]] = {"entry": Entry, "access": Access}

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_AT = "(extract(epoch FROM at) * 1000000)::bigint"
_COMMON = f"id, xid, salt, {_AT}, actor_id, actor_label,"
_COMMON += " subject_type, subject_id, mission_id"
# What a digest covers, per form of a seal.  A new column needs a new form; old ones stay, since
# old seals are read by theirs.
COVERED = {
    1: {
        "entry": f"{_COMMON}, action, reason, details",
        "access": f"{_COMMON}, what, details",
    }
}


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the order of a table: the transaction that wrote the row, then the row's id."""

    xid: int = BEFORE_ALL
    id: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the chain sees it."""

    position: Position
    at: int  # microseconds since 1970: a datetime for each row would cost more than its digest
    digest: bytes


def lines_of(table: str, form: int) -> str:
    """Return the beginning of a statement whose rows `line` understands."""
    source = TABLES[table]._meta.db_table
    covered = COVERED[form][table]
    return f"SELECT id, xid, {_AT}, jsonb_build_array({covered})::text FROM {source}"  # noqa: S608  # nosec B608  # no input from outside


def line(row: tuple[int, int, int, str]) -> Line:
    """Digest one row of `lines_of`; what PostgreSQL writes of a jsonb value has one form only."""
    key, xid, at, content = row
    digest = hashlib.sha256(content.encode()).digest()
    return Line(Position(xid, key), at, digest)


def digests_of(seal: Seal) -> dict[int, bytes]:
    """Return the digest of each row by its id, in order."""
    pieces = bytes(seal.digests)
    return {key: pieces[index * SIZE : (index + 1) * SIZE] for index, key in enumerate(seal.ids)}


def hash_of(seal: Seal) -> bytes:
    """Hash everything in a seal and the hash of the one before."""
    rows = hashlib.sha256(struct.pack(f">{len(seal.ids)}q", *seal.ids) + bytes(seal.digests))
    said = [
        *("seal", seal.form, seal.number, seal.table, seal.after_id),
        *(seal.from_xid, seal.from_id, seal.until_xid, seal.until_id, seal.top_id),
        *(microseconds(seal.latest), microseconds(seal.sealed_at)),
        *(len(seal.ids), rows.hexdigest()),
    ]
    return hashlib.sha256(json.dumps(said).encode() + bytes(seal.previous)).digest()


def sign(row: Seal | Forgotten) -> None:
    """Mark a row with the newest key."""
    newest = settings.AUDIT_KEYS[0]
    row.key, row.mark = _name(newest), _mark(newest, _marked(row))


def is_signed(row: Seal | Forgotten) -> bool:
    """Tell whether one of our keys made the mark of a row."""
    keys = [key for key in settings.AUDIT_KEYS if _name(key) == row.key]
    marked = _marked(row)
    return any(hmac.compare_digest(_mark(key, marked), bytes(row.mark)) for key in keys)


def head_of(seal: Seal | None) -> str:
    """Write a seal as a person copies it: its number and its hash."""
    return "0:" if seal is None else f"{seal.number}:{bytes(seal.hash).hex()}"


def read_head(text: str) -> tuple[int, bytes]:
    """Read what `head_of` wrote; raises ValueError."""
    number, _colon, digest = text.strip().partition(":")
    return int(number), bytes.fromhex(digest)


def _marked(row: Seal | Forgotten) -> bytes:
    if isinstance(row, Seal):
        return bytes(row.hash)
    said = ["forgotten", row.table, row.lowest, row.highest, row.ids, microseconds(row.at)]
    return json.dumps(said).encode()


def _mark(key: str, message: bytes) -> bytes:
    return hmac.digest(key.encode(), message, hashlib.sha256)


def _name(key: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(f"key of the trail {key}".encode()).hexdigest()[:16]


def microseconds(moment: datetime) -> int:
    """Count from 1970."""
    return (moment - _ZERO) // timedelta(microseconds=1)


def moment_of(count: int) -> datetime:
    """Return the moment of so many microseconds."""
    return _ZERO + timedelta(microseconds=count)
