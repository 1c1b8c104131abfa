"""What is typed is kept before anybody judges it, and found again (CP-02, DP-04)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from redis.exceptions import RedisError

from portal.attempts import Counter, count, network_of
from portal.uploads import operations as uploads
from portal.uploads.models import StoredFile

from ..models import CaseFile, ComplaintDraft
from ..refusals import CannotCount, TooManyBegun, TooManyFiles
from ..unsent import MOST_FILES, Unsent

BEGUN_PER_NETWORK = 200  # in a day; a network is many people
FILES_PER_NETWORK = 200


def keep_draft(*, unsent: Unsent, owner: Any, address: str) -> Unsent:
    """Store what was typed; `address` is asked for the first time only.

    Raises TooManyBegun for a network that begins very many, or CannotCount while the store is
    away; the caller then shows the page again with what was typed.
    """
    if unsent.id is not None:
        kept = ComplaintDraft.objects.filter(pk=unsent.id).first()
        if kept is not None:
            kept.data, kept.owner = unsent.as_text(), kept.owner or owner
            kept.save(update_fields=["data", "owner", "updated_at"])
            return unsent
    _count("complaint-begun", address, BEGUN_PER_NETWORK)
    unsent.id = ComplaintDraft.objects.create(owner=owner, data=unsent.as_text()).pk
    return unsent


def find_draft(*, draft_id: str | None, owner: Any) -> Unsent:
    """Return the draft with this number, or the newest of the account; a new one if none is.

    A draft of an account opens for nobody else.
    """
    row = None
    if draft_id and _is_uuid(draft_id):
        row = ComplaintDraft.objects.filter(pk=draft_id).first()
        if row is not None and row.owner_id is not None and row.owner_id != getattr(owner, "pk", 0):
            row = None
    if row is None and owner is not None:
        row = ComplaintDraft.objects.filter(owner=owner).order_by("-updated_at").first()
    return Unsent.read(row) if row else Unsent()


@transaction.atomic
def attach(*, unsent: Unsent, upload: Any, owner: Any, address: str) -> StoredFile:
    """Store a file beside what was typed.

    Raises TooManyFiles, CannotCount, or a FileRefused.
    """
    if len(unsent.files) >= MOST_FILES:
        raise TooManyFiles
    _count("complaint-file", address, FILES_PER_NETWORK)
    stored = uploads.receive(upload=upload, owner=owner)
    unsent.files.append(str(stored.pk))
    keep_draft(unsent=unsent, owner=owner, address=address)
    return stored


@transaction.atomic
def detach(*, unsent: Unsent, file_id: str, owner: Any) -> None:
    """Remove a file that was put beside what was typed; of another draft's nothing happens."""
    if file_id not in unsent.files:
        return
    unsent.files.remove(file_id)
    keep_draft(unsent=unsent, owner=owner, address="")
    _destroy([file_id], owner)


@transaction.atomic
def forget_draft(*, unsent: Unsent, actor: Any) -> None:
    """Delete what was typed, and its files save those that went along with a case."""
    _destroy(unsent.files, actor)
    if unsent.id is not None:
        ComplaintDraft.objects.filter(pk=unsent.id).delete()
    unsent.id, unsent.files = None, []


@transaction.atomic
def forget_drafts(rows: Sequence[ComplaintDraft]) -> int:
    """Delete drafts that nobody came back to, with their files; return how many (DP-04)."""
    _destroy([file for row in rows for file in Unsent.read(row).files], None)
    return ComplaintDraft.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def attachments(unsent: Unsent) -> list[StoredFile]:
    """Return the files beside what was typed, in the order in which they were sent."""
    return list(StoredFile.objects.filter(pk__in=unsent.files).order_by("created_at", "pk"))


def _destroy(files: Sequence[str], actor: Any) -> None:
    if files:
        sent = CaseFile.objects.values("file")
        free = StoredFile.objects.filter(pk__in=files).exclude(pk__in=sent)
        uploads.destroy_all(free, actor=actor)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _count(kind: str, address: str, most: int) -> None:
    try:
        [so_far] = count([Counter(kind, network_of(address), timedelta(days=1))])
    except RedisError as error:
        raise CannotCount from error
    if so_far > most:
        raise TooManyBegun
