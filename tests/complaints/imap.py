"""A real IMAP server (pymap) on a free port, for tests."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

USER, PASSWORD = "consulate", "let me in"


class Mailbox:
    """One mailbox; `put` delivers a mail into it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"imap://{USER}@127.0.0.1:{port}/INBOX"

    def put(self, raw: bytes, seconds: float | None = None) -> None:
        server = self._server()
        at = imaplib.Time2Internaldate(seconds or time.time())
        server.append("INBOX", "", at, raw)
        server.logout()

    def unseen(self) -> int:
        server = self._server()
        server.select("INBOX", readonly=True)
        _status, found = server.search(None, "UNSEEN")
        server.logout()
        return len(found[0].split())

    def _server(self) -> imaplib.IMAP4:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        server.login(USER, PASSWORD)
        return server


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run the server while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-c", "from pymap.main import main; main()"),
        *("--host", "127.0.0.1", "--port", str(port), "--no-service", "admin"),
        *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Mailbox(port)
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def giving_nothing(box: Mailbox) -> Iterator[str]:
    """Stand before the server and answer NO when a mail is asked for; yields its address."""
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        ThreadPoolExecutor(2) as pumps,
    ):
        pumps.submit(_stand_between, door, box.port, pumps)
        yield box.url.replace(str(box.port), str(door.getsockname()[1]))


def _stand_between(door: socket.socket, port: int, pumps: ThreadPoolExecutor) -> None:
    reader, _address = door.accept()
    with reader, socket.create_connection(("127.0.0.1", port)) as server:
        pumps.submit(_pump, server, reader)
        for line in reader.makefile("rb"):
            if b"BODY" in line:
                reader.sendall(line.split()[0] + b" NO not now\r\n")
            else:
                server.sendall(line)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(4096):
            sink.sendall(content)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
