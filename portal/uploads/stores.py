"""Where sealed files lie: a folder, or S3, through Django's storage API."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from .sealing import BrokenSeal, Unsealed

NAME = re.compile(r"^[0-9a-f]{2}/[0-9a-f]{32}$")


def store() -> Storage:
    """Return the storage of sealed files (settings.STORAGES["files"])."""
    return storages["files"]


def new_name() -> str:
    """Make a name that says nothing and cannot be guessed; the first two signs are a folder."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def put(sealed: IO[bytes], name: str) -> None:
    """Store an already sealed file; raises RuntimeError if the storage chose another name."""
    sealed.seek(0)
    kept = store().save(name, File(sealed, name=name))
    if kept != name:
        store().delete(kept)
        raise RuntimeError("the storage renamed a sealed file, which could not be opened then")


def opened(name: str, key: str) -> Unsealed:
    """Open a stored file; raises FileNotFoundError or BrokenSeal."""
    sealed = store().open(name)
    try:
        return Unsealed(sealed, key=key, name=name)
    except BrokenSeal:
        sealed.close()
        raise


def remove(*names: str) -> None:
    """Delete stored files; names that are empty or gone already are passed over."""
    for name in filter(None, names):
        store().delete(name)


def stored_names() -> Iterator[str]:
    """Yield the name of every stored file; what is not ours is passed over."""
    folders, _files = store().listdir("")
    for folder in sorted(folders):
        _folders, files = store().listdir(folder)
        yield from (f"{folder}/{file}" for file in files if NAME.match(f"{folder}/{file}"))


def stored_at(name: str) -> datetime:
    """Return when a file was stored."""
    return store().get_modified_time(name)
