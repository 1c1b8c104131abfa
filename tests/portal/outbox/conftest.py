"""A mail server on the loopback, and processes that can be killed."""

from __future__ import annotations

import copy
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from tests import servers

from . import provider as providers

PROJECT = Path(servers.__file__).resolve().parents[1]


class Mailbox:
    """What a mail server does and keeps; set `answer` or `on_data` to make it behave badly."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.sessions: set[int] = set()
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"
        self.on_data: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.sessions.add(session.peer[1])
        if self.data_answer.startswith("2"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.on_data()
        return self.data_answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sample(settings) -> None:
    """Let this process find the templates of the sample notification."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "sample" / "templates")
    settings.TEMPLATES = templates


@pytest.fixture
def mailbox(settings, sample) -> Iterator[Mailbox]:
    """A real mail server that this process sends to."""
    box = Mailbox()
    box.port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    yield box
    server.stop()


@pytest.fixture
def provider(settings, sample) -> Iterator[providers.Provider]:
    """A real provider of text messages that this process asks."""
    with providers.running() as one:
        settings.SMS_GATEWAY = "portal.outbox.gateways.http.HttpGateway"
        settings.SMS_URL = f"http://:a%20key@127.0.0.1:{one.port}/v1/texts?x=1"
        settings.SMS_TIMEOUT = 0.5
        yield one


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process that works on this test's database."""
    parts = connection.get_connection_params()
    login = f"{parts['user']}:{quote(parts['password'])}"
    place = f"{parts['host']}:{parts.get('port', 5432)}/{parts['dbname']}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{login}@{place}",
        "DJANGO_SETTINGS_MODULE": "tests.portal.outbox.sample.settings",
        **more,
    }


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start Python programs that end with the test."""
    started: list[subprocess.Popen] = []

    def start(*arguments: str, **env: str) -> subprocess.Popen:
        command = [sys.executable, *arguments]
        started.append(subprocess.Popen(command, env=environment(**env), cwd=PROJECT))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()
