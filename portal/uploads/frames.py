"""The frames of the four formats, read step by step; raise Broken where a frame does not hold."""

from __future__ import annotations

import re
from typing import IO

from . import refusals

STEPS = 20_000  # parts of one file that are walked through; real files have some hundreds
TAIL = 4096  # bytes at the end of a PDF in which its last trailer begins
HEAD = 256 * 1024  # bytes at the beginning of an HEIC that hold its table of contents
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
# Start of frame in a JPEG: every 0xC0…0xCF but the tables DHT, JPG and DAC.
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def look_at_png(content: IO[bytes]) -> tuple[int, int]:
    """Walk the chunks to IEND; return width and height."""
    size = None
    content.seek(8)
    for _step in range(STEPS):
        head = content.read(8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"IEND" and size is not None:
            return size
        if len(head) < 8 or (size is None and name != b"IHDR"):
            break
        if size is None:
            size = _pair(content.read(8), 4)
            length -= 8
        content.seek(length + 4, 1)  # and the check sum
    raise refusals.Broken


def look_at_jpeg(content: IO[bytes]) -> tuple[int, int]:
    """Walk the segments to the frame header; return width and height."""
    content.seek(2)
    for _step in range(STEPS):
        mark = content.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            break
        if mark[1] == 0xFF:  # a fill byte
            content.seek(-1, 1)
            continue
        length = int.from_bytes(content.read(2), "big")
        if length < 2:
            break
        if mark[1] in START_OF_FRAME:
            height, width = _pair(content.read(5)[1:], 2)
            return width, height
        content.seek(length - 2, 1)
    raise refusals.Broken


def look_at_heic(content: IO[bytes]) -> tuple[int, int] | None:
    """Return the largest size that the table of contents names (`ispe`), if it lies in front."""
    head = content.read(HEAD)
    sizes = [_pair(head[at.end() + 4 : at.end() + 12], 4) for at in re.finditer(b"ispe", head)]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def look_at_pdf(content: IO[bytes]) -> None:
    """Find the end, and tell whether the last trailer speaks of encryption."""
    length = content.seek(0, 2)
    content.seek(max(0, length - TAIL))
    tail = content.read(TAIL)
    places = re.findall(rb"startxref\s+(\d{1,10})\s+%%EOF", tail)
    if not places or int(places[-1]) >= length:
        raise refusals.Broken
    content.seek(int(places[-1]))
    stream = content.read(TAIL).partition(b"stream")[0]  # newer files have a stream for a trailer
    _before, found, trailer = tail.rpartition(b"trailer")
    if b"/Encrypt" in (trailer if found else stream):
        raise refusals.Locked


def _pair(data: bytes, width: int) -> tuple[int, int]:
    if len(data) < 2 * width:
        raise refusals.Broken
    return int.from_bytes(data[:width], "big"), int.from_bytes(data[width : 2 * width], "big")
