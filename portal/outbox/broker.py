"""Tell a worker that a message waits; if nobody hears it, the sweep finds the message anyway.

A thread of its own speaks to the broker, because a broker that is away keeps whoever speaks to
it for seconds (six were measured with a closed port), and a request must not wait for that.
"""

from __future__ import annotations

import logging
import os
import queue
from threading import Lock, Thread

from celery import current_app

log = logging.getLogger(__name__)

ROOM = 1000  # announcements that may wait for the broker; more are left to the sweep


class Announcer:
    """Hands numbers of messages to the broker, one after the other, in the background."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: queue.Queue[int] = queue.Queue(ROOM)
        self._process = 0

    def announce(self, message: int) -> None:
        """Hand over a message's number without waiting; never raises."""
        self._start()
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            log.warning("the broker is slow; the sweep will send")

    def _start(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            # Threads do not survive a fork: each process starts its own.
            self._process, self._waiting = os.getpid(), queue.Queue(ROOM)
            Thread(target=self._run, args=[self._waiting], daemon=True, name="announcer").start()

    def _run(self, waiting: queue.Queue[int]) -> None:
        while True:
            message = waiting.get()
            try:
                current_app.send_task("portal.outbox.tasks.deliver", args=[message], retry=False)
            except Exception as error:  # whatever ails the broker, the row is safe
                log.warning("the broker is away (%s); the sweep will send", type(error).__name__)
                _empty(waiting)


def _empty(waiting: queue.Queue[int]) -> None:
    """Drop what has piled up, rather than to ask an absent broker once for each."""
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        return


announce = Announcer().announce
