"""Open a hostile file where it can do no harm: in a child process with limits.

The child (`cleaning`) gets no environment, so none of our secrets; it reads the file from a pipe
and answers through one, so it needs no disk and no plain byte reaches one. It takes its limits of
memory, time and files upon itself before it reads; we stop it when it takes too long.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Any

from . import limits, refusals
from .spool import Spool

SECONDS = 60  # of the clock, for one file
LARGEST = 80_000_000  # bytes of a cleaned copy; a PNG of the most pixels may well need that
LONGEST_LINE = 4096
PIECE = 256 * 1024
HERE = str(Path(__file__).resolve().parent)
# The package is imported from its own folder, not through `portal`, which would load Celery.
PROGRAM = f"import sys; sys.path.insert(0, {HERE!r}); from cleaning import main; main.main()"


class ChildLost(Exception):  # noqa: N818
    """The child died or hung without an answer; it may go better another time."""


@dataclass(frozen=True)
class Cleaned:
    """The cleaned copy, sealed but not stored yet, and what became known of the file."""

    spool: Spool
    described: dict[str, Any]


def clean(kind: str, chunks: Iterable[bytes]) -> Cleaned:
    """Return the cleaned copy of a file; raises a FileRefused, or ChildLost."""
    with subprocess.Popen(  # noqa: S603  # our own program
        command(kind),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    ) as child:
        timer = Timer(SECONDS, child.kill)
        timer.start()
        try:
            return _conversation(child, chunks)
        finally:
            timer.cancel()
            child.kill()


def command(kind: str) -> list[str]:
    """Return the command line of the child for one kind of file."""
    order = {"pages": limits.most_pages(), "pixels": limits.most_pixels()}
    return [sys.executable, "-I", "-c", PROGRAM, kind, json.dumps(order)]


def _conversation(child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> Cleaned:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        for chunk in chunks:
            child.stdin.write(chunk)
        child.stdin.close()
    except BrokenPipeError:  # it has its answer, or is dead
        pass
    answer = _answer(child, child.stdout)
    if code := answer.pop("refused", ""):
        raise refusals.refusal_of(code)
    return Cleaned(_copied(child.stdout, answer.pop("bytes")), answer)


def _answer(child: subprocess.Popen[bytes], output: IO[bytes]) -> dict[str, Any]:
    line = output.readline(LONGEST_LINE)
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError as error:
        if child.wait() == -signal.SIGXCPU:
            raise refusals.TooHeavy from error
        raise ChildLost(f"exit {child.returncode}") from error
    return answer


def _copied(output: IO[bytes], length: int) -> Spool:
    spool = Spool(LARGEST)
    while piece := output.read(PIECE):
        spool.append(piece)
    spool.finish()
    if spool.is_over or spool.size != length:
        spool.close()
        raise refusals.TooHeavy if length > LARGEST else ChildLost("half an answer")
    return spool
