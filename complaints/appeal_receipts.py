"""The receipt of an appeal: its number and day of arrival, with a code that shows it genuine.

It says what nobody changes later; no promise, no date that a rule computes (RC-02).  The code is
issued by the operation that registers; printing changes nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.formats import moment
from portal.paper import kinds, seals
from portal.paper.blocks import Heading, Paragraph, Rows
from portal.paper.sheet import Letterhead, Sheet

from .models import Appeal

RECEIPT = kinds.declare("appeal_registered", gettext_lazy("Receipt: appeal registered"))


def subject_ref(appeal: Appeal) -> str:
    """Return what the seal of an appeal is about."""
    return f"appeal:{appeal.pk}"


def facts(appeal: Appeal) -> dict[str, Any]:
    """Return everything that is printed, in one spelling for all languages."""
    return {
        "number": str(appeal),
        "reference": appeal.case.reference,
        "mission": appeal.mission.code,
        "name": appeal.case.name,
        "arrived_at": appeal.arrived_at,
        "against": appeal.against,
        "channel": appeal.case.channel,
    }


def issue(appeal: Appeal, language: str) -> None:
    """Issue the code, inside the transaction that registers."""
    seals.issue_seal(
        kind=RECEIPT,
        subject_ref=subject_ref(appeal),
        facts=facts(appeal),
        reference=appeal.case.reference,
        language=language,
    )


def printed(appeal: Appeal, language: str) -> bytes | None:
    """Return the receipt as PDF, None where there is none; the same file each time."""
    seal = seals.valid_seal(kind=RECEIPT, subject_ref=subject_ref(appeal))
    if seal is None:
        return None
    with override(language):
        return Sheet(
            title=kinds.label_of(RECEIPT),
            language=language,
            day=seal.issued_at,
            letterhead=Letterhead(appeal.mission.name),
            blocks=[
                Paragraph(_("This appeal arrived and stands in the register.")),
                Rows(rows(appeal)),
                Heading(_("What happens now"), level=3),
                *(Paragraph(text) for text in what_happens_now()),
                seals.proof(seal, language),
            ],
            footer=appeal.case.reference,
        ).pdf()


def rows(appeal: Appeal) -> list[tuple[str, str]]:
    """Return what is printed, in words."""
    return [
        (_("Number in the register"), str(appeal)),
        (_("Reference"), appeal.case.reference),
        (_("Arrived"), moment(appeal.arrived_at)),
        (_("How it came"), str(appeal.case.get_channel_display())),
        (_("Consulate"), appeal.mission.name),
        (_("Against"), str(appeal.get_against_display())),
        (_("Name"), appeal.case.name),
    ]


def what_happens_now() -> list[str]:
    """Return what a person is told, and nothing that could be read as a promise (RC-02)."""
    return [
        _("Appeals are handled in order of arrival. That takes time, and nothing makes it faster."),
        _(
            "The answer comes by post to the address you gave. You need not ask: until then all"
            " that can be said is that it was received."
        ),
        _("This paper says nothing of whether the appeal is admissible or will succeed."),
    ]
