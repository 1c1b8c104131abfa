"""Put a message into the outbox, and put it there again when it did not reach anyone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import broker
from .channels import Channel, Urgency
from .models import Message, message_id, recipient_key
from .notifications import Notification
from .telephones import takes_texts, valid_number
from .workflow import UNREACHED, WORKFLOW

AT_ONCE = 1000  # notifications whose messages one statement writes


def enqueue(notification: Notification) -> Message:
    """Write a message in the caller's transaction, for each channel; sent once that commits.

    Telling the same thing twice (same kind, subject and version) keeps the first messages and
    returns the e-mail of them. Raises TransactionManagementError outside a transaction, where a
    message could outlive the change it tells of.
    """
    _require_transaction()
    rows = messages_of(notification)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [_key(notification, Channel(row.channel)) for row in rows]
    kept = [Message.objects.get(**key) for key in keys]
    for message in kept:
        transaction.on_commit(partial(broker.announce_one, message.pk, message.urgency))
    return kept[0]


def enqueue_all(notifications: Iterable[Notification]) -> int:
    """Write the messages of very many in the caller's transaction; return how many there are.

    A worker is told once, and claims them batch by batch. What was told before is kept as it is
    and counts here. Raises TransactionManagementError outside a transaction.
    """
    _require_transaction()
    ahead, written = iter(notifications), 0
    while some := list(islice(ahead, AT_ONCE)):
        rows = [row for notification in some for row in messages_of(notification)]
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        written += len(rows)
    if written:
        transaction.on_commit(broker.announce_many)
    return written


def messages_of(notification: Notification) -> list[Message]:
    """Return the unsaved rows of a notification, the first channel first.

    An operation that writes them in a statement of its own calls `announce` or `announce_many`.
    """
    return [_message(notification, channel) for channel in channels_of(notification)]


def channels_of(notification: Notification) -> list[Channel]:
    """Return the channels over which this one can be told."""
    return [
        channel
        for channel in notification.channels
        if channel != Channel.SMS or _can_text(notification)
    ]


def unsaved(notification: Notification) -> Message:
    """Return the row of a message that has one channel; ValueError if it has more.

    The operation that writes it calls `announce` with the ids of the rows afterwards.
    """
    if len(notification.channels) > 1:
        raise ValueError(f"{notification.kind} has several channels: use messages_of")
    return messages_of(notification)[0]


def announce(message_ids: Iterable[int]) -> None:
    """Tell the workers of messages that a statement of SQL wrote, once that is committed."""
    for one in message_ids:
        transaction.on_commit(partial(broker.announce_one, one, Urgency.USUAL))


def announce_many() -> None:
    """Tell the workers, once the transaction commits, that very many messages wait."""
    transaction.on_commit(broker.announce_many)


def confirm_opened(*, subject_ref: str, version: int) -> int:
    """Note that the reader confirmed what was told; return how many messages that concerns.

    To be called by a form that the person sends: a link that is merely followed (by a scanner
    of mails, say) opens nothing.
    """
    rows = Message.objects.filter(subject=subject_ref, version=version, opened_at=None)
    return rows.update(opened_at=timezone.now())


@transaction.atomic
def retry(message: Message, actor: Any) -> Message:
    """Try a message again that did not reach its recipient; raises TransitionRefused."""
    message = Message.objects.get(pk=message.pk)
    WORKFLOW.move(message, "send_again", actor=actor)
    message.attempts, message.due_at, message.claimed_until = 0, timezone.now(), None
    message.save(update_fields=["attempts", "due_at", "claimed_until"])
    transaction.on_commit(partial(broker.announce_one, message.pk, message.urgency))
    return message


@transaction.atomic
def reach_by_telephone(message: Message, actor: Any, note: str = "") -> int:
    """Note that somebody was told on the telephone what no channel brought.

    Closes what is open of the same telling; returns how many messages that is. Raises
    TransitionRefused if `message` is closed by now.
    """
    told = Message.objects.filter(
        kind=message.kind, subject=message.subject, version=message.version
    )
    # Locked in one order, for two agents may hold the two channels of one person.
    rows = list(told.select_for_update().order_by("pk"))
    open_rows = [row for row in rows if row.pk == message.pk or row.state in UNREACHED]
    for row in open_rows:
        WORKFLOW.move(row, "telephone", actor=actor, reason=note)
    return len(open_rows)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "a message is written inside the transaction of the change it tells of"
        )


def _can_text(notification: Notification) -> bool:
    return bool(settings.SMS_GATEWAY) and takes_texts(notification.phone)


def _key(notification: Notification, channel: Channel) -> dict[str, Any]:
    return {
        "kind": notification.kind,
        "subject": notification.subject_ref,
        "version": notification.version,
        "channel": channel.value,
    }


def _message(notification: Notification, channel: Channel) -> Message:
    key = _key(notification, channel)
    phone = valid_number(notification.phone)
    return Message(
        **key,
        mission_id=notification.mission_id,
        recipient=phone if channel == Channel.SMS else notification.recipient,
        recipient_key=recipient_key(notification.recipient),
        phone=phone,
        language=notification.language,
        context=dict(notification.context),
        useful_until=notification.useful_until,
        bulk=notification.bulk,
        urgency=notification.urgency,
        message_id=message_id(**key),
    )
