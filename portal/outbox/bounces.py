"""Mail that came back: delivery status notifications (RFC 3464) matched to what we sent.

Anybody can write to the mailbox that is read here. A notification counts only if it names the
Message-ID of a message of ours, which is a keyed hash that only its reader and the servers on the
way have seen, and the address it went to. Whoever reads their own mail can thus mark it as come
back, and nobody else's. Everything else changes nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as AnyMessage
from email.utils import getaddresses
from typing import cast

from django.db import transaction

from portal.workflow import TransitionRefused

from .channels import Channel
from .models import Message, recipient_key
from .workflow import WORKFLOW

log = logging.getLogger(__name__)

MOST_BYTES = 2_000_000  # of a notification; a longer one is none
STATUS = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
MESSAGE_ID = re.compile(r"<[0-9a-f]{40}@[^<>\s]{1,150}>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a notification says of one recipient; `status` is such as 5.1.1."""

    message_id: str
    addresses: frozenset[str]
    status: str


def receive(raw: bytes) -> int:
    """Mark what a received mail reports as come back; return how many messages that are."""
    return sum(_mark(bounce) for bounce in bounces_in(raw))


def bounces_in(raw: bytes) -> list[Bounce]:
    """Read a mail; an empty list if it reports no failure, or nothing that can be read."""
    if len(raw) > MOST_BYTES:
        return []
    try:
        mail = cast(EmailMessage, message_from_bytes(raw, policy=policy.compat32))
        return list(_reported(mail))
    except Exception as error:  # a parser before strangers' bytes: whatever it trips over
        log.warning("a bounce cannot be read: %s", type(error).__name__)
        return []


def _reported(mail: AnyMessage) -> Iterator[Bounce]:
    if mail.get_content_type() != "multipart/report":
        return
    parts = mail.get_payload()
    if not isinstance(parts, list):
        return
    identity, sent_to = _original([part for part in parts if isinstance(part, AnyMessage)])
    if not identity:
        return
    for part in parts:
        if not (isinstance(part, AnyMessage) and _is_status(part)):
            continue
        for fields in part.get_payload():
            if isinstance(fields, AnyMessage) and (status := _failure(fields)):
                yield Bounce(identity, _addresses(fields) | sent_to, status)


def _is_status(part: AnyMessage) -> bool:
    return part.get_content_type() == "message/delivery-status" and isinstance(
        part.get_payload(), list
    )


def _original(parts: list[AnyMessage]) -> tuple[str, frozenset[str]]:
    """Return Message-ID and recipients of what came back: the last part, whole or its headers."""
    for part in reversed(parts):
        headers: AnyMessage | None = None
        if part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
            headers = cast(list[AnyMessage], part.get_payload())[0]
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            content = part.get_payload(decode=True)
            headers = message_from_bytes(content if isinstance(content, bytes) else b"")
        if headers is None:
            continue
        found = MESSAGE_ID.search(str(headers.get("Message-ID", "")))
        sent_to = getaddresses([str(one) for one in headers.get_all("To", [])])
        return found.group() if found else "", frozenset(address for _, address in sent_to)
    return "", frozenset()


def _failure(fields: AnyMessage) -> str:
    """Return the status of a recipient who was not reached for good, or ""."""
    if str(fields.get("Action", "")).strip().lower() != "failed":
        return ""  # delayed, relayed, delivered, expanded
    found = STATUS.match(str(fields.get("Status", "")).strip())
    return found.group() if found else ""


def _addresses(fields: AnyMessage) -> frozenset[str]:
    told = (str(fields.get(name, "")) for name in ("Final-Recipient", "Original-Recipient"))
    return frozenset(one.partition(";")[2].strip().strip("<>") for one in told if one)


@transaction.atomic
def _mark(bounce: Bounce) -> bool:
    """Mark a message as come back, once; tell whether this was the time."""
    message = Message.objects.filter(message_id=bounce.message_id, channel=Channel.EMAIL).first()
    if message is None:
        return False
    keys = {recipient_key(address) for address in bounce.addresses if address}
    if bytes(message.recipient_key) not in keys:
        return False
    try:
        WORKFLOW.move(message, "bounce", actor=None, details={"status": bounce.status})
    except TransitionRefused:  # already known, or reached meanwhile
        return False
    message.last_error, message.claimed_until = f"bounce {bounce.status}", None
    message.save(update_fields=["last_error", "claimed_until"])
    return True
