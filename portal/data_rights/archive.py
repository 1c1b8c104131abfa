"""The file of an export: a ZIP that is sealed while it is written, in constant memory."""

from __future__ import annotations

import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from portal.uploads import stores
from portal.uploads.sealing import Sealer, new_key

from .sections import ExportFile

FOLDER = "exports"  # beside the uploads, and not among them: their sweeping knows only uploads


@dataclass(frozen=True, slots=True)
class Blob:
    """Where a sealed archive lies, and what opens it."""

    name: str
    key: str
    size: int


class _SealedStream:
    """What a ZIP is written to: it cannot go back, so the ZIP is written front to back."""

    def __init__(self, target: IO[bytes], *, key: str, name: str) -> None:
        self._sealer = Sealer(target, key=key, name=name)
        self.size = 0

    def write(self, data: bytes) -> int:
        self._sealer.write(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here but the rest of a chunk."""

    def close(self) -> None:
        self._sealer.close()


def store_archive(texts: dict[str, str], files: Iterable[ExportFile]) -> Blob:
    """Write texts and files into one ZIP, seal and store it."""
    name, key = f"{FOLDER}/{secrets.token_hex(16)}", new_key()
    with tempfile.TemporaryFile() as target:
        stream = _SealedStream(target, key=key, name=name)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in texts.items():
                archive.writestr(path, text)
            for file in files:
                _add(archive, file)
        stream.close()
        target.flush()
        stores.put(target, name)
    return Blob(name, key, stream.size)


def as_text(value: Any) -> str:
    """Return plain values as JSON that people can read as well."""
    return json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def _add(archive: zipfile.ZipFile, file: ExportFile) -> None:
    # Pictures and PDFs are compressed already.
    entry = zipfile.ZipInfo(file.path)
    with archive.open(entry, "w", force_zip64=True) as target:
        for chunk in file.chunks():
            target.write(chunk)
