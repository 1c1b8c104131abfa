"""Send what waits: claim under a short lock, send outside of any transaction, then mark.

A claim is a lease. A sender that dies between sending and marking loses it, and the next one
sends the message again with the same Message-ID and date, so that mail servers and readers see
one message. Attempts are counted when claiming: a message that kills its sender every time ends
on the list of those not reached like any other.

Rows are claimed a few at a time, and each time those that somebody waits for come first: a code
stands behind one handful of a mass of messages at most. What a dead sender left is taken alone,
or a message that kills its sender would drag those claimed beside it along.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from .channels import Channel
from .failures import Failure, judged
from .models import Message
from .posting import Post
from .workflow import State

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # above the hard time limit of a task: the sender is dead by then
BACK_OFF = [
    timedelta(minutes=minutes)
    for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 720, 720, 720, 720, 720, 720)
]  # a little more than four days in all
HANDFUL = 20  # rows of one claim
# Seconds of one task, well under its time limit. A sweep mends what was lost and may take long;
# a share of very many is short, so that other tasks get their turn.
SWEEP, SHARE = 90, 20
REST = timedelta(seconds=30)  # for those that wait behind a server that is away


def deliver(number: int) -> bool:
    """Send one message if it is due and nobody else has it; tell whether it was sent."""
    now = timezone.now()
    one = Message.objects.filter(pk=number)
    claimed = _claimed(_abandoned(one, now), 1) or _claimed(_waiting(one, now), 1)
    with Post() as post:
        return any(_send(post, message) is None for message in claimed)


def sweep() -> int:
    """Send what is due, the most urgent and longest waiting first; return how many were sent."""
    return _work(SWEEP)[0]


def send_waiting() -> bool:
    """Send a share of what waits; tell whether there is more to do now."""
    return _work(SHARE)[1]


def _work(seconds: float) -> tuple[int, bool]:
    """Send for some seconds; return how many were sent, and whether time alone ended it.

    The channels take turns, and one whose server is away does not hold up the others.
    """
    until, sent, open_channels = monotonic() + seconds, 0, list(Channel)
    with Post() as post:
        while open_channels:
            channel = open_channels.pop(0)
            claimed = _next_handful(channel)
            if not claimed:
                continue
            count, is_away = _send_handful(post, claimed, until)
            sent += count
            if not is_away:
                open_channels.append(channel)
            if monotonic() > until:
                return sent, bool(open_channels)
    return sent, False


def _send_handful(post: Post, claimed: list[Message], until: float) -> tuple[int, bool]:
    """Send until the time is over or the server away, and leave the rest to others."""
    sent = 0
    for at, message in enumerate(claimed, start=1):
        failure = _send(post, message)
        sent += failure is None
        is_away = failure is not None and failure.is_away
        if is_away or monotonic() > until:
            _give_back(claimed[at:], rest=REST if is_away else timedelta())
            return sent, is_away
    return sent, False


def _next_handful(channel: Channel) -> list[Message]:
    """Claim the next rows of a channel; an empty list if nothing is due."""
    now, rows = timezone.now(), Message.objects.filter(channel=channel)
    return _claimed(_abandoned(rows, now).order_by("claimed_until", "pk"), 1) or _claimed(
        _waiting(rows, now).order_by("urgency", "due_at", "pk"), HANDFUL
    )


def _waiting(rows: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    return rows.filter(state=State.QUEUED, due_at__lte=now)


def _abandoned(rows: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    return rows.filter(state=State.SENDING, claimed_until__lte=now)


def _claimed(due: QuerySet[Message], most: int) -> list[Message]:
    """Claim the first messages that nobody holds and that may still be sent."""
    while True:
        found, claimed = _locked_claim(due, most)
        if claimed or not found:
            return claimed


@transaction.atomic
def _locked_claim(due: QuerySet[Message], most: int) -> tuple[int, list[Message]]:
    """Take rows that nobody holds, closing those that are over; return also how many were found."""
    found = list(due.select_for_update(skip_locked=True)[:most])
    now = timezone.now()
    late = [one for one in found if one.useful_until is not None and one.useful_until <= now]
    worn = [one for one in found if one not in late and one.attempts > len(BACK_OFF)]
    good = [one for one in found if one not in late and one not in worn]
    _rows(late).update(state=State.EXPIRED, claimed_until=None)
    for message in worn:
        error = message.last_error or "interrupted"
        _rows([message]).update(state=State.NOT_REACHED, claimed_until=None, last_error=error)
    _rows(good).update(state=State.SENDING, claimed_until=now + LEASE, attempts=F("attempts") + 1)
    for message in good:
        message.state, message.claimed_until = State.SENDING, now + LEASE
        message.attempts += 1
    return len(found), good


def _give_back(messages: list[Message], *, rest: timedelta) -> None:
    """Let others send what was claimed and not tried."""
    if not messages:
        return
    change = {"due_at": timezone.now() + rest} if rest else {}
    # The same lease is the same claim: what somebody else holds by now stays theirs.
    _rows(messages).filter(state=State.SENDING, claimed_until=messages[0].claimed_until).update(
        state=State.QUEUED, claimed_until=None, attempts=F("attempts") - 1, **change
    )


def _rows(messages: list[Message]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=[one.pk for one in messages])


def _send(post: Post, message: Message) -> Failure | None:
    """Send a message and write down how that went; None if it left."""
    try:
        number = post.send(message)
    except Exception as error:  # a template, a server, a network: the message must not be lost
        failure = judged(error)
        _put_off(message, failure)
        return failure
    _mark_sent(message, number)
    return None


def _mark_sent(message: Message, number: str) -> None:
    """Write down that it left, even if the lease ran out meanwhile: it did leave."""
    Message.objects.filter(pk=message.pk, state__in=[State.SENDING, State.QUEUED]).update(
        state=State.SENT,
        sent_at=timezone.now(),
        claimed_until=None,
        last_error="",
        provider_id=number,
    )


def _put_off(message: Message, failure: Failure) -> None:
    """Decide when to try again, unless somebody else holds the message by now."""
    log.warning("message %s, attempt %s: %s", message.pk, message.attempts, failure.name)
    over = failure.is_permanent or message.attempts > len(BACK_OFF)
    due = timezone.now()
    if not over:
        due += max(BACK_OFF[message.attempts - 1], failure.pause or timedelta())
    Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts).update(
        state=State.NOT_REACHED if over else State.QUEUED,
        due_at=due,
        claimed_until=None,
        last_error=failure.name,
    )
