"""How heavy a PDF gets when it is shown: pixels of its pictures, bytes of its streams."""

from __future__ import annotations

import io
import zlib

import pikepdf
from PIL import Image

from .answers import Refuse

PLAIN = 64 * 1024 * 1024  # bytes of one stream that is no picture
PER_PIXEL = 8  # bytes: four colours of 16 bits
ALL = 3 * 1024 * 1024 * 1024  # bytes of all streams; fifty pages in colour at 300 dpi need half
STEP = 1024 * 1024
PACKERS = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
CODECS = frozenset({"/DCTDecode", "/DCT", "/JPXDecode"})


class Scales:
    """Weighs one object after the other; raises Refuse when one or all are too heavy."""

    def __init__(self, pixels: int) -> None:
        """Take the most pixels that one picture may have."""
        self.pixels = pixels
        self.total = 0

    def weigh(self, item: pikepdf.Object) -> None:
        """Weigh an object; only streams weigh anything."""
        if not isinstance(item, pikepdf.Stream):
            return
        filters = _filters(item)
        if sum(name in PACKERS for name in filters) > 1:
            raise Refuse("too_heavy")  # packed twice: no program writes that, and bombs do
        limit = PLAIN
        if item.get("/Subtype") == "/Image":
            limit = max(PLAIN, self._pixels_of(item, filters) * PER_PIXEL)
        if PACKERS & set(filters):
            self.total += _unpacked(item, filters, limit)
        if self.total > ALL:
            raise Refuse("too_heavy")

    def _pixels_of(self, item: pikepdf.Stream, filters: list[str]) -> int:
        """Return what the larger of the two says: the dictionary, or the picture itself."""
        said = int(item.get("/Width", 0)) * int(item.get("/Height", 0))
        pixels = max(said, _coded_pixels(item) if filters[-1:] and filters[-1] in CODECS else 0)
        if pixels > self.pixels:
            raise Refuse("too_many_pixels")
        return pixels


def _filters(item: pikepdf.Stream) -> list[str]:
    named = item.get("/Filter")
    if isinstance(named, pikepdf.Array):
        return [str(name) for name in named]
    return [] if named is None else [str(named)]


def _coded_pixels(item: pikepdf.Stream) -> int:
    if len(_filters(item)) > 1:
        return 0
    try:
        with Image.open(io.BytesIO(item.read_raw_bytes()), formats=["JPEG", "JPEG2000"]) as inner:
            return inner.width * inner.height
    except (OSError, SyntaxError, ValueError):  # shown as a blank by whoever opens it
        return 0


def _unpacked(item: pikepdf.Stream, filters: list[str], limit: int) -> int:
    """Return how many bytes a stream unpacks to; stops at the limit."""
    if filters in (["/FlateDecode"], ["/Fl"]):
        return _inflated(item.read_raw_bytes(), limit)
    # Rare packers are unpacked whole; the limit of the process's memory ends what is a bomb.
    length = len(item.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    if length > limit:
        raise Refuse("too_heavy")
    return length


def _inflated(packed: bytes, limit: int) -> int:
    inflater, total = zlib.decompressobj(), 0
    rest: bytes = packed
    while rest and not inflater.eof:
        try:
            total += len(inflater.decompress(rest, STEP))
        except zlib.error:  # what comes after is not shown either
            return total
        if total > limit:
            raise Refuse("too_heavy")
        rest = inflater.unconsumed_tail
    return total
