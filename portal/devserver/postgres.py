"""The embedded PostgreSQL of a state folder: made once, started, stopped."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg

from . import processes
from .addresses import DATABASE, HOST, EmbeddedAddresses
from .failures import ServerFailed, end_of_log
from .installation import Installation, installation_for

PATIENCE = 60  # seconds; recovery after a crash can take a while on a slow disk

EVERYWHERE = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # no path to grow too long, no stale socket
    "max_connections": "300",
    "dynamic_shared_memory_type": "mmap",  # containers have little /dev/shm
    "timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
}
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "io_method": "sync",
}


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL in a state folder; durable, or fast for tests that throw it away."""

    state: Path
    durable: bool = True

    @cached_property
    def _installation(self) -> Installation:
        return installation_for(self.state)

    @property
    def _data(self) -> Path:
        return self._installation.home / "postgres"

    @property
    def _log(self) -> Path:
        return self._installation.home / "postgres.log"

    def start(self) -> None:
        """Start the server and wait until it answers; raises ServerFailed."""
        self.stop()  # what an earlier, killed run left behind
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._wait_for(self._launch())

    def stop(self) -> None:
        """Stop the server of this state folder, whoever started it."""
        folder = self._data.resolve()
        running = processes.living_in(folder, "postgres")
        if not running:
            return
        heads = [process for process in running if process.ppid() not in {p.pid for p in running}]
        processes.stop(heads, by=signal.SIGINT)  # PostgreSQL's fast shutdown
        processes.stop(processes.living_in(folder, "postgres"), by=signal.SIGQUIT)

    def _initialise(self) -> None:
        """Make the data folder aside and move it in place, so half of one is never used."""
        unfinished = self._data.with_name("postgres.new")
        for folder in (unfinished, self._data):
            shutil.rmtree(folder, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._installation.give(unfinished)
        with tempfile.NamedTemporaryFile("w", dir=self._installation.home) as secret:
            secret.write(EmbeddedAddresses(self.state).password("postgres"))
            secret.flush()
            self._installation.give(Path(secret.name))
            self._installation.run("initdb", *self._initdb_arguments(unfinished, secret.name))
        unfinished.rename(self._data)

    def _initdb_arguments(self, folder: Path, secret: str) -> list[str]:
        return [
            f"--pgdata={folder}",
            f"--username={DATABASE}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            # The password is random, so stretching it would only slow every connection down.
            "--set=scram_iterations=64",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        ]

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = EVERYWHERE | ({} if self.durable else THROWN_AWAY)
        settings["port"] = str(EmbeddedAddresses(self.state).postgres_port)
        command = [str(self._installation.programs / "postgres"), "-D", str(self._data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # our own program and arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._installation.home,
                start_new_session=True,  # Ctrl-C in the terminal is for whoever started us
                **self._installation.identity(),
            )

    def _wait_for(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while (trouble := self._trouble()) is not None:
            if server.poll() is not None or time.monotonic() > until:
                raise ServerFailed(
                    f"PostgreSQL did not start ({trouble}). Its log, {self._log}, ends with:\n"
                    f"{end_of_log(self._log)}"
                )
            time.sleep(0.05)

    def _trouble(self) -> str | None:
        """Try to connect and make the site's database; say what is in the way."""
        url = EmbeddedAddresses(self.state).url_of_database("postgres")
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                _ensure_database(connection)
        except psycopg.OperationalError as trouble:
            return str(trouble).strip()
        return None


def _ensure_database(connection: psycopg.Connection) -> None:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    if connection.execute(query, [DATABASE]).fetchone() is None:
        connection.execute(f"CREATE DATABASE {DATABASE}")
