"""Ask clamd, over its own protocol, what it thinks of a file."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

CONNECT = 3  # seconds to reach the scanner
PATIENCE = 60  # seconds for one file in all
ANSWER = 4096  # bytes of the longest answer


class ScannerAway(Exception):  # noqa: N818  # a state of the world
    """The scanner could not be reached."""


class ScanFailed(Exception):  # noqa: N818
    """The scanner was reached, and gave no verdict on this file."""


def is_configured() -> bool:
    """Tell whether there is a scanner to ask."""
    return bool(settings.CLAMD_URL)


def malware_in(chunks: Iterable[bytes]) -> str:
    """Return the name of the malware found, or ""; raises ScannerAway or ScanFailed."""
    with _connected() as clamd:
        try:
            answer = _asked(clamd, chunks)
        except OSError as error:  # hung up, or too slow
            raise ScanFailed(type(error).__name__) from error
    if answer.endswith(b" FOUND"):
        return answer.removesuffix(b" FOUND").partition(b": ")[2].decode(errors="replace")
    if not answer.endswith(b": OK"):
        raise ScanFailed(answer.decode(errors="replace")[:100] or "no answer")
    return ""


def _connected() -> socket.socket:
    try:
        address = urlsplit(settings.CLAMD_URL)
        if address.scheme == "unix":
            clamd = socket.socket(socket.AF_UNIX)
            clamd.settimeout(CONNECT)
            clamd.connect(address.path)
            return clamd
        return socket.create_connection((address.hostname, address.port or 3310), CONNECT)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error


def _asked(clamd: socket.socket, chunks: Iterable[bytes]) -> bytes:
    until = monotonic() + PATIENCE
    clamd.settimeout(PATIENCE)
    clamd.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        _limit(clamd, until)
        clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
    clamd.sendall(bytes(4))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER:
        _limit(clamd, until)
        if not (piece := clamd.recv(ANSWER)):
            break
        answer += piece
    return answer.rstrip(b"\0")


def _limit(clamd: socket.socket, until: float) -> None:
    """Give what is left of the patience to the next step; raises TimeoutError when none is."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    clamd.settimeout(left)
