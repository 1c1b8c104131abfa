"""Wait until the process that started us is gone, then stop what it may have left behind.

Run as `python -P guard.py PARENT STATE [--remove]`. A process that is killed with signal 9 can
clean up nothing; this one can. It stays small: it imports the project only when it must act.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

PAUSE = 0.3  # seconds between two looks


def main(parent: int, state: Path, *, remove: bool) -> None:
    """Outlive the parent by a moment, and end what it started."""
    while os.getppid() == parent:
        time.sleep(PAUSE)
    _clean(state)
    if remove:
        shutil.rmtree(state, ignore_errors=True)


def _clean(state: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from portal.devserver import processes
    from portal.devserver.servers import Servers

    processes.stop(processes.marked(state))
    Servers(state).stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), remove="--remove" in sys.argv[3:])
