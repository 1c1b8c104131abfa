"""When what this portal holds ends by itself (DP-04): one function per kind, one registration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import (
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Access, Entry
from portal.audit.operations import forget_rows
from portal.data_rights.purges import Purge, register_purge, start_of, unprotected
from portal.dates import civil_date
from portal.outbox.models import Message
from portal.outbox.operations import enqueue
from portal.outbox.workflow import ENDED
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy_all

from .enums import ApplicationState as State
from .models import Application, Decision, Document, HostedApplication, HostingCertificate
from .notifications import DraftGoesSoon
from .operations.erasure import end_account, erase_applications
from .rules.law import LAW
from .rules.retention import Kept, kept_since, last_day_kept, warned_from
from .standing import ANSWERED


def register() -> None:
    """Tell the registry; drafts come first and what they point at later."""
    for name, title, model, due, remove in _KINDS:
        rows = model._default_manager.all
        register_purge(Purge(name=name, title=title, rows=rows, due=due, remove=remove))


# --- files ------------------------------------------------------------------------------------


def idle_drafts(today: date) -> QuerySet[Application]:
    """Drafts in which nothing was written and no paper put for longer than their period."""
    return _untouched(Application.objects.filter(state=State.DRAFT), Kept.IDLE_DRAFT, today)


def withdrawn(today: date) -> QuerySet[Application]:
    """Withdrawn before they were handed in."""
    rows = Application.objects.filter(state=State.WITHDRAWN, filed_on=None)
    return rows.filter(updated_at__lt=_first_kept(Kept.WITHDRAWN, today))


def idle_files(today: date) -> QuerySet[Application]:
    """Submitted, and neither booked nor handed in; or booked for a day long gone."""
    rows = Application.objects.filter(state__in=[State.SUBMITTED, State.NOT_ACCEPTED, State.BOOKED])
    first = kept_since(Kept.IDLE_FILE, today, LAW.on(today))
    gone = Q(appointment_day=None) | Q(appointment_day__lt=first)
    return _untouched(rows.filter(gone), Kept.IDLE_FILE, today)


def closed_files(today: date) -> QuerySet[Application]:
    """Answered, or withdrawn after they were handed in: counted from the last answer."""
    first = kept_since(Kept.CLOSED_FILE, today, LAW.on(today))
    answers = Decision.objects.filter(application=OuterRef("pk"))
    recent = answers.filter(Q(notified_on__gte=first) | Q(notified_on=None, decided_on__gte=first))
    ended = Q(state__in=ANSWERED) | Q(state=State.WITHDRAWN, filed_on__isnull=False)
    changed = Q(updated_at__lt=start_of(first)) | Exists(answers)
    return Application.objects.filter(ended, changed, ~Exists(recent))


def loose_certificates(today: date) -> QuerySet[HostingCertificate]:
    """Hosting certificates that cover nobody any more."""
    rows = HostingCertificate.objects.filter(
        ~Exists(HostedApplication.objects.filter(certificate=OuterRef("pk")))
    )
    return rows.filter(updated_at__lt=_first_kept(Kept.IDLE_DRAFT, today))


# --- what lies beside the files ---------------------------------------------------------------


def loose_uploads(today: date) -> QuerySet[StoredFile]:
    """Stored files that nothing points at."""
    rows = StoredFile.objects.filter(created_at__lt=_first_kept(Kept.LOOSE_UPLOAD, today))
    return unprotected(rows)


def old_messages(today: date) -> QuerySet[Message]:
    """Messages that reached somebody or never will."""
    rows = Message.objects.filter(state__in=ENDED)
    return rows.filter(created_at__lt=_first_kept(Kept.MESSAGE, today))


def idle_accounts(today: date) -> QuerySet[User]:
    """Applicants without a file who have not signed in for longer than their period."""
    first = _first_kept(Kept.IDLE_ACCOUNT, today)
    seen = Q(last_login__lt=first) | Q(last_login=None, date_joined__lt=first)
    rows = User.objects.filter(seen, is_staff=False, is_superuser=False, is_active=True)
    return unprotected(rows)


def old_trail(model: Any, today: date) -> QuerySet[Any]:
    """Lines of the trail whose time is over."""
    rows: QuerySet[Any] = model.objects.filter(at__lt=_first_kept(Kept.TRAIL, today))
    return rows


def old_sessions(today: date) -> QuerySet[Session]:
    """Sessions that have ended, with the input that waited in them."""
    return Session.objects.filter(expire_date__lt=start_of(today))


# --- the warning ------------------------------------------------------------------------------


def warn_of_idle_drafts(*, today: date) -> int:
    """Tell the holders of drafts that will go soon; each idle spell is told once (DP-04)."""
    law = LAW.on(today)
    gone = idle_drafts(today).values("pk")
    # A draft is warned from the day on which its last day is as near as the notice.
    notice = last_day_kept(Kept.IDLE_DRAFT, today, law) - warned_from(Kept.IDLE_DRAFT, today, law)
    idle_on = start_of(kept_since(Kept.IDLE_DRAFT, today + notice, law) + timedelta(days=1))
    drafts = Application.objects.filter(state=State.DRAFT, updated_at__lt=idle_on)
    drafts = drafts.exclude(pk__in=gone).exclude(_paper_since(idle_on))
    told = 0
    for draft in drafts.select_related("owner", "mission").iterator():
        told += _warn(draft, last_day_kept(Kept.IDLE_DRAFT, civil_date(draft.updated_at), law))
    return told


def _warn(draft: Application, last_day: date) -> int:
    version = civil_date(draft.updated_at).toordinal()
    known = Message.objects.filter(
        kind=DraftGoesSoon.kind, subject=DraftGoesSoon.ref(draft), version=version
    )
    if known.exists():
        return 0
    with transaction.atomic():
        enqueue(DraftGoesSoon.about(draft, version=version, last_day=last_day))
    return 1


# --- parts ------------------------------------------------------------------------------------


def _first_kept(kind: Kept, today: date) -> datetime:
    """Return the first moment that is still kept on `today`."""
    return start_of(kept_since(kind, today, LAW.on(today)))


def _untouched(rows: QuerySet[Application], kind: Kept, today: date) -> QuerySet[Application]:
    first = _first_kept(kind, today)
    return rows.filter(updated_at__lt=first).exclude(_paper_since(first))


def _paper_since(first: datetime) -> Exists:
    papers = Document.objects.filter(application=OuterRef("pk"))
    touched = Q(updated_at__gte=first) | Q(parts__added_at__gte=first)
    return Exists(papers.filter(touched))


def _delete(model: type[Model], rows: Sequence[Any]) -> int:
    model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _end_files(rows: Sequence[Application]) -> int:
    """Erase files, and leave a line without content for each: that its time was over."""
    audit.record_all(actor=None, action="application.end", subjects=rows, reason="DP-04")
    return erase_applications(rows)


def _end_accounts(rows: Sequence[User]) -> int:
    for user in rows:
        end_account(user)
    return len(rows)


_KINDS: tuple[tuple[str, Any, Any, Callable[[date], Any], Callable[[Sequence[Any]], int]], ...] = (
    ("idle_draft", _("Idle drafts"), Application, idle_drafts, _end_files),
    ("withdrawn", _("Withdrawn applications"), Application, withdrawn, _end_files),
    ("idle_file", _("Submitted, never handed in"), Application, idle_files, _end_files),
    ("closed_file", _("Closed files"), Application, closed_files, _end_files),
    (
        "loose_certificate",
        _("Hosting certificates of nobody"),
        HostingCertificate,
        loose_certificates,
        partial(_delete, HostingCertificate),
    ),
    ("loose_upload", _("Files of no paper"), StoredFile, loose_uploads, destroy_all),
    ("message", _("Messages"), Message, old_messages, partial(_delete, Message)),
    ("idle_account", _("Idle accounts"), User, idle_accounts, _end_accounts),
    ("session", _("Ended sessions"), Session, old_sessions, partial(_delete, Session)),
    ("entry", _("Audit entries"), Entry, partial(old_trail, Entry), partial(forget_rows, Entry)),
    ("access", _("Accesses"), Access, partial(old_trail, Access), partial(forget_rows, Access)),
)
