"""Tables whose header stands on every page, for lists of any length."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

from fpdf.structure_tree import StructElem

from . import bidi
from .blocks import style
from .flow import Flow, height_of
from .typesetting import Line, Style

TICK = "\u2610"  # a cell with this sign alone gets an empty box to be ticked by hand
TICK_SIDE = 3.2  # mm
PADDING = 1.2  # mm above and below the text of a cell
GUTTER = 3.0  # mm between columns


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `share` is its part of the width beside the shares of the others."""

    title: str
    share: float = 1
    align: Literal["start", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts; `row_height` in mm leaves room to write by hand."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    row_height: float = 0

    def set(self, flow: Flow) -> None:
        """Draw the table; a row is broken only if it is longer than a page."""
        _TableInPlace(self, flow).draw()
        flow.y += 3


class _TableInPlace:
    def __init__(self, table: Table, flow: Flow) -> None:
        self.table = table
        self.flow = flow
        self.looks = style(flow, 9)
        self.head_looks = style(flow, 8.5, bold=True)
        room = flow.width - GUTTER * (len(table.columns) - 1)
        total = sum(column.share for column in table.columns)
        self.widths = [room * column.share / total for column in table.columns]
        self.tag: StructElem | None = None

    def draw(self) -> None:
        self.flow.need(24)
        self.tag = self.flow.canvas.tags.group("Table", self.flow.canvas.page)
        self._header(repeated=False)
        self.flow.on_new_page = lambda: self._header(repeated=True)
        for row in self.table.rows:
            self._row(row)
        self.flow.on_new_page = lambda: None

    def _header(self, repeated: bool) -> None:
        titles = [column.title for column in self.table.columns]
        cells = self._broken(titles, self.head_looks)
        if repeated:
            with self.flow.canvas.decoration():
                self._cells(cells, self.head_looks)
        else:
            self._cells(cells, self.head_looks, "TH", self._tag_row())
        self.flow.y += _height(cells, self.head_looks) + 2 * PADDING
        self._line(grey=0, width=0.3)

    def _row(self, texts: Sequence[str]) -> None:
        cells = self._broken([bidi.isolated(text) for text in texts], self.looks)
        wanted = max(_height(cells, self.looks) + 2 * PADDING, self.table.row_height)
        whole_page = self.flow.bottom - self.flow.margins.top - 20
        if wanted <= whole_page:
            self.flow.need(wanted)
            self._part(cells, wanted)
            return
        count = int((whole_page - 2 * PADDING) / height_of(self.looks))
        while any(cells):
            part = [cell[:count] for cell in cells]
            height = _height(part, self.looks) + 2 * PADDING
            self.flow.need(height)
            self._part(part, height)
            cells = [cell[count:] for cell in cells]

    def _part(self, cells: list[list[Line]], height: float) -> None:
        self._cells(cells, self.looks, "TD", self._tag_row())
        self.flow.y += height
        self._line()

    def _cells(
        self,
        cells: list[list[Line]],
        looks: Style,
        kind: str = "",
        row: StructElem | None = None,
    ) -> None:
        self.flow.y += PADDING
        offset = 0.0
        for lines, column, width in zip(cells, self.table.columns, self.widths, strict=True):
            with self._tagged(kind, row, lines):
                if [line.text for line in lines] == [TICK]:
                    self._tick(offset, width, column.align)
                else:
                    self.flow.box(lines, looks, offset, width, column.align)
            offset += width + GUTTER
        self.flow.y -= PADDING

    def _tagged(
        self, kind: str, row: StructElem | None, lines: list[Line]
    ) -> AbstractContextManager[None]:
        return self.flow.canvas.marked(kind, row, lines=lines) if kind else nullcontext()

    def _tick(self, offset: float, width: float, align: str) -> None:
        left = self.flow.left(offset, width)
        at_right = (align == "end") != self.flow.canvas.rtl
        self.flow.canvas.square(
            left + (width - TICK_SIDE if at_right else 0), self.flow.y + 0.6, TICK_SIDE
        )

    def _broken(self, texts: Sequence[str], looks: Style) -> list[list[Line]]:
        return [
            self.flow.lines(text, looks, width)
            for text, width in zip(texts, self.widths, strict=True)
        ]

    def _tag_row(self) -> StructElem:
        return self.flow.canvas.tags.group("TR", self.flow.canvas.page, self.tag)

    def _line(self, grey: float = 0.75, width: float = 0.15) -> None:
        left = self.flow.left(0, self.flow.width)
        with self.flow.canvas.decoration():
            self.flow.canvas.stroke(
                left, self.flow.y, left + self.flow.width, self.flow.y, grey=grey, width=width
            )


def _height(cells: list[list[Line]], looks: Style) -> float:
    return max((len(lines) for lines in cells), default=0) * height_of(looks)
