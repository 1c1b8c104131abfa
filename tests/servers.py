"""Real PostgreSQL and Valkey for one run of the tests, started before Django reads its settings.

Each run has servers of its own in a temporary folder, so several runs can go on at once. With
DATABASE_URL or REDIS_URL in the environment, those servers are used instead.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from portal.devserver.addresses import EmbeddedAddresses, new_key
from portal.devserver.installation import installation_for
from portal.devserver.servers import Servers, guard

SETTINGS = {
    "GUICHET_TEST": "1",
    "GUICHET_HTTPS": "0",
    "GUICHET_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
}
SECRETS = (
    *("GUICHET_SECRET_KEY", "GUICHET_FIELD_KEYS", "GUICHET_LOOKUP_KEY"),
    "GUICHET_AUDIT_KEYS",
)


def prepare() -> None:
    """Start what is missing and tell the settings, and the parallel workers, where it is."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:  # its parent has done the rest
        os.environ["GUICHET_STORE_PREFIX"] = f"guichet-{worker}"
        os.environ["REDIS_URL"] = store_of(worker)
        return
    start_servers()
    os.environ |= SETTINGS
    files = tempfile.mkdtemp(prefix="guichet-test-files-")
    atexit.register(shutil.rmtree, files, ignore_errors=True)
    os.environ["GUICHET_FILES_DIR"] = files
    for name in SECRETS:
        os.environ.setdefault(name, new_key())


def store_of(worker: str) -> str:
    """Return the address of the worker's own numbered store: emptying one leaves the others."""
    base, _slash, _number = os.environ["REDIS_URL"].rpartition("/")
    return f"{base}/{1 + int(worker.removeprefix('gw')) % 15}"


def start_servers() -> None:
    """Start the servers that the environment does not name; they end with this process."""
    postgres, valkey = "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ
    if not (postgres or valkey):
        return
    state = Path(tempfile.mkdtemp(prefix="guichet-test-")).resolve()
    servers = Servers(state, durable=False, postgres=postgres, valkey=valkey)
    atexit.register(stop_servers, servers, guard(state, remove=True))
    servers.start()
    addresses = EmbeddedAddresses(state)
    if postgres:
        os.environ["DATABASE_URL"] = addresses.database_url
        os.environ["GUICHET_TEST_PROGRAMS"] = str(installation_for(state).programs)
    if valkey:
        os.environ["REDIS_URL"] = addresses.redis_url


def stop_servers(servers: Servers, watcher: subprocess.Popen[bytes]) -> None:
    """Stop the servers and forget what they held."""
    servers.stop()
    watcher.kill()
    watcher.wait()
    shutil.rmtree(servers.state, ignore_errors=True)


prepare()
