"""What the applicant and the consulate write to each other inside a file."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.outbox.operations import enqueue
from portal.suspension import Action, check

from ..enums import ApplicationState
from ..models import Application, FileMessage
from ..notifications import MessageWaits
from ..permissions import locked_for
from ..refusals import MessageEmpty, MessagesTooMany, MessageTooLong, NotSubmittedYet

TEXT_LIMIT = 4000  # characters
MOST_A_DAY = 30  # messages of an applicant about one file; nobody can read more
# A second click sends the same text again at once; the same text later is a new message.
_DOUBLE_CLICK = timedelta(minutes=1)


@transaction.atomic
def write(
    *, application_id: uuid.UUID, author: User, text: str, seen: int | None = None
) -> FileMessage:
    """Add a message to the conversation of a file.

    The owner of the application writes as the applicant, staff of its mission for the consulate;
    for everybody else it does not exist (Application.DoesNotExist).  Staff who answer have read;
    an applicant has read up to `seen`, the number of the last message on the page.
    The applicant is told by e-mail that a message waits, never what it says.  Raises
    MessageEmpty, MessageTooLong, MessagesTooMany, or NotSubmittedYet while nobody at the
    consulate reads the file.
    """
    application = locked_for(author, application_id)
    text = _sound(text)
    from_staff = author.pk != application.owner_id
    if not from_staff:
        check(Action.ANYTHING, mission_id=application.mission_id)
    if application.state == ApplicationState.DRAFT and not from_staff:
        raise NotSubmittedYet
    again = _sent_just_now(application, author, text)
    if again is not None:
        return again
    if not from_staff:
        _refuse_floods(application)
    message = FileMessage.objects.create(
        application=application, author=author, from_staff=from_staff, text=text
    )
    audit.record(actor=author, action="message.write", subject=application)
    if from_staff:
        _mark(application, from_staff=False)
        enqueue(MessageWaits.about(message))
    elif seen is not None:
        _mark(application, from_staff=True, until=seen)
    return message


@transaction.atomic
def mark_read(*, application_id: uuid.UUID, reader: User, until: int | None = None) -> int:
    """Mark what the other side wrote as read; returns how many messages were new.

    `until` is the number of the last message that was on the page: what came in meanwhile stays
    new.  Raises Application.DoesNotExist for somebody who is neither the owner nor staff of the
    mission.
    """
    application = locked_for(reader, application_id)
    staff_reads = reader.pk != application.owner_id
    new = _mark(application, from_staff=not staff_reads, until=until)
    if new and staff_reads:
        audit.record(actor=reader, action="message.read", subject=application)
    return new


def _mark(application: Application, *, from_staff: bool, until: int | None = None) -> int:
    unread = application.messages.filter(from_staff=from_staff, read_at=None)
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=timezone.now())


def _refuse_floods(application: Application) -> None:
    since = timezone.now() - timedelta(days=1)
    sent = application.messages.filter(from_staff=False, sent_at__gt=since).count()
    if sent >= MOST_A_DAY:
        raise MessagesTooMany(params={"limit": MOST_A_DAY})


def _sound(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise MessageEmpty
    if len(text) > TEXT_LIMIT:
        raise MessageTooLong(params={"limit": TEXT_LIMIT, "length": len(text)})
    return text


def _sent_just_now(application: Application, author: User, text: str) -> FileMessage | None:
    last = application.messages.order_by("-sent_at", "-pk").first()
    if last is None or last.author_id != author.pk or last.text != text:
        return None
    return last if timezone.now() - last.sent_at < _DOUBLE_CLICK else None
