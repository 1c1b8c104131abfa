"""Files at rest: each sealed with a key of its own, in chunks, so that memory stays constant.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: the nonce
of a chunk is its number and a mark on the last one, so chunks cannot be cut off, moved or added
unseen. The name under which the file is stored is authenticated too: one file cannot be put in
another's place. A key seals one file only, which is why nonces may start at zero each time.

The key itself rests in the database, sealed with the field keys (`portal.encryption`): keys are
changed like those of columns, and deleting the row makes every forgotten copy unreadable.
"""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"GUICHET1"
CHUNK = 64 * 1024  # bytes of plain text per chunk
TAG = 16
SEALED_CHUNK = CHUNK + TAG


class BrokenSeal(Exception):  # noqa: N818  # a finding
    """A stored file is not what was sealed under this name with this key."""


def new_key() -> str:
    """Make the key of one file, as text for an encrypted column."""
    return b64encode(AESGCM.generate_key(256)).decode()


class Sealer:
    """Seals what is written to it into `target`, which stays open; `close` writes the end."""

    def __init__(self, target: IO[bytes], *, key: str, name: str) -> None:
        """Take the file to write to, the key and the name that it will be stored under."""
        self._target = target
        self._cipher = AESGCM(b64decode(key))
        self._name = name.encode()
        self._rest = bytearray()
        self._number = 0
        target.write(MAGIC)

    def write(self, data: bytes) -> None:
        """Seal full chunks and keep the rest; the last chunk is known only in the end."""
        self._rest += data
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]

    def close(self) -> None:
        """Seal the last chunk, which may be empty."""
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last), plain, self._name))
        self._number += 1


class Unsealed(io.RawIOBase):
    """Reads a sealed file as if it were plain, from anywhere, one chunk in memory.

    Raises BrokenSeal when a byte of it was changed, moved, cut off or added. The end is looked
    at first, so a file that was cut off yields nothing at all.
    """

    def __init__(self, sealed: IO[bytes], *, key: str, name: str) -> None:
        """Take the sealed file, which is closed with this one; it must be seekable."""
        super().__init__()
        self._sealed = sealed
        self._cipher = AESGCM(b64decode(key))
        self._name = name.encode()
        self._position = 0
        self._chunk: tuple[int, bytes] = (-1, b"")
        self._last, self.size = self._measured()
        self._load(self._last)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a place in the plain text."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Return the place in the plain text."""
        return self._position

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer
        """Fill the buffer, over as many chunks as it takes: only at the end is it short."""
        filled = 0
        while filled < len(buffer) and self._position < self.size:
            number, start = divmod(self._position, CHUNK)
            piece = self._load(number)[start : start + len(buffer) - filled]
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._position += len(piece)
        return filled

    def chunks(self) -> Iterator[bytes]:
        """Yield the whole plain text from its beginning."""
        for number in range(self._last + 1):
            yield self._load(number)

    def close(self) -> None:
        """Close the sealed file as well."""
        self._sealed.close()
        super().close()

    def _measured(self) -> tuple[int, int]:
        """Return the number of the last chunk and the size of the plain text."""
        length = self._sealed.seek(0, io.SEEK_END) - len(MAGIC)
        self._sealed.seek(0)
        if length < TAG or self._sealed.read(len(MAGIC)) != MAGIC:
            raise BrokenSeal(self._name.decode())
        chunks = -(-length // SEALED_CHUNK)
        return chunks - 1, length - chunks * TAG

    def _load(self, number: int) -> bytes:
        if self._chunk[0] != number:
            self._sealed.seek(len(MAGIC) + number * SEALED_CHUNK)
            sealed = self._sealed.read(SEALED_CHUNK)
            nonce = _nonce(number, number == self._last)
            try:
                self._chunk = (number, self._cipher.decrypt(nonce, sealed, self._name))
            except InvalidTag as error:
                raise BrokenSeal(self._name.decode()) from error
        return self._chunk[1]


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
