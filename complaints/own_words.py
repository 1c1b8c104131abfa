"""A person's own words as a page to print, sign and send (RC-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.formats import long_date
from portal.missions.models import Mission
from portal.paper.blocks import Paragraph, Rows, Space
from portal.paper.sheet import Sheet

from .enums import AppealedDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What stands on the page; `language` is that of the answer, fr or de."""

    mission: Mission
    against: AppealedDecision
    notified: date
    name: str
    representative: str
    postal_address: str
    decision_reference: str
    words: str
    language: str


def page_to_sign(own: OwnWords, *, today: date) -> bytes:
    """Return the page as PDF, with a line for the signature; nothing of it is kept."""
    with override(own.language):
        rows = [
            (_("Consulate"), own.mission.name),
            (_("Against"), str(own.against.label)),
            (_("Told of it on"), long_date(own.notified)),
            (_("Name"), own.name),
            (_("Postal address"), own.postal_address.replace("\r\n", "\n")),
        ]
        if own.decision_reference:
            rows.insert(3, (_("Number on the decision"), own.decision_reference))
        if own.representative:
            rows.append((_("Written by"), own.representative))
        paragraphs = own.words.replace("\r\n", "\n").split("\n\n")
        return Sheet(
            title=_("Appeal"),
            language=own.language,
            day=today,
            blocks=[
                Rows(rows),
                Space(4),
                *(Paragraph(text) for text in paragraphs if text.strip()),
                Space(12),
                Paragraph(_("Place and date:") + " " + "_" * 30),
                Space(8),
                Paragraph(_("Signature by hand:") + " " + "_" * 40),
            ],
        ).pdf()
