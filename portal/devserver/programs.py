"""The programs of a site on one machine: their command lines and their environment."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from .addresses import HOST, PROJECT, port_is_free
from .processes import MARK

WEB_WORKERS = 2
WEB_THREADS = 4
OFFERED_PORTS = 50
ROOT_IS_FINE = "ignore:You're running the worker with superuser"  # on one's own machine


def free_web_port(wanted: int) -> int | None:
    """Return the wanted port or the next one that is free; None where none of fifty is."""
    ports = range(wanted, min(wanted + OFFERED_PORTS, 65_536))
    return next((port for port in ports if port_is_free(port)), None)


def environment(state: Path, port: int) -> dict[str, str]:
    """Return the environment of the site on localhost; what the person set stays."""
    defaults = {
        "GUICHET_HTTPS": "0",
        "GUICHET_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "GUICHET_BASE_URL": f"http://localhost:{port}",
        "GUICHET_MAIL_DIR": str(state / "mail"),
        "GUICHET_STATIC_ROOT": str(state / "static"),
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ | {MARK: str(state)}


def manage(*arguments: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, str(PROJECT / "manage.py"), *arguments]


def command_lines(state: Path, port: int) -> dict[str, str]:
    """Return the shell lines of web, the two workers and beat.

    Codes have a small worker of their own: a person waits for one, while the other worker may be
    in the middle of a long task. It runs in one process, since it does nothing but send.
    """
    celery = [sys.executable, "-W", ROOT_IS_FINE, "-m", "celery", "--quiet", "--app", "portal"]
    lines = {
        "web": [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *_web(port)],
        "worker": [*celery, "worker", *_worker("worker")],
        "codes": [*celery, "worker", *_worker("codes"), "--queues=urgent", "--pool=solo"],
        "beat": [*celery, "beat", f"--schedule={state / 'beat-schedule'}", "--pidfile="],
    }
    return {name: f"exec {shlex.join(line)}" for name, line in lines.items()}


def _web(port: int) -> list[str]:
    return [
        f"--bind={HOST}:{port}",
        "--worker-class=gthread",
        f"--workers={WEB_WORKERS}",
        f"--threads={WEB_THREADS}",
        "--preload",
        "--no-control-socket",  # it would lie in the person's home, one for all sites
    ]


def _worker(name: str) -> list[str]:
    return [
        *("--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"),
        f"--hostname={name}@%h",
    ]
