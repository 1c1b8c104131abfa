"""Messages per second through a real mail server on the loopback: `python -m bench.messages [N]`.

A mass of confirmations, each with its calendar file, is written in one transaction; then real
workers send it over SMTP. The mail server is aiosmtpd in a process of its own on the same cores,
so it takes its share of them. A code asked for in the middle of the mass is timed too.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import Process, Value
from typing import Any

from bench import _world

COUNT = 2000
NAMES = ("worker", "second")


def main(count: int = COUNT) -> None:
    """Print one table."""
    port, delivered = _free_port(), Value("i", 0)
    server = Process(target=_serve, args=(port, delivered), daemon=True)
    server.start()
    _world.start_servers()
    del os.environ["GUICHET_MAIL_DIR"]
    os.environ["GUICHET_MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    _world.prepare_database()
    rows = [_run(count, workers, delivered) for workers in (1, 2)]
    _world.table(
        f"{count} messages through a mail server on the loopback",
        ["workers", "written in s", "sent in s", "messages/s", "delivered", "code after s"],
        rows,
    )
    server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(port: int, delivered: Any) -> None:
    from aiosmtpd.controller import Controller

    class Counter:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            with delivered.get_lock():
                delivered.value += 1
            return "250 OK"

    Controller(Counter(), hostname="127.0.0.1", port=port).start()
    time.sleep(86_400)


def _run(count: int, workers: int, delivered: Any) -> list[object]:
    from django.db import transaction

    from portal.accounts.notifications import SignInCodeMail
    from portal.outbox import operations as outbox

    started = [_worker(name) for name in NAMES[:workers]]
    started.append(_worker("codes", "--queues=urgent", "--pool=solo"))
    _wait_for(_warm(workers))
    before, begin = delivered.value, time.perf_counter()
    with transaction.atomic():
        outbox.enqueue_all(_told(workers, number) for number in range(count))
    written = time.perf_counter() - begin
    begin = time.perf_counter()
    time.sleep(1)
    with transaction.atomic():
        code = outbox.enqueue(
            SignInCodeMail.bearing(
                code="123456",
                recipient="a@b.example",
                language="fr",
                attempt=str(workers),
                version=1,
            )
        )
    asked = time.perf_counter()
    _wait_for([code.pk])
    after = time.perf_counter() - asked
    _wait_for(None)
    seconds = time.perf_counter() - begin
    for one in started:
        one.terminate()
        one.wait()
    return [
        workers,
        f"{written:.1f}",
        f"{seconds:.1f}",
        f"{count / seconds:.0f}",
        delivered.value - before - 1,
        f"{after:.2f}",
    ]


def _worker(name: str, *more: str) -> subprocess.Popen[bytes]:
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "portal", "worker"]
    options = ["--concurrency=1", "--loglevel=ERROR", f"--hostname={name}@%h", *more]
    return subprocess.Popen(
        [*celery, *options],
        cwd=_world.PROJECT,
        env=os.environ.copy(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _warm(workers: int) -> list[int]:
    """Write a few messages, so that every worker is up before the clock runs."""
    from django.db import transaction

    from portal.outbox import operations as outbox

    with transaction.atomic():
        told = [outbox.enqueue(_told(workers, 10**6 + number)) for number in range(20)]
    time.sleep(8)
    return [one.pk for one in told]


def _wait_for(keys: list[int] | None) -> None:
    """Wait until some messages, or all, are sent."""
    from portal.outbox.models import Message
    from portal.outbox.workflow import State

    rows = Message.objects.exclude(state=State.SENT)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    while rows.exists():
        time.sleep(0.02)


def _told(workers: int, number: int) -> Any:
    from appointments.notifications import BookingConfirmed

    starts = datetime(2026, 12, 9, 9, tzinfo=UTC)
    address = f"person{number}@example.org"
    return BookingConfirmed(
        recipient=address,
        language=("fr", "ar", "de", "en")[number % 4],
        subject_ref=f"bench:{workers}:{number}",
        context={
            "uid": f"{workers}-{number}@guichet",
            "version": 1,
            "stamp": starts.isoformat(),
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(minutes=15)).isoformat(),
            "centre": "Algiers",
            "address": "1, rue Didouche Mourad",
            "location": "Algiers, 1, rue Didouche Mourad",
            "mission": "Consulate",
            "traveller": "Amina Benali",
            "reference": "A-7K3M-92QX",
            "application_reference": "F-7K3M-92QX",
            "organizer": "guichet@localhost",
            "attendee": address,
            "url": "http://localhost:8000/appointments/1/",
        },
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
