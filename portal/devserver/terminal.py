"""Run web, worker and beat in one terminal, and welcome the person once the site answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from honcho.manager import Manager
from honcho.printer import Printer

from .programs import command_lines, environment
from .welcome import welcome

LISTENS = "Listening at"  # what gunicorn says; with --preload the site has been loaded by then
ASKED_TO_STOP = {130, 143}  # honcho's codes for SIGINT and SIGTERM


class WelcomingPrinter(Printer):  # type: ignore[misc]  # honcho has no types
    """Prints the lines of all programs, and the welcome when the web server listens."""

    def __init__(self, port: int) -> None:
        super().__init__(sys.stdout)
        self._port = port

    def write(self, message: Any) -> None:
        """Print a line of one program."""
        super().write(message)
        if message.name == "web" and LISTENS in str(message.data):
            print(welcome(self._port), flush=True)


def run_programs(state: Path, port: int) -> bool:
    """Run until a signal or until one program ends; tell whether that was wanted."""
    manager = Manager(WelcomingPrinter(port))
    for name, line in command_lines(state, port).items():
        manager.add_process(name, line, env=environment(state, port))
    manager.loop()
    return manager.returncode in ASKED_TO_STOP
