"""Pages on which shaped text, lines and QR codes are drawn; lengths in millimetres.

Nothing of the machine goes into the file: no clock, no version, no name of a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

import segno
from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences
from fpdf.structure_tree import StructElem

from . import bidi, fonts
from .tags import TaggedOutput, Tags
from .typesetting import Line, Run, Style, lines_of

PORTRAIT = (210.0, 297.0)  # mm, A4
POINT = 25.4 / 72  # mm
MADE_BY = "Guichet"


class Canvas(FPDF):
    """One document that is being drawn."""

    def __init__(
        self, *, title: str, language: str, day: date, size: tuple[float, float] = PORTRAIT
    ) -> None:
        """Begin a document; `title` and `language` are all that its metadata tell."""
        super().__init__(unit="mm", format=size)
        self.rtl = bidi.is_rtl(language)
        self.language = language
        self.tags = self.struct_builder = Tags()
        self._widths: dict[Run, float] = {}
        self._describe(title, day)
        self.set_auto_page_break(False)
        self.c_margin = 0

    def _describe(self, title: str, day: date) -> None:
        self.set_title(title)
        self.set_lang(self.language)
        self.set_producer(MADE_BY)
        self.set_creator(MADE_BY)
        self.set_creation_date(datetime.combine(day, time(), UTC))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def finished(self) -> bytes:
        """Return the file; equal content and day give equal bytes."""
        written = self.output(output_producer_class=TaggedOutput)
        return bytes(written or b"")

    # --- Marking what is content and what is not ----------------------------------------------

    @contextmanager
    def marked(
        self,
        kind: str,
        parent: StructElem | None = None,
        *,
        lines: Sequence[Line] = (),
        alt: str = "",
    ) -> Iterator[None]:
        """Tag what is drawn inside as H1, P, TD and so on; it must stay on one page.

        `lines` that run both ways are also told in the order of reading; `alt` describes a picture.
        """
        both_ways = any(line.mixed for line in lines)
        spoken = " ".join(line.text for line in lines) if both_ways else ""
        number, pages_own = self.tags.leaf(kind, self.page, parent, alt=alt, spoken=spoken)
        self.pages[self.page].struct_parents = pages_own
        self._set_min_pdf_version("1.7")
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what a reading program should skip: lines, page numbers, repeated headers."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    # --- Text ---------------------------------------------------------------------------------

    def lines(self, text: str, style: Style, width: float) -> list[Line]:
        """Break a text into lines of at most `width`."""
        return lines_of(text, style, width, self.rtl, self.measure)

    def measure(self, run: Run, size: float) -> float:
        """Return the width of a run."""
        if run not in self._widths:
            _count, width = self._face(run).get_text_width(run.text, 1, self._shaping(run))
            self._widths[run] = width
        return self._widths[run] * size * fonts.OPTICAL[run.face] * POINT

    def show(self, line: Line, x: float, baseline: float, style: Style) -> None:
        """Draw a line that begins `x` from the left edge of the page.

        The runs go into the file in the order of reading, which is what programs read out.
        """
        places: dict[int, float] = {}
        for run in bidi.as_seen(line.runs):
            places[run.order] = x
            x += self.measure(run, style.size)
        self._out(f"{style.grey:g} g")
        for run in line.runs:
            self._out(self._drawn(run, places[run.order], baseline, style.size))

    def _drawn(self, run: Run, x: float, baseline: float, size: float) -> str:
        font = self._face(run)
        size *= fonts.OPTICAL[run.face]
        self._set_font_for_page(font, size)
        at, height = x / POINT, (self.h - baseline) / POINT
        parts = [f"BT /F{font.i} {size:.4g} Tf 1 0 0 1 {at:.2f} {height:.2f} Tm"]
        waiting = ""
        scale = font.scale * size / 1000
        for glyph in font.shape_text(run.text, size, self._shaping(run)):
            across, up = glyph["x_offset"] * scale, glyph["y_offset"] * scale
            if across or up:
                parts += [f"<{waiting}> Tj", _to(at + across, height + up)]
                waiting = ""
            waiting += f"{glyph['mapped_char'] or 0:04X}"
            at += glyph["x_advance"] * scale
            if glyph["force_positioning"]:
                parts += [f"<{waiting}> Tj", _to(at, height)]
                waiting = ""
        parts += [f"<{waiting}> Tj", "ET"]
        return " ".join(part for part in parts if part != "<> Tj")

    def _face(self, run: Run) -> TTFFont:
        weight = "B" if run.bold else ""
        if run.face.lower() + weight not in self.fonts:
            self.add_font(run.face, weight, fonts.font_file(run.face, run.bold))
        font = self.fonts[run.face.lower() + weight]
        assert isinstance(font, TTFFont)
        return font

    def _shaping(self, run: Run) -> dict[str, Any]:
        return {
            "features": {"kern": True, "liga": True},
            "fragment_direction": TextDirection.RTL if run.rtl else TextDirection.LTR,
            "script": "arab" if run.face == fonts.ARABIC else None,
            "language": self.language,
        }

    # --- Lines and codes ----------------------------------------------------------------------

    def stroke(
        self, x: float, y: float, to_x: float, to_y: float, *, grey: float = 0, width: float = 0.2
    ) -> None:
        """Draw a straight line."""
        self._out(
            f"{grey:g} G {width / POINT:.2f} w {x / POINT:.2f} {(self.h - y) / POINT:.2f} m "
            f"{to_x / POINT:.2f} {(self.h - to_y) / POINT:.2f} l S"
        )

    def square(self, x: float, y: float, side: float) -> None:
        """Draw an empty box to be ticked by hand."""
        left, bottom, length = x / POINT, (self.h - y - side) / POINT, side / POINT
        self._out(f"0 G 0.6 w {left:.2f} {bottom:.2f} {length:.2f} {length:.2f} re S")

    def code(self, content: str, x: float, y: float, side: float) -> None:
        """Draw a QR code into a square, sharp at any size.

        The caller leaves a tenth of `side` or more free around it (the quiet zone).
        """
        matrix = list(segno.make(content, error="m", micro=False).matrix_iter(border=0))
        step = side / POINT / len(matrix)
        left, top = x / POINT, (self.h - y) / POINT
        parts = ["0 g"]
        for row, signs in enumerate(matrix):
            for start, length in _dark(list(signs)):
                parts.append(
                    f"{left + start * step:.3f} {top - (row + 1) * step:.3f} "
                    f"{length * step:.3f} {step:.3f} re"
                )
        self._out("\n".join([*parts, "f"]))


def _to(x: float, y: float) -> str:
    return f"1 0 0 1 {x:.2f} {y:.2f} Tm"


def _dark(signs: list[int]) -> Iterator[tuple[int, int]]:
    """Return where dark stretches begin and how long they are."""
    start = 0
    while start < len(signs):
        length = next((n for n, sign in enumerate(signs[start:]) if not sign), len(signs) - start)
        if length:
            yield start, length
        start += max(length, 1)
