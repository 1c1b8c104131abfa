"""Collect static files when they changed: hashing and compressing them takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_stale() -> None:
    """Bring STATIC_ROOT up to date with the sources."""
    stamp = Path(settings.STATIC_ROOT) / "sources.sha256"  # lost with the files it speaks for
    fingerprint = hashlib.sha256("\n".join(sorted(_sources())).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)


def _sources() -> Iterator[str]:
    yield str(settings.STORAGES["staticfiles"])
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            yield f"{name} {status.st_size} {status.st_mtime_ns}"
