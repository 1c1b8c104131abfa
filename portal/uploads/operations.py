"""Take a file in, and end it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from time import monotonic, sleep
from typing import Any

from django.core.files.base import File
from django.db import transaction

from portal.audit import operations as audit
from portal.outbox.broker import Announcer

from . import stores
from .incoming import SealedUpload, sealed
from .models import StoredFile
from .names import display_name
from .recognition import Look, recognise

announce = Announcer("portal.uploads.tasks.settle").announce


def receive(*, upload: File[bytes], owner: Any, actor: Any = None) -> StoredFile:
    """Store an upload sealed, and have it checked; returns it with `is_being_checked`.

    `owner` is the account the file belongs to (None for none), `actor` who sent it if somebody
    else did. Raises a FileRefused (refusals.py) for what can be told at once: empty, too big,
    unknown content, a program, an archive, damaged, protected, too many pixels. What takes longer
    (pages, bombs, malware) is found by a task within seconds and told through `refusal` and the
    signal `file_settled`.
    """
    arrived = sealed(upload)
    look = recognise(arrived)
    arrived.spool.store()
    try:
        return _written(arrived, look, owner=owner, actor=actor or owner)
    except Exception:
        stores.remove(arrived.spool.name)
        raise


def wait_until_settled(*, stored_file: StoredFile, seconds: float = 2.0) -> StoredFile:
    """Give the checks a moment, so that most people see their outcome at once.

    For views, after the commit: returns the row as it is when settled or when time is up.
    """
    until = monotonic() + seconds
    stored_file.refresh_from_db()
    while stored_file.is_being_checked and monotonic() < until:
        sleep(0.1)
        stored_file.refresh_from_db()
    return stored_file


def destroy(stored_file: StoredFile, *, actor: Any = None, reason: str = "") -> None:
    """Delete the row now and its stored content once that is committed.

    Deleting the row forgets the keys, so content that a crash leaves behind cannot be read, and
    `sweeping` removes it. Raises ProtectedError while another row points at it with PROTECT:
    delete that one first, in the same transaction.
    """
    destroy_all([stored_file], actor=actor, reason=reason)


@transaction.atomic
def destroy_all(files: Iterable[StoredFile], *, actor: Any = None, reason: str = "") -> int:
    """Destroy many files at once, in a constant number of queries; returns how many."""
    rows = list(StoredFile.objects.select_for_update().filter(pk__in=[one.pk for one in files]))
    audit.record_all(actor=actor, action="storedfile.destroy", subjects=rows, reason=reason)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    names = [name for row in rows for name in (row.original_name, row.cleaned_name)]
    # A store that is away now must not undo what is committed: sweeping finds what stays.
    transaction.on_commit(partial(stores.remove, *names), robust=True)
    return len(rows)


@transaction.atomic
def _written(arrived: SealedUpload, look: Look, *, owner: Any, actor: Any) -> StoredFile:
    row = StoredFile.objects.create(owner=owner, **_described(arrived, look))
    details = {"kind": str(row.kind), "bytes": row.size}
    audit.record(actor=actor, action="storedfile.receive", subject=row, details=details)
    transaction.on_commit(partial(announce, str(row.pk)))
    return row


def _described(arrived: SealedUpload, look: Look) -> dict[str, Any]:
    spool = arrived.spool
    return {
        "name": display_name(arrived.sent_name),
        "kind": look.kind,
        "size": spool.size,
        "digest": spool.digest,
        "width": look.width,
        "height": look.height,
        "original_name": spool.name,
        "original_key": spool.key,
    }
