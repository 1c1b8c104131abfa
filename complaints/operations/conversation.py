"""What the person of a complaint and its handler write to each other.

An appeal has no conversation: it is answered by post, and asked about by letter (RC-02).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from applications.refusals import MessageEmpty, MessageTooLong
from portal.audit import operations as audit
from portal.outbox.notifications import Notification
from portal.outbox.operations import enqueue
from portal.uploads import operations as uploads

from ..conversation_notifications import CaseMessageWaits
from ..enums import OPEN_CASES, CaseState, FileRole
from ..models import Case, CaseFile, CaseMessage
from ..permissions import may_handle
from ..refusals import (
    AnsweredByPost,
    CaseOver,
    NotYourCase,
    NoWayToAsk,
    TooManyFilesOfCase,
    TooManyMessages,
)
from ..workflow import CASE_WORKFLOW

TEXT_LIMIT = 4000  # characters
MOST_A_DAY = 20  # messages of a person about one case
MOST_FILES = 5  # of one message
MOST_FILES_OF_CASE = 20
# A second click sends the same text again at once; the same text later is a new message.
_DOUBLE_CLICK = timedelta(minutes=1)


@transaction.atomic
def ask(*, case: Case, actor: Any, text: str) -> CaseMessage:
    """Ask the person something on the page of their complaint; they are told that it waits.

    Whoever asks has read what the person wrote.  Raises NotYourCase, AnsweredByPost for an
    appeal, NoWayToAsk, MessageEmpty, MessageTooLong or TransitionRefused.
    """
    case = _locked(case.pk)
    if case.assigned_to_id != actor.pk or not may_handle(actor, case):
        raise NotYourCase
    if case.is_appeal:
        raise AnsweredByPost
    if not case.email:
        raise NoWayToAsk
    text = _sound(text)
    again = _sent_just_now(case, text, from_staff=True)
    if again is not None:
        return again
    if case.state != CaseState.ASKED:
        CASE_WORKFLOW.move(case, "ask", actor=actor)
    message = CaseMessage.objects.create(case=case, from_staff=True, author=actor, text=text)
    audit.record(actor=actor, action="case.message", subject=case)
    _mark(case, from_staff=False)
    tell(CaseMessageWaits.about(message))
    return message


@transaction.atomic
def write_back(
    *,
    case_id: uuid.UUID,
    actor: Any = None,
    text: str,
    files: Sequence[File[bytes]] = (),
    seen: int | None = None,
) -> CaseMessage:
    """Add what the person of a complaint writes; what was asked is answered by it.

    Who the person is, the page has made sure of; `actor` is their account, if they have one.
    They have read up to `seen`, the number of the last message on the page.  Raises
    AnsweredByPost for an appeal, CaseOver, MessageEmpty, MessageTooLong, TooManyMessages,
    TooManyFilesOfCase, or a FileRefused; then nothing is written.  A maintenance stops none of it.
    """
    case = _locked(case_id)
    if case.is_appeal:
        raise AnsweredByPost
    if case.state not in OPEN_CASES:
        raise CaseOver
    text = _sound(text, may_be_empty=bool(files))
    again = None if files else _sent_just_now(case, text, from_staff=False)
    if again is not None:
        return again
    _refuse_floods(case, len(files))
    # No author: an account that is closed must not be held back by what it wrote.
    message = CaseMessage.objects.create(case=case, from_staff=False, author=None, text=text)
    for upload in files:
        stored = uploads.receive(upload=upload, owner=None, actor=actor)
        CaseFile.objects.create(case=case, file=stored, role=FileRole.ATTACHMENT)
    audit.record(actor=actor, action="case.message", subject=case, details={"files": len(files)})
    if seen is not None:
        _mark(case, from_staff=True, until=seen)
    if case.state == CaseState.ASKED:
        CASE_WORKFLOW.move(case, "hear", actor=actor)
    return message


@transaction.atomic
def mark_read(*, case_id: uuid.UUID, until: int) -> int:
    """Mark what the consulate wrote as read by the person, up to message number `until`."""
    return _mark(_locked(case_id), from_staff=True, until=until)


@transaction.atomic
def mark_read_by_staff(*, case: Case, actor: Any, until: int) -> int:
    """Mark what the person wrote as read by the handler; raises NotYourCase."""
    case = _locked(case.pk)
    if case.assigned_to_id != actor.pk or not may_handle(actor, case):
        raise NotYourCase
    new = _mark(case, from_staff=False, until=until)
    if new:
        audit.record(actor=actor, action="case.message_read", subject=case)
    return new


@transaction.atomic
def withdraw_own(*, case_id: uuid.UUID, actor: Any = None) -> Case:
    """Take a complaint back, as its person; an appeal is withdrawn by a signed letter.

    Raises AnsweredByPost for an appeal, or TransitionRefused once it is answered.
    """
    case = _locked(case_id)
    if case.is_appeal:
        raise AnsweredByPost
    CASE_WORKFLOW.move(case, "withdraw", actor=actor, details={"by": "person"})
    case.closed_at = timezone.now()
    case.save(update_fields=["closed_at"])
    return case


def tell(notification: Notification) -> None:
    """Write a message to the person of a case; on paper they have no address to write to."""
    if notification.recipient:
        enqueue(notification)


def _locked(case_id: uuid.UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("mission", "owner")
    return rows.get(pk=case_id)


def _mark(case: Case, *, from_staff: bool, until: int | None = None) -> int:
    unread = case.messages.filter(from_staff=from_staff, read_at=None)
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=timezone.now())


def _refuse_floods(case: Case, files: int) -> None:
    since = timezone.now() - timedelta(days=1)
    if case.messages.filter(from_staff=False, sent_at__gt=since).count() >= MOST_A_DAY:
        raise TooManyMessages(params={"limit": MOST_A_DAY})
    if not files:
        return
    if files > MOST_FILES or case.files.count() + files > MOST_FILES_OF_CASE:
        raise TooManyFilesOfCase(params={"message": MOST_FILES, "case": MOST_FILES_OF_CASE})


def _sound(text: str, *, may_be_empty: bool = False) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and not may_be_empty:
        raise MessageEmpty
    if len(text) > TEXT_LIMIT:
        raise MessageTooLong(params={"limit": TEXT_LIMIT, "length": len(text)})
    return text


def _sent_just_now(case: Case, text: str, *, from_staff: bool) -> CaseMessage | None:
    last = case.messages.order_by("-sent_at", "-pk").first()
    if last is None or last.from_staff != from_staff or last.text != text:
        return None
    return last if timezone.now() - last.sent_at < _DOUBLE_CLICK else None
