"""The life of a message.

Only `send_again` and `telephone` are a person's steps, and `bounce` the mail servers'; they go
through the mover. The others are the sender's own conditional updates in `delivery`, which must
not hold a lock while a mail server thinks.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.workflow import Transition, Workflow


class State(models.TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    EXPIRED = "expired", _("too late to be of use")
    NOT_REACHED = "not_reached", _("not reached")
    BOUNCED = "bounced", pgettext_lazy("state of a message", "came back")
    TELEPHONED = "telephoned", _("reached by telephone")


# Nothing more happens to these by itself.
ENDED = (State.SENT, State.EXPIRED, State.NOT_REACHED, State.BOUNCED, State.TELEPHONED)
# These are for a person to deal with.
UNREACHED = (State.NOT_REACHED, State.BOUNCED)

WORKFLOW = Workflow(
    "state",
    transitions=[
        # A lease that ran out lets the next sender take a message that is "being sent".
        Transition("claim", frozenset({State.QUEUED, State.SENDING}), State.SENDING),
        Transition("mark_sent", frozenset({State.SENDING}), State.SENT),
        Transition("put_off", frozenset({State.SENDING}), State.QUEUED),
        Transition("expire", frozenset({State.QUEUED, State.SENDING}), State.EXPIRED),
        Transition("give_up", frozenset({State.SENDING}), State.NOT_REACHED),
        # A message can come back before its sender has marked it.
        Transition("bounce", frozenset({State.SENT, State.SENDING, State.QUEUED}), State.BOUNCED),
        Transition("send_again", frozenset(UNREACHED), State.QUEUED),
        Transition("telephone", frozenset(UNREACHED), State.TELEPHONED),
    ],
)
