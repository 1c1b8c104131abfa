"""Tell a worker that a row waits; if nobody hears it, a sweep finds the row anyway.

A thread of its own speaks to the broker, because a broker that is away keeps whoever speaks to
it for seconds (six were measured with a closed port), and a request must not wait for that.
"""

from __future__ import annotations

import logging
import os
import queue
from threading import Lock, Thread

from celery import current_app

from .channels import Urgency

log = logging.getLogger(__name__)

ROOM = 1000  # announcements that may wait for the broker; more are left to the sweep


CHAINS = 2  # workers that share a mass of messages; each goes on until none is left


class Announcer:
    """Hands keys of rows to the broker for one task, one after the other, in the background."""

    def __init__(self, task: str, queue_name: str | None = None) -> None:
        """Take the name of the task, whose only argument is the key, and its queue if not usual."""
        self._task = task
        self._options = {"queue": queue_name} if queue_name else {}
        self._lock = Lock()
        self._waiting: queue.Queue[int | str] = queue.Queue(ROOM)
        self._process = 0

    def announce(self, key: int | str) -> None:
        """Hand over a row's key without waiting; never raises."""
        self._start()
        try:
            self._waiting.put_nowait(key)
        except queue.Full:
            log.warning("the broker is slow; the sweep will find what waits")

    def _start(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            # Threads do not survive a fork: each process starts its own.
            self._process, self._waiting = os.getpid(), queue.Queue(ROOM)
            Thread(target=self._run, args=[self._waiting], daemon=True, name="announcer").start()

    def _run(self, waiting: queue.Queue[int | str]) -> None:
        while True:
            key = waiting.get()
            try:
                current_app.send_task(self._task, args=[key], retry=False, **self._options)
            except Exception as error:  # whatever ails the broker, the row is safe
                log.warning("the broker is away (%s); the sweep will find it", type(error).__name__)
                _empty(waiting)


def _empty(waiting: queue.Queue[int | str]) -> None:
    """Drop what has piled up, rather than to ask an absent broker once for each."""
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        return


_usual = Announcer("portal.outbox.tasks.deliver")
_at_once = Announcer("portal.outbox.tasks.deliver", "urgent")
_many = Announcer("portal.outbox.tasks.send_waiting")


def announce_one(key: int, urgency: int) -> None:
    """Tell a worker of one message; what somebody waits for has a line of its own."""
    (_at_once if urgency == Urgency.AT_ONCE else _usual).announce(key)


def announce_many() -> None:
    """Tell the workers that very many messages wait, once for each worker that may help."""
    for chain in range(CHAINS):
        _many.announce(chain)
