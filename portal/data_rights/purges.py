"""What ends by itself: kinds of rows with a period, removed in batches under a safety cap (DP-04).

A wrong clock or a wrong parameter would delete what nobody can bring back.  So a run first counts
what would go, and refuses a kind of which more would go than is usual, until a person says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import inf
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import PROTECT, RESTRICT, Exists, ForeignObjectRel, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import operations as audit
from portal.dates import ALGIERS
from portal.outbox.operations import enqueue

from .models import PurgeRun
from .notifications import PurgeStopped

log = logging.getLogger(__name__)

BATCH = 500  # rows per transaction: locks are short, and a run that dies has lost one batch
# So few rows may always go: of three drafts all three may be old.
ALWAYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """One kind of rows that end by themselves.

    `due(today)` are the rows that must be gone on a day in Algiers; `rows()` all of the kind, for
    the share; `remove(rows)` ends locked rows in the caller's transaction and returns how many.
    """

    name: str
    title: str | Promise
    rows: Callable[[], QuerySet[Any]]
    due: Callable[[date], QuerySet[Any]]
    remove: Callable[[Sequence[Any]], int]


@dataclass(frozen=True, slots=True)
class Cap:
    """How many rows of a kind may go in one run: a number, a share of the kind, or both."""

    number: int | None = None
    share: float | None = None

    @classmethod
    def read(cls, text: str) -> Cap:
        """Read such as "5000" or "25%"; raises ValueError."""
        value = float(text.removesuffix("%"))
        if not 0 <= value < 1e12 or (text.endswith("%") and value > 100):
            raise ValueError(f"{text!r} is neither a number of rows nor a share")
        return cls(share=value / 100) if text.endswith("%") else cls(number=int(value))

    def allows(self, due: int, total: int) -> bool:
        """Tell whether `due` of `total` rows may go."""
        if self.number is not None and due > self.number:
            return False
        return self.share is None or due <= self.share * total


def usual_cap() -> Cap:
    """Return the cap of the settings, which the daily run keeps."""
    return Cap(settings.PURGE_CAP_ROWS, settings.PURGE_CAP_SHARE)


@dataclass(slots=True)
class Line:
    """What a run found and did of one kind."""

    purge: Purge
    total: int
    due: int
    removed: int = 0
    is_refused: bool = False


@dataclass(slots=True)
class Report:
    """What a run found and did."""

    today: date
    dry_run: bool
    until: float = inf
    lines: list[Line] = field(default_factory=list)

    @property
    def refused(self) -> list[Line]:
        """Return the kinds that the cap stopped."""
        return [line for line in self.lines if line.is_refused]


_PURGES: dict[str, Purge] = {}


def register_purge(purge: Purge) -> None:
    """Add a kind; kinds are purged in the order of registration."""
    _PURGES[purge.name] = purge


def purges() -> list[Purge]:
    """Return every kind."""
    return list(_PURGES.values())


def run(
    *,
    today: date,
    dry_run: bool = False,
    cap: Cap | None = None,
    only: Sequence[str] = (),
    batch: int = BATCH,
    seconds: float = 0.0,
) -> Report:
    """Count what is due, and end it unless `dry_run` or the cap forbids it.

    A kind over the cap is left whole and alarmed about; the others go on.  Without `cap` the one
    of the settings holds.  After `seconds` no batch is begun, and the next run goes on; 0: no
    limit.  Leaves a `PurgeRun` and one line of the trail, without content.
    """
    report = Report(today, dry_run, until=monotonic() + seconds if seconds else inf)
    for purge in purges():
        if not only or purge.name in only:
            report.lines.append(_run_one(purge, report, cap, batch))
    if not dry_run:
        _remember(report)
    return report


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Algiers (CV-02)."""
    return datetime.combine(day, time(), ALGIERS)


def unprotected(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Drop rows that any row of any app protects, so that new apps are safe by default."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.on_delete in (PROTECT, RESTRICT):
            there = relation.related_model._base_manager
            rows = rows.exclude(Exists(there.filter(**{relation.field.name: OuterRef("pk")})))
    return rows


def _run_one(purge: Purge, report: Report, cap: Cap | None, batch: int) -> Line:
    line = Line(purge, purge.rows().count(), purge.due(report.today).count())
    line.is_refused = not _may_go(line, cap)
    if line.is_refused:
        log.critical(
            "purge of %s refused: %s of %s rows would go", purge.name, line.due, line.total
        )
    elif line.due and not report.dry_run:
        line.removed = sum(_remove_in_batches(purge, report, batch))
    return line


def _may_go(line: Line, cap: Cap | None) -> bool:
    if cap is not None:
        return cap.allows(line.due, line.total)
    return line.due <= ALWAYS or usual_cap().allows(line.due, line.total)


def _remove_in_batches(purge: Purge, report: Report, size: int) -> Iterator[int]:
    keys = list(purge.due(report.today).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        if monotonic() > report.until:
            return
        yield _remove_batch(purge, report.today, keys[start : start + size])


@transaction.atomic
def _remove_batch(purge: Purge, today: date, keys: list[Any]) -> int:
    """End what is still due of `keys`; what somebody holds locked is left to the next run."""
    due = purge.due(today).filter(pk__in=keys)
    rows = list(due.select_for_update(of=("self",), skip_locked=True))
    return purge.remove(rows) if rows else 0


@transaction.atomic
def _remember(report: Report) -> None:
    run = PurgeRun.objects.create(
        day=report.today,
        removed={line.purge.name: line.removed for line in report.lines if line.removed},
        refused={line.purge.name: line.due for line in report.refused},
        finished_at=timezone.now(),
    )
    details = {"removed": run.removed, "refused": run.refused}
    audit.record(actor=None, action="purge.run", subject=run, details=details)
    if report.refused:
        _alarm(run)


def _alarm(run: PurgeRun) -> None:
    """Tell every administrator that a person has to decide, at most once a day."""
    administrators = User.objects.filter(groups__name=Role.ADMINISTRATOR, is_active=True)
    for administrator in administrators:
        enqueue(PurgeStopped.told(administrator, run))
