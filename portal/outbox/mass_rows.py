"""The rows of thousands of messages, as COPY takes them.

Built one by one, an instance of the model, its sealing and the look at each of its fields take
most of the time of a mass move.  Here what is alike in all messages of a kind is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from portal.encryption import EncryptedTextField

from .channels import Channel
from .models import Message, message_id, recipient_key
from .notifications import Notification
from .operations import channels_of, messages_of
from .telephones import valid_number

_FIELDS = [field for field in Message._meta.concrete_fields if not field.primary_key]
COLUMNS = ", ".join(str(field.column) for field in _FIELDS)

Row = tuple[Any, ...]


class MassRows:
    """Makes rows of `COLUMNS`; those of a kind and channel bear the moment of the first."""

    def __init__(self) -> None:
        self._alike: dict[tuple[type[Notification], Channel], list[Any]] = {}

    def of(self, notification: Notification) -> list[Row]:
        """Return what `messages_of` does, sealed: a row for each channel."""
        channels = channels_of(notification)
        if any((type(notification), channel) not in self._alike for channel in channels):
            self._learn(notification)
        phone = _sealed("phone", valid_number(notification.phone))
        own = [
            *(notification.subject_ref, notification.version, notification.mission_id),
            *(notification.language, notification.useful_until, notification.bulk),
            *(phone, _sealed("context", dict(notification.context))),
            recipient_key(notification.recipient),
        ]
        return [self._row(notification, channel, own, phone) for channel in channels]

    def _row(
        self, notification: Notification, channel: Channel, own: Sequence[Any], phone: bytes
    ) -> Row:
        values = self._alike[type(notification), channel].copy()
        for place, value in zip(_OWN, own, strict=True):
            values[place] = value
        by_text = channel == Channel.SMS
        values[_RECIPIENT] = phone if by_text else _sealed("recipient", notification.recipient)
        values[_MESSAGE_ID] = message_id(
            kind=notification.kind,
            subject=notification.subject_ref,
            version=notification.version,
            channel=channel.value,
        )
        return tuple(values)

    def _learn(self, notification: Notification) -> None:
        for row in messages_of(notification):
            values = [_plain(field, getattr(row, field.attname)) for field in _FIELDS]
            self._alike[type(notification), Channel(row.channel)] = values


def _place(name: str) -> int:
    return next(place for place, field in enumerate(_FIELDS) if field.attname == name)


# What differs between two messages of a kind and channel, in the order of `own` above.
_OWN = [
    _place(name)
    for name in (
        *("subject", "version", "mission_id", "language", "useful_until", "bulk"),
        *("phone", "context", "recipient_key"),
    )
]
_RECIPIENT, _MESSAGE_ID = _place("recipient"), _place("message_id")
_SEALING = {str(field.attname): field for field in _FIELDS if isinstance(field, EncryptedTextField)}


def _sealed(name: str, value: Any) -> bytes:
    return bytes(_SEALING[name].sealed(value))


def _plain(field: Any, value: Any) -> Any:
    if field.attname in _SEALING:
        return _sealed(field.attname, value)
    return value.value if isinstance(value, Enum) else value
