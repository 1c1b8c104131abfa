"""A sheet: content in, PDF out.

    Sheet(
        title="Receipt", language="fr", day=date(2025, 12, 9),
        letterhead=Letterhead("Visa section", ["1 Example Road, Algiers"]),
        blocks=[Paragraph("…"), Rows([("Reference", "A-7K3M-92QX")]), Code(url, …)],
        footer="A-7K3M-92QX",
    ).pdf() -> bytes

The blocks are those of `blocks` and `table`. Direction and script follow `language` (two
letters: fr, de, ar, en). `day` is the date of the file: equal content and equal day give equal
bytes, so a receipt printed twice is the same file. Nothing personal goes into the metadata: they
hold `title` and `language`, so keep names out of the title. `size` is A4, A4_LANDSCAPE or A6 (a
slip, which has no page number when it is alone). Texts come translated; only "Page 2 of 5" is
translated here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext, override

from portal.formats import civil

from . import bidi
from .blocks import Block, Heading, style
from .canvas import PORTRAIT, Canvas
from .flow import Flow, Margins, height_of, rise

A4 = PORTRAIT
A4_LANDSCAPE = (297.0, 210.0)
A6 = (105.0, 148.0)
NARROW = Margins(top=9, end=9, bottom=13, start=9)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: a name, and lines such as address, telephone and website."""

    name: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper with a title; see the module for what the fields mean."""

    title: str
    language: str
    day: date | datetime
    blocks: Sequence[Block]
    letterhead: Letterhead | None = None
    footer: str = ""
    size: tuple[float, float] = A4
    margins: Margins = field(default_factory=Margins)

    def pdf(self) -> bytes:
        """Return the file."""
        with override(self.language):
            return self._drawn().finished()

    def _drawn(self) -> Canvas:
        canvas = Canvas(
            title=self.title, language=self.language, day=civil(self.day), size=self.size
        )
        flow = Flow(canvas, NARROW if self.size == A6 else self.margins)
        if self.letterhead:
            set_letterhead(flow, self.letterhead)
        Heading(self.title, level=1).set(flow)
        for block in self.blocks:
            block.set(flow)
        if self.size != A6 or self.footer or canvas.pages_count > 1:
            set_footers(flow, self.footer)
        return canvas


def set_letterhead(flow: Flow, letterhead: Letterhead) -> None:
    """Draw who writes on top of the page, above a line."""
    flow.text(letterhead.name, style(flow, 11, bold=True), "P")
    if letterhead.lines:
        details = "  ·  ".join(bidi.isolated(line) for line in letterhead.lines)
        flow.text(details, style(flow, 8.5, grey=0.3), "P")
    flow.y += 1.5
    left = flow.left(0, flow.width)
    with flow.canvas.decoration():
        flow.canvas.stroke(left, flow.y, left + flow.width, flow.y, width=0.3)
    flow.y += 8


def set_footers(flow: Flow, text: str = "") -> None:
    """Write "Page 2 of 5" on every page, and `text` on the other side."""
    canvas = flow.canvas
    looks = style(flow, 8, grey=0.3)
    total = canvas.pages_count
    flow.y = canvas.h - flow.margins.bottom / 2 - height_of(looks) / 2 - rise(looks) / 4
    for number in range(1, total + 1):
        canvas.page = number
        page = gettext("Page %(number)s of %(total)s") % {"number": number, "total": total}
        with canvas.decoration():
            flow.box(flow.lines(page, looks), looks, 0, flow.width, align="end")
            room = flow.width * 0.75
            flow.box(flow.lines(bidi.isolated(text), looks, room)[:1], looks, 0, room)
