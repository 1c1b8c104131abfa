"""Read a paper back as other programs do."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pypdf
import pypdfium2
import zxingcpp
from PIL import Image


def reader(paper: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(paper))


def words(paper: bytes) -> str:
    """All text in the order of the file, blanks evened out."""
    return " ".join(" ".join(page.extract_text() for page in reader(paper).pages).split())


def signs(paper: bytes) -> str:
    """All text in the order of the file without blanks, which extraction sets as it likes."""
    return "".join(words(paper).split())


def picture(paper: bytes, page: int = 0, scale: float = 3) -> Image.Image:
    with pypdfium2.PdfDocument(paper) as document:
        return document[page].render(scale=scale).to_pil().convert("L")


def codes(paper: bytes, page: int = 0) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture(paper, page))]


def elements(paper: bytes) -> Iterator[Any]:
    """The structure below the document, parents first."""
    root = reader(paper).trailer["/Root"]["/StructTreeRoot"]
    waiting = [kid.get_object() for kid in root["/K"][0].get_object()["/K"]]
    while waiting:
        element = waiting.pop(0)
        yield element
        kids = [kid.get_object() for kid in element["/K"]]
        waiting = [kid for kid in kids if isinstance(kid, dict)] + waiting


def structure(paper: bytes) -> list[str]:
    return [str(element["/S"]).strip("/") for element in elements(paper)]


def ink(paper: bytes, page: int, box: tuple[float, float, float, float]) -> int:
    """Dark points within left, top, right, bottom in mm."""
    return sum(_part(paper, page, box).histogram()[:128])


def pieces(paper: bytes, box: tuple[float, float, float, float]) -> int:
    """How many pieces stand beside each other, with white between them from top to bottom."""
    part = _part(paper, 0, box)
    dark = [
        min(part.crop((x, 0, x + 1, part.height)).getextrema()) < 160 for x in range(part.width)
    ]
    return sum(1 for before, now in pairwise([False, *dark]) if now and not before)


def _part(paper: bytes, page: int, box: tuple[float, float, float, float]) -> Image.Image:
    scale = 4.0
    mm = scale * 72 / 25.4
    return picture(paper, page, scale).crop(tuple(round(edge * mm) for edge in box))
