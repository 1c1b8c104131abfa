"""PostgreSQL and Valkey of one state folder, as one thing to start and to stop."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .addresses import PROJECT, EmbeddedAddresses, choose_another_port, port_is_free
from .failures import ServerFailed
from .postgres import Postgres
from .processes import MARK
from .valkey import Valkey

TRIES = 3


@dataclass(frozen=True)
class Servers:
    """The embedded servers that are wanted: either, or both."""

    state: Path
    durable: bool = True
    postgres: bool = True
    valkey: bool = True

    def start(self) -> None:
        """Start what is wanted; raises ServerFailed. Ports may move when others took them."""
        self.stop()
        if self.valkey:
            self._start("valkey", Valkey(self.state, self.durable).start)
        if self.postgres:
            self._start("postgres", Postgres(self.state, self.durable).start)

    def stop(self) -> None:
        """Stop the servers of this state folder, also those of a killed earlier run."""
        if self.postgres:
            Postgres(self.state, self.durable).stop()
        if self.valkey:
            Valkey(self.state, self.durable).stop()

    def _start(self, server: str, start: Callable[[], None]) -> None:
        for attempt in range(TRIES):
            if not port_is_free(self._port(server)):
                choose_another_port(self.state, server)
            try:
                return start()
            except ServerFailed:
                taken = not port_is_free(self._port(server))  # by another program, meanwhile
                if not taken or attempt == TRIES - 1:
                    raise
        return None

    def _port(self, server: str) -> int:
        addresses = EmbeddedAddresses(self.state)
        return addresses.postgres_port if server == "postgres" else addresses.valkey_port


def guard(state: Path, *, remove: bool = False) -> subprocess.Popen[bytes]:
    """Leave a small process behind that stops everything should we be killed."""
    script = Path(__file__).with_name("guard.py")  # by path: it imports nothing until it must
    command = [sys.executable, "-P", str(script), str(os.getpid()), str(state)]
    return subprocess.Popen(  # noqa: S603  # our own program and arguments
        command + (["--remove"] if remove else []),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        env=os.environ | {MARK: str(state)},
        start_new_session=True,
    )
