"""A small world behind a real web server, and a post office that really delivers."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as site
from django.core.cache import cache
from django.utils import timezone

from appointments.capacity import load_centres, open_slots
from appointments.models import Centre
from portal.dates import civil_date
from portal.missions.models import Mission
from portal.missions.operations import load_missions
from portal.outbox.models import Message, recipient_key
from tests.portal.outbox.conftest import PROJECT, Mailbox, environment, free_port

PATIENCE = 90  # seconds; a message that is lost on the way is swept after 30


@pytest.fixture
def mission(live_server, settings) -> Mission:
    """The missions and centres that the repository brings, with the times of two weeks."""
    settings.BASE_URL = live_server.url
    load_missions()
    load_centres()
    today = civil_date(timezone.now())
    for centre in Centre.objects.filter(code__in=["fr-oran", "de-algiers"]):
        open_slots(centre=centre, first_day=today + timedelta(2), last_day=today + timedelta(15))
    return Mission.objects.get(code="fr-oran")


class PostOffice:
    """What arrived at a mail server to which a Celery worker of its own delivers."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def wait_for(self, email: str, position: int) -> EmailMessage:
        """Return the mail number `position` (from 0) to an address, when it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            mails = [mail for mail in self.mailbox.mails if mail["To"] == email]
            if len(mails) > position:
                return mails[position]
            time.sleep(0.1)
        raise AssertionError(f"{position + 1} mails to {email} were awaited")


@pytest.fixture
def post_office(mission, tmp_path: Path) -> Iterator[PostOffice]:
    """A real mail server, and a real worker with its clock that sends to it."""
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    env = environment(
        DJANGO_SETTINGS_MODULE="portal.settings",
        GUICHET_MAIL_URL=f"smtp://127.0.0.1:{port}",
        GUICHET_STORE_PREFIX=site.STORE_PREFIX,
    )
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat"]
    command += [f"--schedule={tmp_path / 'beat'}", "--concurrency=1", "--loglevel=WARNING"]
    worker = subprocess.Popen(command, env=env, cwd=PROJECT)
    yield PostOffice(mailbox)
    worker.terminate()
    worker.wait(60)
    server.stop()


@pytest.fixture
def code_from_outbox() -> Callable[[str], str]:
    """Read the mailed code where it waits to be sent, for journeys without a worker."""

    def read(email: str) -> str:
        key = recipient_key(email)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            message = Message.objects.filter(kind="sign_in_code", recipient_key=key).first()
            if message:
                return str(message.context["code"])
            time.sleep(0.1)
        raise AssertionError("no code was written")

    return read


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> None:
    """All browsers here come from one address; forget how often it asked for a code."""
    for key in ("rl:request_login_code", "rl:login"):
        cache.delete(key)
