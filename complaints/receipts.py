"""The receipt of a complaint: number, date, subject and language, and no promise (CP-05).

The code is issued by the operation that takes the complaint in; printing changes nothing.  Pages
decide who may have it: whoever sent it in this session, or proved to be its person.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from portal.display import Row
from portal.formats import moment
from portal.paper import kinds, seals
from portal.paper.blocks import Heading, Paragraph, Rows
from portal.paper.models import Seal
from portal.paper.sheet import Letterhead, Sheet

from .models import Case
from .wording import language_name

KIND = kinds.declare("complaint_received", gettext_lazy("Receipt: complaint received"))


def subject_ref(case: Case) -> str:
    """Return what the seals and messages of a case are about."""
    return f"case:{case.pk}"


def facts(case: Case) -> dict[str, Any]:
    """Return everything that is printed and stays, in one spelling for all languages."""
    return {
        "reference": case.reference,
        "received": case.received_at.astimezone(UTC).isoformat(),
        "subject": case.complaint.label,
        "language": case.complaint.declared_language,
        "mission": case.mission.code,
        "name": case.name,
    }


def printed(case: Case, language: str) -> bytes | None:
    """Return the receipt as PDF, None for a case that has none; the same file each time."""
    seal = seals.valid_seal(kind=KIND, subject_ref=subject_ref(case))
    if seal is None or not seals.has_facts(seal, facts(case)):
        return None
    with override(language):
        return _sheet(case, seal, language).pdf()


def receipt_rows(case: Case) -> list[Row]:
    """Return what the page and the paper say of a complaint, in the active language."""
    return [
        Row(_("Number"), case.reference, ltr=True),
        Row(pgettext("a day", "Received"), moment(case.received_at)),
        Row(_("Consulate"), case.mission.name),
        Row(_("Subject"), case.complaint.label),
        Row(_("Language, as you said"), str(language_name(case.complaint.declared_language))),
    ]


def _sheet(case: Case, seal: Seal, language: str) -> Sheet:
    return Sheet(
        title=_("Receipt: complaint received"),
        language=language,
        day=seal.issued_at,
        letterhead=Letterhead(case.mission.name),
        blocks=[
            Paragraph(_("This portal received the complaint and passes it on to be handled.")),
            Rows([(row.key, row.value) for row in receipt_rows(case)] + [(_("Name"), case.name)]),
            Heading(_("What this paper means"), level=3),
            Paragraph(
                _(
                    "Complaints are handled in the order in which they arrive. No time is promised "
                    "for the answer. A complaint changes no decision on a visa, and it does not "
                    "stop the time to appeal."
                )
            ),
            seals.proof(seal, language),
        ],
        footer=case.reference,
    )
