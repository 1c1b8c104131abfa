"""`manage.py servers`: PostgreSQL and Valkey alone, for work by hand."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from portal.devserver.addresses import embedded_addresses, state_folder
from portal.devserver.failures import ServerFailed
from portal.devserver.foreground import running_servers
from portal.devserver.lock import AlreadyRunning


class Command(BaseCommand):
    """Keeps the two servers in the foreground and prints where they answer."""

    help = "Start the embedded PostgreSQL and Valkey; Ctrl-C stops them."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C; end with 1 where something stood in the way."""
        try:
            with running_servers(state_folder()):
                self._say_where()
                signal.pause()
        except KeyboardInterrupt:
            return
        except (AlreadyRunning, ServerFailed) as trouble:
            self.stderr.write(str(trouble))
            raise SystemExit(1) from None

    def _say_where(self) -> None:
        addresses = embedded_addresses()
        self.stdout.write(f"DATABASE_URL={addresses.database_url}")
        self.stdout.write(f"REDIS_URL={addresses.redis_url}")
        self.stdout.write("Ctrl-C stops them.")
        self.stdout.flush()  # also for a reader behind a pipe
