"""Hold the trail to its chain: which row or seal is not as it was sealed.

Seals and rows are read in pages, so memory stays the same for millions of rows.  Every fault is
told, not only the first: a known one must not hide another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise

from django.db import connection

from .chain import (
    AFTER_ALL,
    BEFORE_ALL,
    COVERED,
    SIZE,
    START,
    Line,
    Position,
    digests_of,
    hash_of,
    is_signed,
    line,
    lines_of,
    microseconds,
    moment_of,
)
from .models import Forgotten, Seal
from .sealing import Place, place_of, transactions

PAGE = 20  # seals, of up to a thousand rows each
# A row is written within its transaction, and those last seconds; clocks differ a little.
LATE = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and a time: of the row, or of the seal if the row is gone."""

    what: str
    where: str
    at: datetime | None = None


@dataclass(slots=True)
class Tally:
    """What a run has looked at so far."""

    seals: int = 0
    rows: int = 0
    forgotten: int = 0
    last: Seal | None = None
    latest: dict[str, int] = field(default_factory=dict)  # the highest time of each table


def faults(
    tally: Tally, *, since: datetime | None = None, published: tuple[int, bytes] | None = None
) -> Iterator[Fault]:
    """Yield what is wrong, in the order of the chain, while `tally` counts what was read.

    `since` skips what was sealed before; `published` is a head that somebody wrote down.
    """
    tally.last = _seal_before(since)
    tally.latest = _latest_before(tally.last)
    bounds = _bounds()
    while page := _page_after(tally.last):
        read = _rows_of_page(page, bounds)
        for seal in page:
            yield from _links(seal, tally.last)
            yield from _rows_of_seal(seal, read.get(seal.number, []), tally)
            tally.last = seal
            tally.seals += 1
    if published is not None:
        yield from _against(published)


def _page_after(last: Seal | None) -> list[Seal]:
    number = last.number if last else BEFORE_ALL
    return list(Seal.objects.filter(number__gt=number).order_by("number")[:PAGE])


def _seal_before(since: datetime | None) -> Seal | None:
    if since is None:
        return None
    return Seal.objects.filter(sealed_at__lt=since).order_by("-number").first()


def _latest_before(seal: Seal | None) -> dict[str, int]:
    if seal is None:
        return {}
    earlier = Seal.objects.filter(number__lte=seal.number).order_by("table", "-number")
    times = earlier.distinct("table").values_list("table", "latest")
    return {table: microseconds(latest) for table, latest in times}


# --- seals ------------------------------------------------------------------------------------


def _links(seal: Seal, before: Seal | None) -> Iterator[Fault]:
    where = f"seal {seal.number}"
    if seal.number != (before.number if before else 0) + 1:
        yield Fault("seals are missing before", where, seal.sealed_at)
    elif bytes(seal.previous) != (bytes(before.hash) if before else START):
        yield Fault("does not follow the seal before", where, seal.sealed_at)
    if bytes(seal.hash) != hash_of(seal):
        yield Fault("was changed", where, seal.sealed_at)
    if not is_signed(seal):
        yield Fault("is not marked by one of our keys", where, seal.sealed_at)
    if before and seal.sealed_at < before.sealed_at:
        yield Fault("is older than the seal before", where, seal.sealed_at)


def _against(published: tuple[int, bytes]) -> Iterator[Fault]:
    number, digest = published
    if number == 0:
        return
    seal = Seal.objects.filter(number=number).first()
    if seal is None:
        yield Fault("was published and is gone: the chain was cut short", f"seal {number}")
    elif bytes(seal.hash) != digest:
        yield Fault("is not the one that was published", f"seal {number}", seal.sealed_at)


# --- rows -------------------------------------------------------------------------------------

Bounds = dict[tuple[str, int], int]


def _bounds() -> Bounds:
    """Return, per table and `after_id`, up to which id its seals speak of.

    There is more than one per table only after the server was made anew from a dump.
    """
    found: Bounds = {}
    starts = Seal.objects.order_by("table", "after_id").values_list("table", "after_id").distinct()
    newest = transactions()[1]
    for table, group in groupby(starts, key=lambda one: one[0]):
        firsts = [after for _table, after in group]
        firsts.append(_end_of_last(place_of(table, newest), firsts[-1]))
        found |= {(table, one): end for one, end in pairwise(firsts)}
    return found


def _end_of_last(next_place: Place, after: int) -> int:
    return next_place.after_id if next_place.after_id != after else AFTER_ALL


def _rows_of_page(page: Sequence[Seal], bounds: Bounds) -> dict[int, list[Line]]:
    """Return the rows in the place of each seal, by its number."""
    read: dict[int, list[Line]] = {}
    for seals in _by_window(page):
        read |= _lines_by_seal(seals, bounds)
    return read


def _by_window(page: Sequence[Seal]) -> Iterable[list[Seal]]:
    """Group the seals whose rows one statement can read: of one table, form and server."""
    ordered = sorted(page, key=lambda seal: (seal.table, seal.after_id, seal.form, seal.number))
    return [
        list(group)
        for (table, _after, form), group in groupby(
            ordered, key=lambda seal: (seal.table, seal.after_id, seal.form)
        )
        if table in COVERED.get(form, {})
    ]


def _lines_by_seal(seals: Sequence[Seal], bounds: Bounds) -> dict[int, list[Line]]:
    """Read the rows of some seals and share them out by their place in the order."""
    first = seals[0]
    found: dict[int, list[Line]] = {}
    waiting = iter(_lines_between(seals, bounds.get((first.table, first.after_id), AFTER_ALL)))
    one = next(waiting, None)
    for seal in seals:
        start = Position(seal.from_xid, seal.from_id)
        end = Position(seal.until_xid, seal.until_id)
        mine = found.setdefault(seal.number, [])
        while one is not None and one.position <= end:
            if one.position > start:  # else it belongs to a seal that is missing
                mine.append(one)
            one = next(waiting, None)
    return found


def _lines_between(seals: Sequence[Seal], highest_id: int) -> list[Line]:
    first, last = seals[0], seals[-1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{lines_of(first.table, first.form)} WHERE (xid, id) > (%s, %s)"
            " AND (xid, id) <= (%s, %s) AND id > %s AND id <= %s ORDER BY xid, id",
            [
                *(first.from_xid, first.from_id, last.until_xid, last.until_id),
                *(first.after_id, highest_id),
            ],
        )
        return [line(row) for row in cursor.fetchall()]


def _rows_of_seal(seal: Seal, lines: Sequence[Line], tally: Tally) -> Iterator[Fault]:
    if len(seal.digests) != SIZE * len(seal.ids):
        return  # the seal itself was changed, which its hash tells
    sealed = digests_of(seal)
    for one in lines:
        if wrong := _wrong_with(one, seal, sealed, tally):
            yield Fault(wrong, f"{seal.table} {one.position.id}", moment_of(one.at))
    yield from _gone(seal, sealed.keys() - {one.position.id for one in lines}, tally)
    tally.rows += len(lines)
    latest = microseconds(seal.latest)
    tally.latest[seal.table] = max(latest, tally.latest.get(seal.table, latest))


def _wrong_with(one: Line, seal: Seal, sealed: Mapping[int, bytes], tally: Tally) -> str:
    if one.position.id not in sealed:
        return "was inserted"
    if one.digest != sealed[one.position.id]:
        return "was changed"
    latest = tally.latest.get(seal.table, one.at)
    if one.at > microseconds(seal.sealed_at) + LATE:
        return "tells a time after the one at which it came in"
    tally.latest[seal.table] = max(latest, one.at)
    # Rows from before the chain (transaction 0) were sealed all at once, in the order of ids.
    if one.position.xid and one.at < latest - LATE:
        return "tells a time before the one at which it came in"
    return ""


def _gone(seal: Seal, keys: Collection[int], tally: Tally) -> Iterator[Fault]:
    """Tell of rows that are not in their place, unless the house forgot them itself."""
    if not keys:
        return
    known = _forgotten(seal.table, keys)
    moved = _at_of(seal.table, [key for key in keys if key not in known])
    tally.forgotten += len(known)
    for key in sorted(set(keys) - known):
        where = f"{seal.table} {key}"
        if key in moved:
            yield Fault("was changed", where, moved[key])
        else:
            yield Fault(f"was deleted, sealed by {seal.number}", where, seal.sealed_at)


def _forgotten(table: str, keys: Collection[int]) -> set[int]:
    """Return which of `keys` the house deleted itself, by notes that carry our mark."""
    notes = Forgotten.objects.filter(table=table, lowest__lte=max(keys), highest__gte=min(keys))
    wanted, found = set(keys), set()
    for note in notes.iterator(chunk_size=100):
        if is_signed(note):
            found |= wanted.intersection(note.ids)
    return found


def _at_of(table: str, keys: Sequence[int]) -> dict[int, datetime]:
    """Return the times of rows that are there, but not in their place in the order."""
    with connection.cursor() as cursor:
        cursor.execute(f"{lines_of(table, max(COVERED))} WHERE id = ANY(%s)", [list(keys)])
        return {one.position.id: moment_of(one.at) for one in map(line, cursor.fetchall())}
