"""An export from the wish to the file and its end: everything about me, for seven days (DP-05)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.outbox.broker import Announcer
from portal.outbox.operations import enqueue
from portal.uploads import stores

from .archive import FOLDER, Blob, as_text, store_archive
from .models import DataExport
from .notifications import ExportReady
from .sections import ExportFile, sections
from .trail import trail_of

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(minutes=10)  # who asks sooner gets the one that is there
LEASE = timedelta(minutes=10)  # far above the longest task
ATTEMPTS = 5
ORPHANED_AFTER = timedelta(hours=24)

announce = Announcer("portal.data_rights.tasks.build").announce


@transaction.atomic
def request_export(*, owner: User) -> DataExport:
    """Note that `owner` wants an export, and have it built; asking twice asks once."""
    User.objects.select_for_update().get(pk=owner.pk)
    now = timezone.now()
    known = DataExport.objects.filter(owner=owner).exclude(state=DataExport.State.FAILED)
    recent = known.filter(
        Q(state=DataExport.State.REQUESTED) | Q(requested_at__gt=now - AGAIN_AFTER)
    ).first()
    if recent is not None:
        return recent
    row = DataExport.objects.create(owner=owner, expires_at=now + KEPT_FOR)
    audit.record(actor=owner, action="dataexport.request", subject=row)
    transaction.on_commit(partial(announce, str(row.pk)))
    return row


def build(key: str) -> None:
    """Build one export that was asked for; safe to run again and beside itself."""
    row = _claimed(key)
    if row is None:
        return
    try:
        blob = _written(row.owner)
    except Exception:
        log.exception("the export %s could not be built", key)
        _let_go(row)
        return
    if not _ready(row, blob):
        stores.remove(blob.name)


def build_waiting() -> None:
    """Build what was lost on the way to a worker, or left by a dead one."""
    waiting = _waiting().values_list("pk", flat=True)
    for key in waiting:
        build(str(key))


def remove_exports(rows: Sequence[DataExport]) -> int:
    """Delete exports now and their content once that is committed; `rows` are locked."""
    DataExport.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(partial(stores.remove, *[row.blob_name for row in rows]))
    return len(rows)


def remove_orphans() -> int:
    """Delete archives that no row names: left by a crash between storing and committing."""
    removed = 0
    for name in _stored():
        known = DataExport.objects.filter(blob_name=name).exists()
        if not known and timezone.now() - stores.stored_at(name) > ORPHANED_AFTER:
            stores.remove(name)
            removed += 1
    return removed


def contents(user: User) -> dict[str, Any]:
    """Return everything about `user` as plain values."""
    found = {section.name: section.collect(user) for section in sections()}
    return {**found, "trail": trail_of(user)}


def _written(owner: User) -> Blob:
    with translation.override(owner.language):
        texts = {"README.txt": _explanation(), "data.json": as_text(contents(owner))}
    return store_archive(texts, _files(owner))


def _files(owner: User) -> Iterator[ExportFile]:
    for section in sections():
        yield from section.files(owner)


def _explanation() -> str:
    return "\n\n".join(
        (
            _("This archive holds everything that Guichet keeps about you."),
            _(
                "data.json: your account, your household, your applications, messages and "
                "appointments, and the list of who read what. Staff are named by their role."
            ),
            _("files: the papers that you sent."),
            _(
                "The Visa Information System is not part of Guichet. Ask the state you applied "
                "to for what it keeps there."
            ),
        )
    )


def _waiting() -> Any:
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    return DataExport.objects.filter(free, state=DataExport.State.REQUESTED)


def _claimed(key: str) -> DataExport | None:
    lease = timezone.now() + LEASE
    if not _waiting().filter(pk=key).update(claimed_until=lease, attempts=F("attempts") + 1):
        return None
    return DataExport.objects.select_related("owner").filter(pk=key).first()


@transaction.atomic
def _ready(row: DataExport, blob: Blob) -> bool:
    """Mark an export as ready and tell its owner; False if it ended in the meantime."""
    now = timezone.now()
    changed = DataExport.objects.filter(pk=row.pk, state=DataExport.State.REQUESTED).update(
        state=DataExport.State.READY,
        ready_at=now,
        expires_at=now + KEPT_FOR,
        blob_name=blob.name,
        blob_key=blob.key,
        size=blob.size,
        claimed_until=None,
    )
    if changed:
        row.refresh_from_db()
        older = DataExport.objects.filter(owner=row.owner, requested_at__lt=row.requested_at)
        remove_exports(list(older.select_for_update()))
        enqueue(ExportReady.about(row))
    return bool(changed)


def _let_go(row: DataExport) -> None:
    """Free a failed attempt for the sweep, or give up after the last one."""
    rows = DataExport.objects.filter(pk=row.pk, state=DataExport.State.REQUESTED)
    if row.attempts >= ATTEMPTS:
        rows.update(state=DataExport.State.FAILED, claimed_until=None)
    else:
        rows.update(claimed_until=timezone.now() + timedelta(minutes=row.attempts))


def _stored() -> Iterator[str]:
    try:
        _folders, files = stores.store().listdir(FOLDER)
    except FileNotFoundError:
        return
    yield from (f"{FOLDER}/{file}" for file in files)
