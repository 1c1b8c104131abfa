"""Send what waits: claim under a short lock, send outside of any transaction, then mark.

A claim is a lease. A sender that dies between sending and marking loses it, and the next one
sends the message again with the same Message-ID and date, so that mail servers and readers see
one message. Attempts are counted when claiming: a message that kills its sender every time ends
on the list of those not reached like any other.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .composing import compose
from .models import Message
from .workflow import State

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # above the hard time limit of a task: the sender is dead by then
BACK_OFF = [
    timedelta(minutes=minutes)
    for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 720, 720, 720, 720, 720, 720)
]  # a little more than four days in all
BATCH = 100  # messages of one sweep
PATIENCE = 90  # seconds of one sweep, well under the time limit of a task


def deliver(number: int) -> bool:
    """Send one message if it is due and nobody else has it; tell whether it was sent."""
    message = _claimed(_due(timezone.now()).filter(pk=number))
    return message is not None and _send(message)


def sweep() -> int:
    """Send what is due, the longest waiting first; return how many were sent."""
    until, sent = monotonic() + PATIENCE, 0
    for _ in range(BATCH):
        message = _claimed(_due(timezone.now()).order_by("due_at", "pk"))
        if message is None:
            break
        sent += _send(message)
        if monotonic() > until:
            break
    return sent


def _due(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, claimed_until__lte=now)
    )


@transaction.atomic
def _locked_claim(due: QuerySet[Message]) -> Message | None:
    """Take the first message that nobody holds, or close it; None if there is none."""
    message = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    now = timezone.now()
    if message.useful_until is not None and message.useful_until <= now:
        message.state = State.EXPIRED
    elif message.attempts > len(BACK_OFF):
        message.state, message.last_error = State.NOT_REACHED, message.last_error or "interrupted"
    else:
        message.state, message.claimed_until = State.SENDING, now + LEASE
        message.attempts += 1
    message.save(update_fields=["state", "claimed_until", "attempts", "last_error"])
    return message


def _claimed(due: QuerySet[Message]) -> Message | None:
    """Claim the first message that may still be sent."""
    while (message := _locked_claim(due)) is not None:
        if message.state == State.SENDING:
            return message
    return None


def _send(message: Message) -> bool:
    try:
        compose(message).send()
    except Exception as error:  # a template, a server, a network: the message must not be lost
        _put_off(message, error)
        return False
    _mark_sent(message)
    return True


def _mark_sent(message: Message) -> None:
    """Write down that it left, even if the lease ran out meanwhile: it did leave."""
    Message.objects.filter(pk=message.pk, state__in=[State.SENDING, State.QUEUED]).update(
        state=State.SENT, sent_at=timezone.now(), claimed_until=None, last_error=""
    )


def _put_off(message: Message, error: Exception) -> None:
    """Decide when to try again, unless somebody else holds the message by now."""
    name = _described(error)
    log.warning("message %s, attempt %s: %s", message.pk, message.attempts, name)
    over = _is_permanent(error) or message.attempts > len(BACK_OFF)
    due = timezone.now() if over else timezone.now() + BACK_OFF[message.attempts - 1]
    Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts).update(
        state=State.NOT_REACHED if over else State.QUEUED,
        due_at=due,
        claimed_until=None,
        last_error=name,
    )


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def _is_permanent(error: Exception) -> bool:
    """Tell whether the server refused this recipient or this message for good.

    A refused sender or password is our own mistake, which somebody will mend.
    """
    if not isinstance(error, (SMTPRecipientsRefused, SMTPDataError)):
        return False
    codes = _codes(error)
    return bool(codes) and all(500 <= code < 600 for code in codes)


def _described(error: Exception) -> str:
    """Name an error without its text, in which servers repeat addresses."""
    codes = " ".join(str(code) for code in _codes(error))
    return f"{type(error).__name__} {codes}".strip()[:100]


def send_waiting() -> bool:
    """Send a share of what waits; tell whether there is more."""
    return sweep() == BATCH
