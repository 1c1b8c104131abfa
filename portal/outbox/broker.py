"""Tell a worker that a message waits; if nobody hears it, the sweep finds the message anyway."""

from __future__ import annotations

import logging

from celery import current_app

log = logging.getLogger(__name__)


def announce(message: int) -> None:
    """Hand a message's number to the broker, or log that it is away; never raises."""
    try:
        current_app.send_task("portal.outbox.tasks.deliver", args=[message], retry=False)
    except Exception as error:  # whatever ails the broker, the row is safe
        log.warning("the broker is away (%s); the sweep will send", type(error).__name__)
