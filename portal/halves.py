"""Half of a long computation in a child process, for a task that works alone for seconds.

Python computes on one processor at a time, and `multiprocessing` refuses to start children in
the processes of Celery.  So this forks by itself, hands over nothing, and reads one answer.
"""

from __future__ import annotations

import os
import pickle  # nosec B403  # from our own child, through a pipe that nobody else has
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

WORTH_IT = 500  # items; a fork costs as much as some 50 of the messages it was made for


def in_halves(work: Callable[[Sequence[T]], R], items: Sequence[T]) -> list[R]:
    """Return what `work` makes of parts of `items`, in order; two parts at the same time.

    `work` must only compute: the child has copies of every connection and may use none of them,
    and what `work` remembers there is lost.  Its answer must bear pickling.  A child that fails
    changes nothing: its half is made here, and what `work` raises, raises here.
    """
    if len(items) < WORTH_IT or not _has_two_processors():
        return [work(items)]
    middle = len(items) // 2
    child, answer = _begun(work, items[middle:])
    try:
        first = work(items[:middle])
        second: list[R] | None = _read(answer)
    finally:
        os.close(answer)  # the child, should it still write, ends with that
        with suppress(ChildProcessError):  # a process that ignores its children's ends has none
            os.waitpid(child, 0)
    return [first, work(items[middle:]) if second is None else second[0]]


def _has_two_processors() -> bool:
    # Elsewhere a process that has loaded much may not fork safely.
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _begun(work: Callable[[Sequence[T]], R], items: Sequence[T]) -> tuple[int, int]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    try:
        os.close(ours)
        with open(theirs, "wb") as answer:
            pickle.dump([work(items)], answer, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)  # nothing of the parent's is closed, flushed or told of here


def _read(answer: int) -> list[R] | None:
    """Return the child's answer in a list; None if it ended without a whole one."""
    with suppress(EOFError, pickle.UnpicklingError), open(answer, "rb", closefd=False) as source:
        whole: list[R] = pickle.load(source)  # noqa: S301  # nosec B301  # our own child
        return whole
    return None
