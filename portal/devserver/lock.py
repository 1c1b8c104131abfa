"""One run per state folder: a lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818  # reads as the sentence it is
    """Another process holds this state folder."""


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the state folder; raises AlreadyRunning with the number of the process that does."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "running.lock").open("a+") as file:
        try:
            # Not flock: the children that we fork would hold that one on after we are killed.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            file.seek(0)
            raise AlreadyRunning(
                f"Guichet is already running here (process {file.read().strip() or 'unknown'});"
                " stop that one with Ctrl-C first."
            ) from held
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
