"""Where mails to a mission lie: a mailbox read over IMAP, or a maildir.

Each is yielded with the moment at which the server took it in (a date that its sender wrote proves
nothing), and marked as read when the next one is asked for: who dies in between reads it again.
"""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .mail_reading import BEGINNING, MOST_BYTES

TIMEOUT = 30  # seconds
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as it was delivered; `is_cut` if it is too big and only its beginning is here."""

    raw: bytes
    received_at: datetime
    is_cut: bool = False


def maildir(folder: Path) -> Iterator[Delivered]:
    """Yield what is new in a maildir, the oldest first; ValueError if it is none."""
    if not (folder / "new").is_dir():
        raise ValueError(f"{folder} is no maildir: it has no new/")
    (folder / "cur").mkdir(exist_ok=True)
    waiting = [(_delivered_at(file), file) for file in (folder / "new").iterdir() if file.is_file()]
    for received_at, file in sorted(waiting):
        is_cut = file.stat().st_size > MOST_BYTES
        with file.open("rb") as content:
            raw = content.read(BEGINNING if is_cut else MOST_BYTES)
        yield Delivered(raw, received_at, is_cut)
        file.rename(folder / "cur" / f"{file.name}:2,S")


def _delivered_at(file: Path) -> datetime:
    """Return the moment of delivery: the number in the name, else what the file system says."""
    head = file.name.partition(".")[0]
    seconds = float(head) if head.isdecimal() and len(head) <= 11 else file.stat().st_mtime
    return datetime.fromtimestamp(min(seconds, time.time()), UTC)


def imap(address: str, password: str) -> Iterator[Delivered]:
    """Yield the unseen mails of imaps://user@host/folder, in the order of the mailbox.

    imap:// without encryption is for this machine alone (ValueError).  Raises OSError or imaplib's
    error where the server fails.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise ValueError("The address must look like imaps://user@host/INBOX.")
    if parts.scheme == "imap" and parts.hostname not in OWN_MACHINE:
        raise ValueError("imap:// is not encrypted: use imaps:// for another machine.")
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    with kind(parts.hostname, port, timeout=TIMEOUT) as server:
        server.login(unquote(parts.username or ""), password)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, answer = server.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"no folder {folder}: {answer!r}")
        _status, found = server.uid("SEARCH", "UNSEEN")
        for number in (found[0] or b"").decode().split():
            mail = _fetched(server, number)
            if mail is None:
                continue  # what the server did not give stays unseen
            yield mail
            server.uid("STORE", number, "+FLAGS", r"(\Seen)")


def _fetched(server: imaplib.IMAP4, number: str) -> Delivered | None:
    _status, answer = server.uid("FETCH", number, "(INTERNALDATE RFC822.SIZE)")
    head = b" ".join(part if isinstance(part, bytes) else part[0] for part in answer if part)
    is_cut = _size(head) > MOST_BYTES
    wanted = f"(BODY.PEEK[]<0.{BEGINNING}>)" if is_cut else "(BODY.PEEK[])"
    _status, answer = server.uid("FETCH", number, wanted)
    for part in answer:
        if isinstance(part, tuple):
            return Delivered(part[1], _moment(head), is_cut)
    return None


def _size(head: bytes) -> int:
    _before, _name, after = head.partition(b"RFC822.SIZE ")
    digits = after.split(b" ")[0].rstrip(b")")
    return int(digits) if digits.isdigit() else 0


def _moment(head: bytes) -> datetime:
    told = imaplib.Internaldate2tuple(head)
    seconds = time.mktime(told) if told else time.time()
    return datetime.fromtimestamp(min(seconds, time.time()), UTC)
