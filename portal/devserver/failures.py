"""What can go wrong while the embedded servers start, in sentences for the terminal."""

from __future__ import annotations

from pathlib import Path


class ServerFailed(Exception):  # noqa: N818  # reads as the sentence it is
    """An embedded server did not start; the text says which and where its log is."""


def end_of_log(log: Path, lines: int = 5) -> str:
    """Return the last lines of a server's log, indented; empty where there is none."""
    if not log.exists():
        return ""
    return "\n".join(
        f"    {line}" for line in log.read_text(errors="replace").splitlines()[-lines:]
    )
