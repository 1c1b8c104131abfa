"""What an app says when it notifies someone: one class per kind, one folder of templates.

A kind `appointment_booked` is a subclass of Notification in an app's notifications.py and the
files subject.txt, body.txt and body.html in templates/emails/appointment_booked/. It may declare

    channels = (Channel.EMAIL, Channel.SMS)   # then sms.txt too; told is who has a mobile number
    urgency = Urgency.MASS                    # goes after what somebody waits for

and whoever builds one may give `phone` (E.164) and `bulk`, the key by which a plan counts its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from .channels import Channel, Urgency


@dataclass(frozen=True)
class Attachment:
    """A file of a message; `mimetype` may carry parameters: "text/calendar; method=REQUEST"."""

    filename: str
    content: str | bytes
    mimetype: str


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One thing to tell one person; (kind, subject_ref, version) is told once per channel, ever.

    `context` must survive JSON. It is stored encrypted and rendered when the message is sent.
    `recipient` is the e-mail address; `phone` may be empty or wrong, then only the others go out.
    """

    kind: ClassVar[str] = ""
    channels: ClassVar[tuple[Channel, ...]] = (Channel.EMAIL,)
    urgency: ClassVar[Urgency] = Urgency.USUAL

    recipient: str
    language: str
    subject_ref: str
    version: int = 1
    mission_id: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    useful_until: datetime | None = None
    phone: str = ""
    bulk: UUID | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.kind:
            return
        known = _KINDS.setdefault(cls.kind, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"two notifications are called {cls.kind}")
        # A dataclass with slots is made twice; the second is the one that stays.
        _KINDS[cls.kind] = cls

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Return what the templates see: a hook to turn stored texts into dates and names."""
        return context

    @classmethod
    def summary(cls, context: dict[str, Any]) -> str:
        """Return in a line what the message is about, for those who telephone its reader."""
        told = (context.get(name) for name in ("traveller", "reference", "centre"))
        return " · ".join(str(one) for one in told if one)

    @classmethod
    def attachments(cls, context: dict[str, Any], language: str) -> list[Attachment]:
        """Return the files of a message."""
        return []


_KINDS: dict[str, type[Notification]] = {}


def of_kind(kind: str) -> type[Notification]:
    """Return the class of a kind; raises LookupError for a kind that no app knows."""
    if kind not in _KINDS:
        raise LookupError(f"no notification is called {kind!r}")
    return _KINDS[kind]


def kinds() -> list[str]:
    """Return every kind, for the tests that render them all."""
    return sorted(_KINDS)
