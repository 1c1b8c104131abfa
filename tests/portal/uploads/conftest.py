"""Files of a test lie in a folder of its own; no worker listens unless a test starts one."""

from __future__ import annotations

import copy
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from django.core.files.base import ContentFile

from portal.uploads.models import StoredFile
from portal.uploads.operations import receive
from portal.uploads.settling import settle
from tests.factories import UserFactory

from .papers import EICAR, pdf


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """The folder that holds the sealed files of this test."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["files"]["OPTIONS"]["location"] = tmp_path / "files"
    settings.STORAGES = storages
    return tmp_path / "files"


@pytest.fixture
def received():
    """Receive content; `received(content, name=…, owner=…)`."""

    def take(content=None, name="paper.pdf", owner=None) -> StoredFile:
        upload = ContentFile(pdf() if content is None else content, name=name)
        return receive(upload=upload, owner=owner or UserFactory())

    return take


@pytest.fixture
def settled(received):
    """Receive content and let the checks end."""

    def take(content=None, **options) -> StoredFile:
        row = received(content, **options)
        assert settle(row.pk)
        return StoredFile.objects.get(pk=row.pk)

    return take


class Clamd:
    """A scanner that reads INSTREAM as clamd does and knows one virus; it may misbehave."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.seen: list[bytes] = []
        self.limit = 25_000_000
        self.mood = "well"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                try:
                    self._answer(connection, lines)
                except OSError:
                    continue

    def _answer(self, connection, lines) -> None:
        if self.mood == "hangs up":
            return
        command = b""
        while not command.endswith(b"\0"):
            command += lines.read(1)
        assert command == b"zINSTREAM\0", command
        content = b""
        while size := int.from_bytes(lines.read(4), "big"):
            content += lines.read(size)
            if len(content) > self.limit:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        if self.mood == "silent":
            lines.read(1)  # until the other side gives up
            return
        found = EICAR in content
        connection.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd(settings) -> Iterator[Clamd]:
    """A running scanner that the site is told about."""
    scanner = Clamd()
    settings.CLAMD_URL = scanner.url
    yield scanner
    scanner.server.close()
