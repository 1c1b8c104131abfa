"""Put a message into the outbox, and put it there again when it did not reach anyone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import broker
from .models import Channel, Message, message_id, recipient_key
from .notifications import Notification
from .workflow import WORKFLOW


def enqueue(notification: Notification) -> Message:
    """Write a message in the caller's transaction; it is sent once that commits.

    Telling the same thing twice (same kind, subject and version) keeps the first message and
    returns it. Raises TransactionManagementError outside a transaction, where a message could
    outlive the change it tells of.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "a message is written inside the transaction of the change it tells of"
        )
    key = _key(notification)
    Message.objects.bulk_create([_message(notification, key)], ignore_conflicts=True)
    message = Message.objects.get(**key)
    transaction.on_commit(partial(broker.announce, message.pk))
    return message


def unsaved(notification: Notification) -> Message:
    """Return the row of a message, for an operation that writes everything in one statement.

    The operation calls `announce` with the ids of the rows afterwards.
    """
    return _message(notification, _key(notification))


def announce(message_ids: Iterable[int]) -> None:
    """Tell the workers of messages that a statement of SQL wrote, once that is committed."""
    for one in message_ids:
        transaction.on_commit(partial(broker.announce, one))


@transaction.atomic
def retry(message: Message, actor: Any) -> Message:
    """Try a message again that did not reach its recipient; raises TransitionRefused."""
    WORKFLOW.move(message, "send_again", actor=actor)
    message.attempts, message.due_at, message.claimed_until = 0, timezone.now(), None
    message.save(update_fields=["attempts", "due_at", "claimed_until"])
    transaction.on_commit(partial(broker.announce, message.pk))
    return message


def _key(notification: Notification) -> dict[str, Any]:
    return {
        "kind": notification.kind,
        "subject": notification.subject_ref,
        "version": notification.version,
        "channel": Channel.EMAIL.value,
    }


def _message(notification: Notification, key: dict[str, Any]) -> Message:
    return Message(
        **key,
        mission_id=notification.mission_id,
        recipient=notification.recipient,
        recipient_key=recipient_key(notification.recipient),
        language=notification.language,
        context=dict(notification.context),
        useful_until=notification.useful_until,
        message_id=message_id(**key),
    )
