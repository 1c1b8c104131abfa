"""Settle what became of a file: scan it, clean it, and write down the outcome.

A claim is a lease, as in the outbox: nobody holds a lock while a scanner thinks or a picture is
decoded. Attempts are counted in the database before the work begins, so that a file which kills
whoever opens it is refused in the end instead of going round for ever. What is not the file's
fault (a storage that is away, an app that fails to listen) does not count against it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from portal.audit import operations as audit
from portal.workflow import TransitionRefused

from . import sandbox, scanner, stores
from .models import StoredFile
from .refusals import FileRefused, Infected, Unreadable
from .sealing import BrokenSeal
from .signals import file_settled
from .workflow import WORKFLOW, ScanState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # above the hard time limit of a task: the worker is dead by then
BACK_OFF = timedelta(minutes=1)
ATTEMPTS = 3
BATCH = 50  # files of one sweep
PATIENCE = 60  # seconds of one sweep; the last file may take as long again, twice
THE_FILES_FAULT = (sandbox.ChildLost, BrokenSeal, SoftTimeLimitExceeded)
TARGETS = {step.name: step.target for step in WORKFLOW.transitions}
NO_CONTENT = {"original_name": "", "original_key": "", "cleaned_name": "", "cleaned_key": "",
              "cleaned_size": None}  # fmt: skip


def settle(key: Any) -> bool:
    """Settle one file if it waits and nobody else works on it; tell whether it is settled."""
    row = _claimed(_waiting().filter(pk=key))
    return row is not None and _worked_on(row)


def settle_waiting() -> int:
    """Settle what waits, the oldest first; return how many files were settled."""
    until, settled = monotonic() + PATIENCE, 0
    for _ in range(BATCH):
        row = _claimed(_waiting().order_by("created_at"))
        if row is None or monotonic() > until:
            break
        settled += _worked_on(row)
    return settled


def scan_waiting() -> int:
    """Scan ready files that no scanner has seen; return how many got a verdict.

    The one that was tried longest ago comes first, so that no file blocks the others.
    """
    if not scanner.is_configured():
        return 0
    until, scanned = monotonic() + PATIENCE, 0
    unscanned = StoredFile.objects.filter(state="clean", scan_state=ScanState.NOT_SCANNED)
    for row in unscanned.order_by(F("scan_tried_at").asc(nulls_first=True), "created_at")[:BATCH]:
        try:
            _scanned(row)
            scanned += 1
        except scanner.ScannerAway:
            break
        except Exception as error:  # one file must not stop the others
            _scan_later(row, error)
        if monotonic() > until:
            break
    return scanned


# --- Who works on what --------------------------------------------------------------------------


def _waiting() -> QuerySet[StoredFile]:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now())
    return StoredFile.objects.filter(free, state="received")


def _claimed(waiting: QuerySet[StoredFile]) -> StoredFile | None:
    """Claim the first file that may still be tried; those that were tried enough are refused."""
    while True:
        with transaction.atomic():
            row = waiting.select_for_update(skip_locked=True).first()
            if row is None:
                return None
            if row.attempts < ATTEMPTS:
                row.attempts, row.claimed_until = row.attempts + 1, timezone.now() + LEASE
                row.save(update_fields=["attempts", "claimed_until"])
                return row
            _give_up(row)


def _give_up(row: StoredFile) -> None:
    try:
        _refuse(row, Unreadable())
    except Exception as error:  # an app that listens: it must not stop the others' files
        _put_off(row, error, counts=True)


def _put_off(row: StoredFile, error: Exception, *, counts: bool) -> None:
    log.warning("file %s, attempt %s: %r", row.pk, row.attempts, error)
    StoredFile.objects.filter(pk=row.pk, attempts=row.attempts).update(
        claimed_until=timezone.now() + BACK_OFF * row.attempts,
        attempts=row.attempts if counts else row.attempts - 1,
    )


# --- The work -----------------------------------------------------------------------------------


def _worked_on(row: StoredFile) -> bool:
    try:
        _work_on(row)
    except Exception as error:  # a storage, a child, an app that listens: the file must not hang
        _put_off(row, error, counts=isinstance(error, THE_FILES_FAULT))
        return False
    return True


def _work_on(row: StoredFile) -> None:
    try:
        _scan_first(row)
        if row.scan_state != ScanState.INFECTED:
            _accept(row, _cleaned(row))
    except FileRefused as refusal:
        _refuse(row, refusal)


def _scan_first(row: StoredFile) -> None:
    """Scan before cleaning, so that cleaning opens less that is hostile; do without if need be."""
    if not scanner.is_configured() or row.scan_state != ScanState.NOT_SCANNED:
        return
    try:
        _scanned(row)
    except scanner.ScannerAway:
        log.warning("the virus scanner is away; file %s waits for it", row.pk)
    except scanner.ScanFailed as failure:
        _scan_later(row, failure)


def _scan_later(row: StoredFile, error: Exception) -> None:
    log.warning("no verdict on file %s: %r", row.pk, error)
    StoredFile.objects.filter(pk=row.pk).update(scan_tried_at=timezone.now())


def _scanned(row: StoredFile) -> None:
    """Ask the scanner, and write down what it said; raises ScannerAway or ScanFailed."""
    with stores.opened(row.original_name, row.original_key) as content:
        found = scanner.malware_in(content.chunks())
    if found:
        log.warning("malware %s in file %s", found, row.pk)
        _refuse(row, Infected(), scan_state=ScanState.INFECTED, scan_tried_at=timezone.now())
        return
    row.scan_state, row.scan_tried_at = ScanState.CLEAN, timezone.now()
    row.save(update_fields=["scan_state", "scan_tried_at"])


def _cleaned(row: StoredFile) -> sandbox.Cleaned:
    with stores.opened(row.original_name, row.original_key) as content:
        return sandbox.clean(row.kind, content.chunks())


# --- The outcome --------------------------------------------------------------------------------


def _accept(row: StoredFile, cleaned: sandbox.Cleaned) -> None:
    spool = cleaned.spool
    try:
        spool.store()
        _move(row, "accept", cleaned_name=spool.name, cleaned_key=spool.key,
              cleaned_size=spool.size, **cleaned.described)  # fmt: skip
    except Exception:
        stores.remove(spool.name)
        raise
    finally:
        spool.close()


def _refuse(row: StoredFile, refusal: FileRefused, **changes: Any) -> None:
    names = (row.original_name, row.cleaned_name)
    with transaction.atomic():
        _move(row, "refuse", refusal_code=refusal.code, **NO_CONTENT, **changes)
        transaction.on_commit(lambda: stores.remove(*names), robust=True)


@transaction.atomic
def _move(row: StoredFile, name: str, **changes: Any) -> None:
    """Write state and changes in one statement, log it, and tell the apps.

    The mover of `portal.workflow` saves the state alone, which the constraints would refuse.
    """
    present = StoredFile.objects.select_for_update().get(pk=row.pk)
    if not WORKFLOW.allows(present.state, name):
        raise TransitionRefused(params={"state": present.get_state_display(), "name": name})
    source, target = present.state, TARGETS[name]
    values = {"state": target, "settled_at": timezone.now(), "claimed_until": None, **changes}
    for field, value in values.items():
        setattr(row, field, value)
    row.save(update_fields=list(values))
    audit.record(
        actor=None,
        action=f"storedfile.{name}",
        subject=row,
        details={"from": source, "to": target, "code": row.refusal_code},
    )
    file_settled.send(sender=StoredFile, stored_file=row)
