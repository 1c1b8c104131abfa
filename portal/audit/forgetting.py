"""Take rows out of the trail at the end of their period, so that the chain still verifies (DP-04).

The seal keeps the digest of a row that went, and a marked note says that the house took it.  A row
that is not as it was sealed is left where it is: otherwise somebody could make a row old and wait
for the purge to remove the evidence.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

import pgtrigger
from django.db import connection, transaction
from django.utils import timezone

from .chain import FORM, TABLES, Line, Position, digests_of, line, lines_of, sign
from .models import Access, Entry, Forgotten, Seal
from .sealing import last_seal, wait_for_sealer

log = logging.getLogger(__name__)


@transaction.atomic
def forget(model: type[Entry] | type[Access], keys: Iterable[int]) -> int:
    """Delete rows by id, leaving a note about the sealed ones; returns how many went."""
    table = next(name for name, one in TABLES.items() if one is model)
    wait_for_sealer()  # or it could seal a row that is just going
    lines = _lines(table, list(keys))
    sealed = _sealed(table, lines)
    as_sealed = [one for one in lines if sealed.get(one.position.id) == one.digest]
    still_open = [one for one in lines if one.position.id not in sealed and _is_open(table, one)]
    if changed := len(lines) - len(as_sealed) - len(still_open):
        log.critical("%s rows of %s are not as they were sealed: kept", changed, table)
    _note(table, sorted(one.position.id for one in as_sealed))
    with pgtrigger.ignore(f"{model._meta.label}:append_only"):
        gone = [one.position.id for one in (*as_sealed, *still_open)]
        return int(model.objects.filter(pk__in=gone).delete()[0])


def _lines(table: str, keys: Sequence[int]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(f"{lines_of(table, FORM)} WHERE id = ANY(%s)", [list(keys)])
        return [line(row) for row in cursor.fetchall()]


def _sealed(table: str, lines: Sequence[Line]) -> dict[int, bytes]:
    """Return the digests under which rows were sealed; reads only the seals around them."""
    if not lines:
        return {}
    wanted = {one.position.id for one in lines}
    first, last = (end(one.position for one in lines) for end in (min, max))
    around = Seal.objects.filter(table=table, until_xid__gte=first.xid, from_xid__lte=last.xid)
    found: dict[int, bytes] = {}
    for seal in around.order_by("number").iterator(chunk_size=20):
        found |= {key: digest for key, digest in digests_of(seal).items() if key in wanted}
    return found


def _is_open(table: str, one: Line) -> bool:
    last = last_seal(table)
    if last is None:
        return True
    return one.position > Position(last.until_xid, last.until_id) or one.position.id > last.top_id


def _note(table: str, keys: list[int]) -> None:
    if not keys:
        return
    note = Forgotten(table=table, lowest=keys[0], highest=keys[-1], ids=keys, at=timezone.now())
    sign(note)
    note.save(force_insert=True)
