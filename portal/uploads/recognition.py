"""What a file is, told from its first bytes and its frame; never from its name or headers.

This runs in the request, so it only reads plain structure, in bounded steps, and decodes
nothing: no picture, no stream of a PDF. Whatever it lets through is opened later in a child
process with limits (`cleaning`), which has the last word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, cast

from . import frames, limits, refusals
from .incoming import SealedUpload
from .kinds import Kind

PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe",
            b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"dex\n")  # fmt: skip
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh",
            b"\xfd7zXZ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What one look tells; pixels are None where only opening the file would tell them."""

    kind: Kind
    width: int | None = None
    height: int | None = None


def recognise(upload: SealedUpload) -> Look:
    """Return what the file is; raises a FileRefused that says why it is not taken."""
    if not upload.size:
        raise refusals.Empty
    if upload.spool.is_over:
        raise refusals.TooBig
    with upload.spool.unsealed() as content:
        return look_at(cast(IO[bytes], content))


def look_at(content: IO[bytes]) -> Look:
    """Do what `recognise` does, for content that has a size already known to be allowed."""
    kind = _kind(content.read(32))
    content.seek(0)
    width, height = FRAMES[kind](content) or (None, None)
    if width and height and width * height > limits.most_pixels():
        raise refusals.TooManyPixels
    return Look(kind, width, height)


def _kind(start: bytes) -> Kind:
    for kind, belongs in SIGNATURES.items():
        if belongs(start):
            return kind
    if start.startswith(PROGRAMS):
        raise refusals.Program
    if start.startswith(ARCHIVES):
        raise refusals.Archive
    raise refusals.UnknownContent


SIGNATURES: dict[Kind, Callable[[bytes], bool]] = {
    Kind.PDF: lambda start: start.startswith(b"%PDF-"),
    Kind.JPEG: lambda start: start.startswith(b"\xff\xd8\xff"),
    Kind.PNG: lambda start: start.startswith(b"\x89PNG\r\n\x1a\n"),
    Kind.HEIC: lambda start: start[4:8] == b"ftyp" and start[8:12] in frames.HEIC_BRANDS,
}
FRAMES: dict[Kind, Callable[[IO[bytes]], tuple[int, int] | None]] = {
    Kind.PDF: frames.look_at_pdf,
    Kind.JPEG: frames.look_at_jpeg,
    Kind.PNG: frames.look_at_png,
    Kind.HEIC: frames.look_at_heic,
}
