"""The list of those whom no message reached, on paper: whom to call, about what, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language_info, gettext, override

from portal.formats import long_date, short_date
from portal.paper.blocks import Block, Paragraph
from portal.paper.flow import Margins
from portal.paper.sheet import A4_LANDSCAPE, Sheet
from portal.paper.table import TICK, Column, Table

from .composing import subject_line
from .models import Message
from .notifications import of_kind
from .telephones import readable
from .wording import reason

_ROW = 13.0  # mm, to write what was said


def call_sheet(messages: Iterable[Message], *, day: date, language: str) -> bytes:
    """Return the PDF; who was told one thing over several channels stands on it once."""
    with override(language):
        rows = [_row(message, language) for message in _one_of_each(messages)]
        return Sheet(
            title=gettext("People to call, %(day)s") % {"day": long_date(day, language)},
            language=language,
            day=day,
            blocks=[*_blocks(rows)],
            size=A4_LANDSCAPE,
            margins=Margins(top=14, end=14, bottom=18, start=14),
        ).pdf()


def about(message: Message, language: str) -> str:
    """Return in a line what a message told, and of whom."""
    try:
        said = [subject_line(message, language), of_kind(message.kind).summary(message.context)]
    except Exception:  # a kind of an older release: its row must not hide the others
        said = [message.kind, message.subject]
    return " · ".join(part for part in said if part)


def _one_of_each(messages: Iterable[Message]) -> list[Message]:
    seen: dict[tuple[str, str, int], Message] = {}
    for message in messages:
        seen.setdefault((message.kind, message.subject, message.version), message)
    return list(seen.values())


def _blocks(rows: list[list[str]]) -> list[Block]:
    if not rows:
        return [Paragraph(gettext("Every message reached its reader."))]
    columns = [
        Column(gettext("Telephone"), 2.2),
        Column(gettext("Person"), 2.6),
        Column(gettext("Language"), 1.2),
        Column(gettext("About"), 4),
        Column(gettext("Why no message arrived"), 2.6),
        Column(gettext("Written"), 1.5),
        Column(gettext("Reached"), 1),
        Column(gettext("Note"), 3),
    ]
    return [Table(columns, rows, _ROW)]


def _row(message: Message, language: str) -> list[str]:
    return [
        readable(message.phone) or gettext("none known"),
        message.recipient,
        str(get_language_info(message.language)["name_translated"]),
        about(message, language),
        reason(message),
        short_date(message.created_at, language),
        TICK,
        "",
    ]
