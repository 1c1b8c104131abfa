"""`manage.py up`: the whole site in one terminal, with servers of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.devserver.addresses import state_folder
from portal.devserver.failures import ServerFailed
from portal.devserver.foreground import running_servers
from portal.devserver.lock import AlreadyRunning
from portal.devserver.programs import environment, free_web_port, manage
from portal.devserver.terminal import run_programs


class Command(BaseCommand):
    """Settings are read before this runs, so it leaves the database to its children."""

    help = "Start PostgreSQL, Valkey, the web server, the worker and beat; Ctrl-C stops them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port of the site."""
        parser.add_argument("--port", type=int, default=8000, help="port of the site (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C; end with 1 where something stood in the way."""
        if not self._runs_well(options["port"]):
            raise SystemExit(1)

    def _runs_well(self, wanted: int) -> bool:
        state = state_folder()
        try:
            with running_servers(state):
                port = self._port(wanted)
                return (
                    port is not None and self._prepares(state, port) and run_programs(state, port)
                )
        except KeyboardInterrupt:
            return True
        except (AlreadyRunning, ServerFailed) as trouble:
            self.stderr.write(str(trouble))
            return False

    def _port(self, wanted: int) -> int | None:
        port = free_web_port(wanted)
        if port is None:
            self.stderr.write(f"Port {wanted} and those after it are taken; choose with --port.")
        elif port != wanted:
            self.stdout.write(f"Port {wanted} is taken by another program; using {port}.")
        return port

    def _prepares(self, state: Path, port: int) -> bool:
        self.stdout.write("Preparing the database, the texts and the demo data ...")
        self.stdout.flush()
        ended = subprocess.run(  # noqa: S603  # our own command
            manage("prepare"), env=environment(state, port), check=False, start_new_session=True
        )
        if ended.returncode:
            self.stderr.write("The site could not be prepared; the reason stands above.")
        return ended.returncode == 0
