"""Where the embedded servers of one state folder answer, known before they run.

Settings read this at import. Nothing here starts a server or needs the wheels that bring one:
ports and passwords are chosen once and recorded, so an address stays true over restarts.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
DATABASE = "guichet"
# Below the ports that systems hand out to outgoing connections, so a recorded one stays free.
PORTS = range(20_000, 30_000)


def state_folder() -> Path:
    """Return the folder in which the embedded servers keep everything."""
    return Path(os.environ.get("GUICHET_STATE") or PROJECT / ".guichet").resolve()


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    tries = (secrets.choice(PORTS) for _ in range(1000))
    return next(port for port in tries if port_is_free(port))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time read and rewrite a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _recorded(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):  # a file cut short by a crash counts as none
        return {}
    return content if isinstance(content, dict) else {}


def _record(path: Path, content: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner only
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
    os.replace(name, path)


def _recorded_once(path: Path, name: str, make: Callable[[], Any]) -> Any:
    """Return the recorded value, or make and record one."""
    if name in (known := _recorded(path)):
        return known[name]
    with _alone(path):
        known = _recorded(path)
        if name not in known:
            known[name] = make()
            _record(path, known)
    return known[name]


@dataclass(frozen=True)
class EmbeddedAddresses:
    """The addresses of the servers of one state folder; ports are chosen when first asked for."""

    state: Path

    @cached_property
    def postgres_port(self) -> int:
        """The TCP port of PostgreSQL on 127.0.0.1."""
        return int(_recorded_once(self.state / "ports.json", "postgres", _free_port))

    @cached_property
    def valkey_port(self) -> int:
        """The TCP port of Valkey on 127.0.0.1."""
        return int(_recorded_once(self.state / "ports.json", "valkey", _free_port))

    @property
    def database_url(self) -> str:
        """The address of the embedded PostgreSQL, as DATABASE_URL would hold it."""
        return self.url_of_database(DATABASE)

    @property
    def redis_url(self) -> str:
        """The address of the embedded Valkey, as REDIS_URL would hold it."""
        return f"redis://:{self.password('valkey')}@{HOST}:{self.valkey_port}/0"

    def url_of_database(self, database: str) -> str:
        """Return the address of any database of the embedded PostgreSQL."""
        login = f"{DATABASE}:{self.password('postgres')}"
        return f"postgresql://{login}@{HOST}:{self.postgres_port}/{database}"

    def password(self, server: str) -> str:
        """Return the password of one server; hexadecimal, so it needs no quoting in an address."""
        path = self.state / "secrets.json"
        return str(_recorded_once(path, server, lambda: secrets.token_hex(24)))


def choose_another_port(state: Path, server: str) -> None:
    """Record a new port for a server whose recorded one was taken by another program."""
    path = state / "ports.json"
    with _alone(path):
        _record(path, _recorded(path) | {server: _free_port()})


def embedded_addresses() -> EmbeddedAddresses:
    """Return the addresses in the project's state folder (or in GUICHET_STATE)."""
    return EmbeddedAddresses(state_folder())


def embedded_secret(name: str) -> str:
    """Return a secret made once for the embedded default; its form also suits Fernet keys."""
    path = state_folder() / "secrets.json"
    return str(_recorded_once(path, name, new_key))


def new_key() -> str:
    """Make 32 random bytes as url-safe base64, the form of a Fernet key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
