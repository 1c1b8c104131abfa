"""What cases hold about a person, and when it ends: a year after closing (DP-04, DP-05).

What handlers note for each other is not in an export.  Notes name third people, such as the
member of staff a complaint is about, whose rights an export by machine cannot weigh; whoever wants
them asks the authority, which can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.operations.erasure import before_closing
from applications.rules.law import LAW
from applications.rules.retention import Kept, kept_since
from portal.accounts.models import User
from portal.data_rights.purges import Purge, register_purge, start_of
from portal.data_rights.sections import ExportFile, register_section
from portal.uploads import stores
from portal.uploads.kinds import Kind
from portal.uploads.models import StoredFile

from .enums import ENDED_CASES, SUBJECTS, WAITING_MAILS, Category
from .erasure import erase_complaints, erase_mails, strip_appeals
from .models import (
    Case,
    CaseFile,
    CaseMessage,
    ComplaintDraft,
    IncomingMail,
    Letter,
)
from .operations.drafts import forget_drafts
from .own_cases import own_cases
from .standing import standing


def register() -> None:
    """Tell the registries."""
    register_section("complaints", cases_of, files=files_of, subjects=_subjects)
    register_section("unsent_complaints", drafts_of)
    before_closing(let_go_of_account)
    for name, title, model, due, remove in _KINDS:
        rows = model._default_manager.all
        register_purge(Purge(name=name, title=title, rows=rows, due=due, remove=remove))


# --- what a person may take along -------------------------------------------------------------


def cases_of(user: User) -> list[dict[str, Any]]:
    """Return each complaint and appeal of the person, with all that was said and sent."""
    rows = own_cases(user).select_related("mission", "complaint", "appeal")
    return [_case(row) for row in rows.prefetch_related("messages", "letters", "files__file")]


def drafts_of(user: User) -> list[dict[str, Any]]:
    """Return what the person typed and did not send."""
    rows = ComplaintDraft.objects.filter(owner=user).order_by("created_at")
    return [
        {"typed": row.data, "created_at": row.created_at, "updated_at": row.updated_at}
        for row in rows
    ]


def files_of(user: User) -> Iterator[ExportFile]:
    """Yield the files of the person's cases as they were sent, as far as they are clean."""
    parts = CaseFile.objects.filter(case__in=own_cases(user).values("pk"))
    for part in parts.select_related("file", "case").order_by("pk"):
        if part.file.is_ready:
            yield ExportFile(_path(part), partial(_chunks, part.file))


def let_go_of_account(user: User) -> None:
    """Cut what leads from cases to an account that is closed; they stay until their period."""
    sent = CaseFile.objects.filter(file=OuterRef("pk"))
    StoredFile.objects.filter(Exists(sent), owner=user).update(owner=None)
    Case.objects.filter(owner=user).update(owner=None)


def _case(row: Case) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "mission": row.mission.code,
        "category": row.category,
        "state": str(standing(row).label),
        "channel": row.channel,
        "received_at": row.received_at,
        "closed_at": None if row.is_appeal else row.closed_at,
        "language": row.language,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "postal_address": row.postal_address,
        "text": row.text,
        **(_appeal(row) if row.is_appeal else _complaint(row)),
        "messages": [
            {
                "from": "staff" if one.from_staff else "you",
                "text": one.text,
                "sent_at": one.sent_at,
                "read_at": one.read_at,
            }
            for one in row.messages.all()
        ],
        # What was not posted may still change, and is not a letter to the person yet.
        "letters": [_letter(one) for one in row.letters.all() if one.dispatched_on],
        "files": [_file(one) for one in row.files.all()],
    }


def _complaint(row: Case) -> dict[str, Any]:
    about = row.complaint
    return {
        "label": about.label,
        "declared_language": about.declared_language,
        "language_verdict": about.language_verdict,
        "language_insisted": about.language_insisted,
        "appointment": about.appointment_reference,
        "centre": about.counter,
    }


def _appeal(row: Case) -> dict[str, Any]:
    line = row.appeal
    return {
        "number": str(line),
        "against": line.against,
        "decision_reference": line.decision_reference,
        "notified_on": line.notified_on,
        "arrived_at": line.arrived_at,
        "postmarked_on": line.postmarked_on,
        "standing": line.standing,
        "representative": line.representative,
        "last_day": line.last_day,
    }


def _letter(one: Letter) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "dated": one.dated,
        "address": one.address,
        "text": one.text,
        "posted_on": one.dispatched_on,
        "tracking_number": one.tracking_number,
        "came_back_on": one.returned_on,
    }


def _file(part: CaseFile) -> dict[str, Any]:
    file = part.file
    path = _path(part) if file.is_ready else ""
    return {
        "name": file.name,
        "bytes": file.size,
        "sent": file.created_at,
        "state": file.state,
        "path": path,
    }


def _path(part: CaseFile) -> str:
    """Make a path of our own words: the name a file was sent under never leads anywhere."""
    suffix = Kind(part.file.kind).suffix.lstrip(".")
    return f"files/{part.case.reference}/{part.role}-{part.pk}.{suffix}"


def _chunks(file: StoredFile) -> Iterator[bytes]:
    with closing(stores.opened(file.original_name, file.original_key)) as content:
        yield from content.chunks()


def _subjects(user: User) -> Iterable[QuerySet[Any]]:
    cases = own_cases(user)
    yield cases
    yield CaseMessage.objects.filter(case__in=cases.values("pk"))
    yield Letter.objects.filter(case__in=cases.values("pk"))
    files = CaseFile.objects.filter(case__in=cases.values("pk"))
    yield StoredFile.objects.filter(pk__in=files.values("file"))


# --- when it ends -----------------------------------------------------------------------------


def closed_complaints(today: date) -> QuerySet[Case]:
    """Complaints closed or withdrawn longer ago than their period."""
    return _ended(today).filter(category__in=SUBJECTS)


def closed_appeals(today: date) -> QuerySet[Case]:
    """Appeals closed longer ago than that, of which more is left than a line of the register."""
    parts = CaseFile.objects.filter(case=OuterRef("pk"))
    person = Q(name=b"", email=b"", phone=b"", postal_address=b"", text=b"", owner=None)
    is_skeleton = person & ~Exists(parts)
    return _ended(today).filter(~is_skeleton, category=Category.APPEAL)


def old_mails(today: date) -> QuerySet[IncomingMail]:
    """E-mails that became no case; what somebody must still look at waits for them."""
    unseen = Q(outcome__in=WAITING_MAILS, settled_by=None)
    rows = IncomingMail.objects.filter(case=None).exclude(unseen)
    return rows.filter(received_at__lt=_first_kept(Kept.CLOSED_COMPLAINT, today))


def idle_complaint_drafts(today: date) -> QuerySet[ComplaintDraft]:
    """Complaints typed and not sent, which end with their files."""
    first = _first_kept(Kept.IDLE_DRAFT, today)
    return ComplaintDraft.objects.filter(updated_at__lt=first)


def _ended(today: date) -> QuerySet[Case]:
    rows = Case.objects.alias(ended_at=Coalesce("closed_at", "updated_at"))
    first = _first_kept(Kept.CLOSED_COMPLAINT, today)
    return rows.filter(state__in=ENDED_CASES, ended_at__lt=first)


def _first_kept(kind: Kept, today: date) -> Any:
    """Return the first moment that is still kept on `today`."""
    return start_of(kept_since(kind, today, LAW.on(today)))


_KINDS: tuple[tuple[str, Any, Any, Callable[[date], Any], Callable[[Sequence[Any]], int]], ...] = (
    (
        "complaint_draft",
        _("Unsent complaints"),
        ComplaintDraft,
        idle_complaint_drafts,
        forget_drafts,
    ),
    ("closed_complaint", _("Closed complaints"), Case, closed_complaints, erase_complaints),
    ("closed_appeal", _("Closed appeals"), Case, closed_appeals, strip_appeals),
    ("incoming_mail", _("E-mails that became no case"), IncomingMail, old_mails, erase_mails),
)
