"""Read a file from standard input, answer with one line of JSON and the cleaned copy."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping

from .answers import Copy, Limits, Refuse

MEMORY = 1536 * 1024 * 1024  # bytes of address space; a picture of 60 megapixels needs half
CPU = 45  # seconds


def main() -> None:
    """Do what the command line asks for: the kind of the file, the limits as JSON."""
    kind, order = sys.argv[1:3]
    _limit_oneself()
    try:
        answer = _cleaned(kind, Limits(**json.loads(order)))
    except Refuse as refusal:
        _say({"refused": str(refusal)})
    except MemoryError:
        _say({"refused": "too_heavy"})
    else:
        _say(answer.facts | {"bytes": len(answer.content)})
        sys.stdout.buffer.write(answer.content)
    sys.stdout.buffer.flush()


def _limit_oneself() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cleaned(kind: str, limits: Limits) -> Copy:
    content = sys.stdin.buffer.read()
    if kind == "pdf":
        from .papers import clean_paper

        return clean_paper(content, limits)
    from .pictures import clean_picture

    return clean_picture(kind, content, limits)


def _say(answer: Mapping[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
