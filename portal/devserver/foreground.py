"""Keep the embedded servers running for as long as a command is in the foreground."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from . import processes
from .lock import only_one
from .servers import Servers, guard

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def wanted_servers(state: Path) -> Servers:
    """Return the servers that the environment does not already name."""
    return Servers(
        state,
        postgres="DATABASE_URL" not in os.environ,
        valkey="REDIS_URL" not in os.environ,
    )


@contextmanager
def running_servers(state: Path) -> Iterator[None]:
    """Start the servers; whatever happens, stop them and what was started under our mark.

    Raises AlreadyRunning, ServerFailed; a signal to end becomes KeyboardInterrupt inside.
    """
    with only_one(state):
        _listen_for_ends()
        processes.stop(processes.marked(state))  # left behind by a killed run
        guard(state)
        servers = wanted_servers(state)
        try:
            servers.start()
            yield
        finally:
            for number in ENDS:
                signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C
            processes.stop(processes.marked(state))
            servers.stop()


def _listen_for_ends() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, _terminal_closed)


def _terminal_closed(number: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
