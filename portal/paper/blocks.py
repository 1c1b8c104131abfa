"""What stands on a paper: headings, paragraphs, rows, tables, lines, codes.

A block is plain content. Texts come translated; values of rows and cells of tables are isolated,
so a reference, a date or a telephone number keeps its order inside Arabic. Inside running text
that is the caller's part: see `ltr` and `isolated` in `bidi`.

    Heading("Your file")                      Heading("Persons", level=3)
    Paragraph("…")                            Paragraph("…", small=True)
    Rows([("Reference", "A-7K3M-92QX"), ("Appointment", "9 December 2025, 10:20")])
    Table([Column("Time", 1), Column("Name", 4), Column("Seats", 1, align="end")], rows)
    Code("https://…/papers/…/", title="Is this paper genuine?", lines=["…"])
    Rule()   Space(6)   NewPage()
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from django.utils.translation import gettext

from . import bidi
from .flow import Flow, height_of
from .typesetting import Style

ARABIC_LEADING = 1.62  # marks above and below need more room
LATIN_LEADING = 1.42
HEADINGS = {1: (17.0, 0.0, 4.0), 2: (12.5, 6.0, 2.0), 3: (10.5, 4.0, 1.0)}  # size, above, below


class Block(Protocol):
    """Anything that can be set onto a paper."""

    def set(self, flow: Flow) -> None:
        """Draw the block where the pen is and move the pen below it."""
        ...


def style(flow: Flow, size: float = 10, bold: bool = False, grey: float = 0) -> Style:
    """Return a style with the leading that the script of the paper needs."""
    leading = ARABIC_LEADING if flow.canvas.rtl else LATIN_LEADING
    return Style(size, bold, grey, leading if size < 14 else leading - 0.17)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the paper and belongs to `Sheet`."""

    text: str
    level: Literal[1, 2, 3] = 2

    def set(self, flow: Flow) -> None:
        """Draw it together with the beginning of what follows."""
        size, above, below = HEADINGS[self.level]
        looks = style(flow, size, bold=True)
        flow.skip(above)
        count = len(flow.lines(self.text, looks))
        flow.need(count * height_of(looks) + below + 25)
        flow.text(self.text, looks, f"H{self.level}")
        flow.y += below


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line feed begins a new line inside it."""

    text: str
    small: bool = False
    strong: bool = False

    def set(self, flow: Flow) -> None:
        """Draw it, over several pages if it must be."""
        size = 8.5 if self.small else 10
        flow.text(self.text, style(flow, size, self.strong, 0.3 if self.small else 0), "P")
        flow.y += 1.6 if self.small else 2.4


@dataclass(frozen=True, slots=True)
class Rows:
    """Pairs of label and value below each other."""

    rows: Sequence[tuple[str, str]]
    label_share: float = 0.34  # of the width

    def set(self, flow: Flow) -> None:
        """Draw the pairs with a hair line between them; no pair is torn apart."""
        table = flow.canvas.tags.group("Table", flow.canvas.page)
        for number, (label, value) in enumerate(self.rows):
            self._pair(flow, table, label, value, first=number == 0)
        flow.y += 3

    def _pair(self, flow: Flow, table: object, label: str, value: str, first: bool) -> None:
        label_width = flow.width * self.label_share - 4
        value_width = flow.width * (1 - self.label_share)
        names, values = style(flow, 9, grey=0.3), style(flow, 10)
        left = flow.lines(label, names, label_width)
        right = flow.lines(bidi.isolated(value), values, value_width)
        height = max(len(left) * height_of(names), len(right) * height_of(values)) + 2.2
        flow.need(height)
        if not first:
            _hair(flow)
        flow.y += 1.1
        row = flow.canvas.tags.group("TR", flow.canvas.page, table)  # type: ignore[arg-type]
        with flow.canvas.marked("TH", row, lines=left):
            # Both sizes stand on one base line.
            flow.y += (values.size - names.size) * 0.35
            flow.box(left, names, 0, label_width)
            flow.y -= (values.size - names.size) * 0.35
        with flow.canvas.marked("TD", row, lines=right):
            flow.box(right, values, flow.width * self.label_share, value_width)
        flow.y += height - 1.1


def _hair(flow: Flow, grey: float = 0.75, width: float = 0.15) -> None:
    left = flow.left(0, flow.width)
    with flow.canvas.decoration():
        flow.canvas.stroke(left, flow.y, left + flow.width, flow.y, grey=grey, width=width)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the column."""

    def set(self, flow: Flow) -> None:
        """Draw it with room around it."""
        flow.need(6)
        flow.skip(2)
        _hair(flow, grey=0.4, width=0.25)
        flow.y += 3


@dataclass(frozen=True, slots=True)
class Space:
    """Empty room of so many mm."""

    height: float = 4

    def set(self, flow: Flow) -> None:
        """Leave it."""
        flow.skip(self.height)


@dataclass(frozen=True, slots=True)
class NewPage:
    """Begin a new page here."""

    def set(self, flow: Flow) -> None:
        """Begin it."""
        flow.new_page()


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of `content`, with a title and lines of text beside it."""

    content: str
    title: str = ""
    lines: Sequence[str] = ()
    side: float = 26  # mm

    def set(self, flow: Flow) -> None:
        """Draw both beside each other on one page."""
        flow.need(self.side + 8)
        flow.skip(4)
        top = flow.y
        alt = gettext("QR code that leads to %(address)s") % {"address": self.content}
        with flow.canvas.marked("Figure", alt=alt):
            flow.canvas.code(self.content, flow.left(0, self.side), top, self.side)
        flow.y -= 0.8  # so that capitals and code have one upper edge
        self._caption(flow)
        flow.y = max(flow.y, top + self.side) + 4

    def _caption(self, flow: Flow) -> None:
        offset, width = self.side + 6, flow.width - self.side - 6
        texts = [(self.title, style(flow, 10, bold=True))] if self.title else []
        texts += [(line, style(flow, 9)) for line in self.lines]
        for text, looks in texts:
            lines = flow.lines(text, looks, width)
            with flow.canvas.marked("P", lines=lines):
                flow.box(lines, looks, offset, width)
            flow.y += len(lines) * height_of(looks) + 0.8
