"""What happens to the papers of a file.  Each function is one transaction.

Everybody who changes a paper locks its application first, then stored files, then the paper: two
uploads at once come one after the other, and the second is told what the first one did.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.formats import lazy_date
from portal.outbox.operations import enqueue
from portal.suspension import Action, check
from portal.uploads import operations as uploads
from portal.uploads.incoming import sealed
from portal.uploads.models import StoredFile

from ..enums import ApplicationState, DocumentState, Translation
from ..models import Application, Document, DocumentFile
from ..notifications import PaperFileRefused
from ..refusals import (
    DatesBackwards,
    FileTooMuch,
    IssuedInFuture,
    PaperChangedElsewhere,
    PaperIsChecked,
    PapersClosed,
    PaperUnknown,
    ReasonMissing,
    TooManyFiles,
)
from ..rules.checklist_table import CHECKLIST
from ..workflow import DOCUMENT_WORKFLOW

MOST_FILES = 10  # of one paper
MOST_BYTES = 100_000_000  # of one application, refused and replaced files included
MEGABYTE = 1_000_000
# Before the file is handed in, and while the authority waits for papers.
OPEN_STATES = frozenset(
    (
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.BOOKED,
        ApplicationState.NOT_ACCEPTED,
        ApplicationState.PAPERS_ASKED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSays:
    """What a paper says of itself, as far as a rule asks; None: not told."""

    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    amount: int | None = None  # euros that an insurance covers
    translation: str = Translation.NONE


@transaction.atomic
def provide_paper(
    *, application_id: uuid.UUID, owner: User, kind: str, seen_version: int
) -> Document:
    """Note that the traveller has the paper and brings it, without uploading it."""
    document = _own_paper(application_id, owner, kind)
    if document.state == DocumentState.PROVIDED:
        return document
    _refuse_if_changed(document, seen_version)
    _provide(document, owner)
    return _changed(document)


@transaction.atomic
def take_back(*, application_id: uuid.UUID, owner: User, kind: str) -> Document:
    """Note that a paper without files is not there after all; doing it twice is doing it once."""
    document = _own_paper(application_id, owner, kind)
    if document.state != DocumentState.PROVIDED or _live(document).exists():
        return document
    DOCUMENT_WORKFLOW.move(document, "take_back", actor=owner)
    return _changed(document)


@transaction.atomic
def add_file(
    *,
    application_id: uuid.UUID,
    owner: User,
    kind: str,
    upload: File[bytes],
    seen_version: int,
    says: PaperSays | None = None,
) -> Document:
    """Add a file to a paper, and keep what the paper says of itself.

    `seen_version` is the version the traveller saw (0: nothing was there).  A paper that was
    refused begins anew with this file; what the agent saw is kept.  The same file sent twice is
    there once.  Raises a Refused of this app or a FileRefused; then nothing has changed.
    """
    document = _own_paper(application_id, owner, kind)
    arrived = sealed(upload)
    if _live(document).filter(file__digest=arrived.spool.digest).exists():
        return document
    _refuse_if_changed(document, seen_version)
    _set_aside_refused(document)
    _refuse_too_much(document, arrived.size or 0)
    stored = uploads.receive(upload=arrived, owner=owner)
    last = _live(document).aggregate(last=Max("position"))["last"] or 0
    DocumentFile.objects.create(document=document, file=stored, position=last + 1)
    _provide(document, owner)
    _tell(document, says)
    return _changed(document)


@transaction.atomic
def remove_file(*, application_id: uuid.UUID, owner: User, kind: str, part_id: int) -> Document:
    """Remove one file of a paper; a paper without files is to be brought again.

    What an agent has refused is set aside and not destroyed.  Removing twice is removing once.
    """
    document = _own_paper(application_id, owner, kind)
    part = _live(document).filter(pk=part_id).select_related("file").first()
    if part is None:
        return document
    if document.state == DocumentState.NOT_ACCEPTABLE:
        _live(document).filter(pk=part_id).update(replaced_at=timezone.now())
    else:
        _destroy([part], actor=owner)
    if document.state == DocumentState.PROVIDED and not _live(document).exists():
        DOCUMENT_WORKFLOW.move(document, "take_back", actor=owner)
    return _changed(document)


@transaction.atomic
def tell_dates(
    *, application_id: uuid.UUID, owner: User, kind: str, says: PaperSays, seen_version: int
) -> Document:
    """Keep what a paper says of itself: its days, the amount it covers, its translation."""
    document = _own_paper(application_id, owner, kind)
    _refuse_if_changed(document, seen_version)
    _tell(document, says)
    return _changed(document)


@transaction.atomic
def check_paper(
    *, application: Application, kind: str, acceptable: bool, actor: User, reason: str = ""
) -> Document:
    """Record what an agent found of a paper, also of one that came on paper only.

    Raises ReasonMissing for a refusal without one, PaperUnknown, or TransitionRefused.
    """
    if not acceptable and not reason.strip():
        raise ReasonMissing
    Application.objects.select_for_update().get(pk=application.pk)
    document = _paper(application, kind)
    if acceptable:
        DOCUMENT_WORKFLOW.move(document, "check", actor=actor)
        _set_reason(document, "")
    else:
        _refuse(document, actor=actor, reason=reason.strip())
    return _changed(document)


@transaction.atomic
def note_refused_file(*, stored_file: StoredFile) -> None:
    """Tell the traveller that a file was refused after it came in; its paper is to be brought.

    Called while the file is settled, so it takes no lock on the application (see above).
    """
    part = (
        DocumentFile.objects.filter(file=stored_file, replaced_at__isnull=True)
        .select_related("document__application__owner", "document__application__mission", "file")
        .first()
    )
    if part is None:
        return
    document = part.document
    good = _live(document).exclude(file__state="refused").exclude(file=stored_file)
    if document.state == DocumentState.PROVIDED and not good.exists():
        DOCUMENT_WORKFLOW.move(document, "take_back", actor=None)
    _changed(document)
    enqueue(PaperFileRefused.about(part, stored_file))


# --- parts --------------------------------------------------------------------------------------


def _own_paper(application_id: uuid.UUID, owner: User, kind: str) -> Document:
    """Lock the application and return the row of one paper, which the traveller may change.

    Raises Application.DoesNotExist for somebody else's, Suspended, PapersClosed or PaperIsChecked.
    """
    application = Application.objects.select_for_update().get(pk=application_id, owner=owner)
    check(Action.PREPARING, mission_id=application.mission_id)
    if application.state not in OPEN_STATES:
        raise PapersClosed
    document = _paper(application, kind)
    if document.state == DocumentState.CHECKED:
        raise PaperIsChecked
    return document


def _paper(application: Application, kind: str) -> Document:
    if kind not in CHECKLIST.proves:
        raise PaperUnknown
    document, _made = Document.objects.get_or_create(application=application, kind=kind)
    return document


def _refuse_if_changed(document: Document, seen_version: int) -> None:
    if document.version != seen_version:
        raise PaperChangedElsewhere


def _live(document: Document) -> QuerySet[DocumentFile]:
    return DocumentFile.objects.filter(document=document, replaced_at__isnull=True)


def _set_aside_refused(document: Document) -> None:
    """Put away what the new file replaces: what an agent refused, and what the checks refused."""
    if document.state == DocumentState.NOT_ACCEPTABLE:
        _live(document).update(replaced_at=timezone.now())
    refused = _live(document).filter(file__state="refused").select_related("file")
    _destroy(list(refused), actor=None)


def _destroy(parts: Iterable[DocumentFile], *, actor: User | None) -> None:
    files = [part.file for part in parts]
    DocumentFile.objects.filter(file__in=files).delete()
    if files:
        uploads.destroy_all(files, actor=actor)


def _refuse_too_much(document: Document, size: int) -> None:
    if _live(document).count() >= MOST_FILES:
        raise TooManyFiles(params={"limit": MOST_FILES})
    rows = DocumentFile.objects.filter(document__application=document.application_id)
    if (rows.aggregate(total=Sum("file__size"))["total"] or 0) + size > MOST_BYTES:
        raise FileTooMuch(params={"megabytes": MOST_BYTES // MEGABYTE})


def _provide(document: Document, actor: User) -> None:
    if document.state == DocumentState.PROVIDED:
        return
    DOCUMENT_WORKFLOW.move(document, "provide", actor=actor, details={"kind": document.kind})
    _set_reason(document, "")


def _tell(document: Document, says: PaperSays | None) -> None:
    if says is None:
        return
    today = civil_date(timezone.now())
    if says.issued_on and says.issued_on > today:
        raise IssuedInFuture(params={"today": lazy_date(today)})
    if says.valid_from and says.valid_until and says.valid_until < says.valid_from:
        raise DatesBackwards
    values = asdict(says)
    changed = [name for name, value in values.items() if getattr(document, name) != value]
    if not changed:
        return
    for name, value in values.items():
        setattr(document, name, value)
    document.save(update_fields=[*values, "updated_at"])
    audit.record(
        actor=document.application.owner,
        action="document.tell",
        subject=document,
        mission=document.application.mission,
        details={"kind": document.kind, "changed": changed},
    )


def _refuse(document: Document, *, actor: User, reason: str) -> None:
    # The database keeps an unacceptable paper with its reason at every moment between.
    before = document.reason
    _set_reason(document, reason)
    try:
        DOCUMENT_WORKFLOW.move(document, "refuse", actor=actor, reason=reason)
    except Exception:
        document.reason = before
        raise


def _set_reason(document: Document, reason: str) -> None:
    document.reason = reason
    Document.objects.filter(pk=document.pk).update(reason=reason)


def _changed(document: Document) -> Document:
    """Count the change, so that another window notices it."""
    Document.objects.filter(pk=document.pk).update(
        version=F("version") + 1, updated_at=timezone.now()
    )
    document.version += 1
    return document
