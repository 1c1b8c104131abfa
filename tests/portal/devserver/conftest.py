from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.devserver.servers import Servers


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder of its own; whatever still runs in it is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-state-")).resolve()
    folder.chmod(0o755)  # as a clone's folder is
    yield folder
    Servers(folder, durable=False).stop()
    shutil.rmtree(folder, ignore_errors=True)
