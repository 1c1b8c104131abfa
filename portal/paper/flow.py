"""Where the next thing goes on a page, and when a new page begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fpdf.structure_tree import StructElem

from .canvas import POINT, Canvas
from .typesetting import Line, Style


@dataclass(frozen=True, slots=True)
class Margins:
    """Distances from the edges of the page in mm; start and end follow the direction."""

    top: float = 20
    end: float = 20
    bottom: float = 24
    start: float = 25


class Flow:
    """A pen that goes down the page; `y` is the distance from the top edge in mm."""

    def __init__(self, canvas: Canvas, margins: Margins) -> None:
        """Begin on a first page."""
        self.canvas = canvas
        self.margins = margins
        self.on_new_page: Callable[[], None] = lambda: None
        canvas.add_page()
        self.y = margins.top

    @property
    def width(self) -> float:
        """The width of the column of text."""
        return float(self.canvas.w - self.margins.start - self.margins.end)

    @property
    def bottom(self) -> float:
        """Where the column of text ends."""
        return float(self.canvas.h - self.margins.bottom)

    def left(self, offset: float, width: float) -> float:
        """Return the left edge of a box that begins `offset` after the start of the column."""
        if self.canvas.rtl:
            return float(self.canvas.w - self.margins.start - offset - width)
        return self.margins.start + offset

    def skip(self, distance: float) -> None:
        """Leave room, except on top of a page."""
        if self.y > self.margins.top:
            self.y += distance

    def new_page(self) -> None:
        """Begin a new page."""
        self.canvas.add_page()
        self.y = self.margins.top
        self.on_new_page()

    def need(self, height: float) -> None:
        """Begin a new page unless `height` still fits on this one."""
        if self.y + height > self.bottom and self.y > self.margins.top:
            self.new_page()

    # --- Text ---------------------------------------------------------------------------------

    def lines(self, text: str, style: Style, width: float = 0) -> list[Line]:
        """Break a text for the column, or for a narrower box."""
        return self.canvas.lines(text, style, width or self.width)

    def text(self, text: str, style: Style, kind: str, parent: StructElem | None = None) -> None:
        """Set a text into the column; no page ends or begins with a single line of it."""
        lines = self.lines(text, style)
        while lines:
            count = self._fitting(len(lines), style)
            if not count:
                self.new_page()
                continue
            with self.canvas.marked(kind, parent, lines=lines[:count]):
                self.box(lines[:count], style, 0, self.width)
            self.y += count * height_of(style)
            lines = lines[count:]

    def box(
        self, lines: list[Line], style: Style, offset: float, width: float, align: str = "start"
    ) -> None:
        """Draw lines below each other from the pen on, without moving it."""
        left = self.left(offset, width)
        for number, line in enumerate(lines):
            at_right = (align == "end") != self.canvas.rtl
            x = left + (width - line.width if at_right else 0)
            self.canvas.show(line, x, self.y + number * height_of(style) + rise(style), style)

    def _fitting(self, count: int, style: Style) -> int:
        room = int((self.bottom - self.y + 0.01) / height_of(style))
        if room >= count:
            return count
        at_top = self.y <= self.margins.top
        room = min(room, count - 2)
        return room if room >= 2 else max(room, 1) if at_top else 0


def height_of(style: Style) -> float:
    """Return the distance of two base lines in mm."""
    return style.size * style.leading * POINT


def rise(style: Style) -> float:
    """Return how far the first base line lies below the top of a box, in mm."""
    return style.size * POINT * (0.76 + (style.leading - 1) / 2)
