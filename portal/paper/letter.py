"""A letter for a window envelope: content in, PDF out.

    Letter(
        language="de", title="Answer to a complaint", day=date(2025, 12, 9),
        letterhead=Letterhead("Generalkonsulat", ["1 Example Road, Algiers", "+213 …"]),
        address=["Frau", "Amina Benali", "Straße 12", "16000 Algier", "ALGERIEN"],
        window=DIN_5008_B,                      # or FRENCH_DL: data of the mission
        details=[("Unser Zeichen", "B-2025-0012"), ("Datum", "9. Dezember 2025")],
        subject="Ihre Beschwerde vom 1. Dezember 2025",
        body=[Paragraph("Sehr geehrte Frau Benali,"), Paragraph("…")],
        closing=["Mit freundlichen Grüßen"], signed=["Im Auftrag", "M. Example"],
        notes=["Anlage: …"], blocks_after=[Code(…)],
    ).pdf() -> bytes

`title` goes into the metadata, so keep names out of it. The window is where the address must lie
so that it is seen whichever way the sheet slides inside the envelope; `WINDOWS` names them for
settings of a mission. Raises `AddressTooLongError` when the address does not fit the window:
cutting it would send the letter astray.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import override

from portal.formats import civil

from . import bidi
from .blocks import Block, style
from .canvas import PORTRAIT, Canvas
from .flow import Flow, Margins, height_of
from .sheet import Letterhead, set_footers
from .typesetting import Line, Style

MARGINS = Margins(top=20, end=20, bottom=24, start=25)
SIGNATURE = 16.0  # mm left free for a hand


class AddressTooLongError(ValueError):
    """The address has more lines than the window shows."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where the address is seen through the envelope, in mm from the top left of the sheet.

    The sender's line lies in its first `sender` mm. `details` is where the reference and the date
    begin (left edge, top, width); `body` is where the subject begins at the earliest, and `folds`
    are the heights where the sheet is folded.
    """

    left: float
    top: float
    width: float
    height: float
    sender: float
    details: tuple[float, float, float]
    body: float
    folds: tuple[float, ...]


# DIN 5008 form B: field 20/45, 85 x 45 mm; text 5 mm inside it, address in the lower 27.3 mm.
DIN_5008_B = Window(
    left=25,
    top=45,
    width=75,
    height=45,
    sender=17.7,
    details=(125, 50, 65),
    body=98.5,
    folds=(105, 210),
)
# Envelope DL 110 x 220 with its window 20 mm from the right and the bottom edge, 100 x 35 or
# 100 x 45 mm. The sheet may slide 10 mm sideways and 11 mm upwards: what is left is safe.
FRENCH_DL = Window(
    left=104,
    top=50,
    width=84,
    height=28.5,
    sender=5,
    details=(25, 50, 65),
    body=98.5,
    folds=(99, 198),
)
WINDOWS = {"din_5008_b": DIN_5008_B, "french_dl": FRENCH_DL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of one or more pages; see the module for what the fields mean."""

    language: str
    title: str
    day: date | datetime
    letterhead: Letterhead
    address: Sequence[str]
    window: Window
    subject: str
    body: Sequence[Block]
    details: Sequence[tuple[str, str]] = ()
    closing: Sequence[str] = ()
    signed: Sequence[str] = ()
    notes: Sequence[str] = ()
    blocks_after: Sequence[Block] = ()
    footer: str = ""

    def pdf(self) -> bytes:
        """Return the file; raises AddressTooLongError."""
        with override(self.language):
            return self._drawn().finished()

    def _drawn(self) -> Canvas:
        canvas = Canvas(title=self.title, language=self.language, day=civil(self.day))
        flow = Flow(canvas, MARGINS)
        _set_head(flow, self.letterhead)
        _set_address(flow, self)
        details_end = _set_details(flow, self)
        _set_folds(flow, self.window)
        flow.y = max(self.window.body, self.window.top + self.window.height, details_end + 6)
        self._set_text(flow)
        set_footers(flow, self.footer)
        return canvas

    def _set_text(self, flow: Flow) -> None:
        flow.text(self.subject, style(flow, 11, bold=True), "H1")
        flow.y += 5
        for block in self.body:
            block.set(flow)
        self._set_closing(flow)
        for note in self.notes:
            flow.text(note, style(flow, 9), "P")
        for block in self.blocks_after:
            block.set(flow)

    def _set_closing(self, flow: Flow) -> None:
        """Greeting, room for a hand, name: never apart, never alone on top of a page."""
        looks = style(flow)
        lines = len(self.closing) + len(self.signed)
        if not lines:
            return
        flow.y += 2
        flow.need(lines * height_of(looks) + SIGNATURE)
        for line in self.closing:
            flow.text(line, looks, "P")
        flow.y += SIGNATURE
        for line in self.signed:
            flow.text(line, looks, "P")
        flow.y += 6


# --- What lies at fixed places ------------------------------------------------------------------


def _set_head(flow: Flow, letterhead: Letterhead) -> None:
    """Name at the start of the top band, the other lines below each other at its end."""
    flow.y = 15
    width = flow.width * 0.52
    _set_box(flow, letterhead.name, style(flow, 14, bold=True), 0, width, "start")
    offset = flow.width * 0.55
    looks = style(flow, 8, grey=0.25)
    for line in letterhead.lines:
        _set_box(flow, bidi.isolated(line), looks, offset, flow.width - offset, "end")


def _set_box(flow: Flow, text: str, looks: Style, offset: float, width: float, align: str) -> None:
    lines = flow.lines(text, looks, width)
    with flow.canvas.marked("P", lines=lines):
        flow.box(lines, looks, offset, width, align)
    if align == "end":
        flow.y += len(lines) * height_of(looks)


def _set_address(flow: Flow, letter: Letter) -> None:
    """Sender in small above, address below, both on physical places: envelopes know no script."""
    window = letter.window
    small, looks = Style(7, grey=0.25, leading=1.25), Style(10, leading=1.22)
    sender = ", ".join([letter.letterhead.name, *letter.letterhead.lines[:1]])
    senders = flow.lines(bidi.isolated(sender), small, window.width)[:1]
    _fixed(flow, senders, small, window.left, window.top + window.sender - 4.2)
    lines = [
        line
        for text in letter.address
        for line in flow.lines(bidi.isolated(text), looks, window.width)
    ]
    if len(lines) * height_of(looks) > window.height - window.sender + 1:
        raise AddressTooLongError(f"{len(lines)} lines do not fit the window")
    _fixed(flow, lines, looks, window.left, window.top + window.sender)


def _fixed(flow: Flow, lines: list[Line], looks: Style, left: float, top: float) -> None:
    with flow.canvas.marked("P", lines=lines):
        for number, line in enumerate(lines, start=1):
            baseline = top + number * height_of(looks) - 1
            flow.canvas.show(line, left, baseline, looks)


def _set_details(flow: Flow, letter: Letter) -> float:
    """Set reference, date and so on beside the address; return where they end."""
    left, flow.y, width = letter.window.details
    looks, label_looks = style(flow, 9), style(flow, 8, grey=0.3)
    label_width = width * 0.4
    for label, value in letter.details:
        names = flow.lines(label, label_looks, label_width - 2)
        values = flow.lines(bidi.isolated(value), looks, width - label_width)
        _fixed(flow, names, label_looks, left, flow.y + 0.3)
        _fixed(flow, values, looks, left + label_width, flow.y)
        flow.y += max(len(names) * height_of(label_looks), len(values) * height_of(looks)) + 0.8
    return flow.y


def _set_folds(flow: Flow, window: Window) -> None:
    marks = [*((fold, 5.0) for fold in window.folds), (PORTRAIT[1] / 2, 8.0)]
    with flow.canvas.decoration():
        for height, length in marks:
            flow.canvas.stroke(0 + 3, height, 3 + length, height, grey=0.5)
