"""The life of a message.

Only `send_again` is a person's step and goes through the mover; the others are the sender's own
conditional updates in `delivery`, which must not hold a lock while a mail server thinks.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.workflow import Transition, Workflow


class State(models.TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    EXPIRED = "expired", _("too late to be of use")
    NOT_REACHED = "not_reached", _("not reached")


# Nothing more happens to these by itself.
ENDED = (State.SENT, State.EXPIRED, State.NOT_REACHED)

WORKFLOW = Workflow(
    "state",
    transitions=[
        # A lease that ran out lets the next sender take a message that is "being sent".
        Transition("claim", frozenset({State.QUEUED, State.SENDING}), State.SENDING),
        Transition("mark_sent", frozenset({State.SENDING}), State.SENT),
        Transition("put_off", frozenset({State.SENDING}), State.QUEUED),
        Transition("expire", frozenset({State.QUEUED, State.SENDING}), State.EXPIRED),
        Transition("give_up", frozenset({State.SENDING}), State.NOT_REACHED),
        Transition("send_again", frozenset({State.NOT_REACHED}), State.QUEUED),
    ],
)
