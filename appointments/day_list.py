"""The list of a day on paper: who comes when, with boxes to tick while there is no power."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, override, pgettext

from portal.formats import clock, weekday_date
from portal.paper.blocks import Block, Heading, Paragraph
from portal.paper.flow import Margins
from portal.paper.sheet import A4_LANDSCAPE, Sheet
from portal.paper.table import TICK, Column, Table

from .board import Line, board
from .models import Centre

_EMPTY_ROWS = 6  # for those who come without an appointment (RD-01)
_ROW = 9.0  # mm, to sign in


def day_list(centre: Centre, day: date, language: str) -> bytes:
    """Return the PDF of a day: those still to be served, and room for walk-ins."""
    with override(language):
        lines = board(centre, day).to_close
        planned = [line for line in lines if line.planned_at]
        tickets = sorted(
            (line for line in lines if not line.planned_at), key=lambda line: line.row.number
        )
        return Sheet(
            title=gettext("List of %(day)s") % {"day": weekday_date(day, language)},
            language=language,
            day=day,
            blocks=[*_appointments(planned), *_walk_ins(tickets)],
            footer=f"{centre.mission.name} · {centre.name}",
            size=A4_LANDSCAPE,
            margins=Margins(top=14, end=14, bottom=18, start=14),
        ).pdf()


def _appointments(lines: list[Line]) -> list[Block]:
    if not lines:
        return [Paragraph(gettext("Nobody is expected with an appointment on this day."))]
    ordered = sorted(lines, key=lambda line: (line.sorted_by, line.reference))
    rows = [[clock(line.sorted_by), *_person(line)] for line in ordered]
    return [Table(_columns(gettext("Time")), rows, _ROW)]


def _walk_ins(lines: list[Line]) -> list[Block]:
    empty = [["", "", "", "", TICK, TICK, TICK, TICK, ""] for _row in range(_EMPTY_ROWS)]
    rows = [[str(line.row.number), *_person(line)] for line in lines]
    return [
        Heading(gettext("Without an appointment: retiree cards only")),
        Table(_columns(gettext("Ticket")), [*rows, *empty], _ROW),
    ]


def _columns(first: str) -> list[Column]:
    return [
        Column(first, 1.1),
        Column(gettext("Name"), 4.6),
        Column(gettext("Reference"), 2),
        Column(gettext("Passport, last signs"), 1.5),
        Column(pgettext("column to tick", "Arrived"), 1),
        Column(pgettext("column to tick", "Served"), 1),
        Column(pgettext("column to tick", "Not accepted"), 1.1),
        Column(pgettext("column to tick", "Did not come"), 1.1),
        Column(gettext("Signature"), 3.2),
    ]


def _person(line: Line) -> list[str]:
    return [
        line.application.traveller,
        line.reference,
        line.passport_end,
        *(TICK, TICK, TICK, TICK),
        "",
    ]
