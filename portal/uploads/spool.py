"""Content on its way into the store: sealed while it arrives, in a file without a name.

The nameless file lies in the system's temporary folder. It is gone with the last process that
holds it, nobody else can open it, and it holds sealed chunks only; the key lives in memory until
it is written, itself sealed, into a row.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from typing import IO

from django.conf import settings

from . import stores
from .sealing import Sealer, Unsealed, new_key


class Spool:
    """Takes at most `limit` bytes, and forgets everything when more arrive."""

    def __init__(self, limit: int) -> None:
        """Choose the key and the name that the content will be stored under."""
        self.limit = limit
        self.size = 0
        self.key, self.name = new_key(), stores.new_name()
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as this
        self._sealer = Sealer(self._file, key=self.key, name=self.name)
        self._hash = hmac.new(settings.LOOKUP_KEY.encode(), b"file\x1f", hashlib.sha256)

    def append(self, data: bytes) -> None:
        """Seal what arrived."""
        self.size += len(data)
        if self.is_over:
            self._file.truncate(0)
            return
        self._hash.update(data)
        self._sealer.write(data)

    def finish(self) -> None:
        """Seal the end."""
        if not self.is_over:
            self._sealer.close()
            self._file.flush()

    @property
    def is_over(self) -> bool:
        """Tell whether more than the limit arrived."""
        return self.size > self.limit

    @property
    def digest(self) -> bytes:
        """Return the keyed hash of the content (32 bytes): equal files give equal hashes."""
        return self._hash.digest()

    def unsealed(self) -> Unsealed:
        """Return the content, readable from anywhere; raises BrokenSeal if it was over."""
        duplicate = os.fdopen(os.dup(self._file.fileno()), "rb")
        return Unsealed(duplicate, key=self.key, name=self.name)

    def store(self) -> None:
        """Put the sealed content into the store under its name."""
        stores.put(self._file, self.name)

    def close(self) -> None:
        """Let the nameless file go."""
        self._file.close()
