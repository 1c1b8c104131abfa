"""The receipt of a paid service fee, with a code that shows it genuine.

The code is issued by the operation that takes the payment; printing changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.formats import moment, money
from portal.paper import kinds, seals
from portal.paper.blocks import Heading, Paragraph, Rows
from portal.paper.sheet import Letterhead, Sheet

from .models import Appointment, Payment

RECEIPT = kinds.declare("service_fee_paid", gettext_lazy("Receipt: service fee paid"))


def subject_ref(payment: Payment) -> str:
    """Return what the seal of a payment's receipt is about."""
    return f"payment:{payment.pk}"


def facts(payment: Payment, kept: Sequence[Appointment]) -> dict[str, Any]:
    """Return everything that is printed, in one spelling for all languages."""
    return {
        "reference": payment.reference,
        "amount": f"{_for(kept):.2f}",
        "currency": payment.currency,
        "paid_at": payment.paid_at,
        "centre": payment.centre.code,
        "appointments": [one.reference for one in kept],
    }


def printed(payment: Payment, kept: Sequence[Appointment], language: str) -> bytes | None:
    """Return the receipt as PDF, None where there is none; the same file each time."""
    seal = seals.valid_seal(kind=RECEIPT, subject_ref=subject_ref(payment))
    if seal is None or payment.paid_at is None or not kept:
        return None
    with override(language):
        sheet = Sheet(
            title=str(kinds.label_of(RECEIPT)),
            language=language,
            day=seal.issued_at,
            letterhead=Letterhead(payment.centre.mission.name),
            blocks=[
                Paragraph(_("The service fee of these appointments was paid.")),
                Rows(_rows(payment, kept, language)),
                Heading(_("What this paper means"), level=3),
                Paragraph(
                    _(
                        "The fee is for the service at the counter. Booking the appointment was "
                        "free, and this paper says nothing of the visa or its fee."
                    )
                ),
                seals.proof(seal, language),
            ],
            footer=payment.reference,
        )
        return sheet.pdf()


def _rows(payment: Payment, kept: Sequence[Appointment], language: str) -> list[tuple[str, str]]:
    assert payment.paid_at is not None, "a receipt is issued once it is true"
    return [
        (_("Reference"), payment.reference),
        (_("Amount"), money(_for(kept), payment.currency, language)),
        (_("Paid"), moment(payment.paid_at)),
        (_("Where"), payment.centre.name),
        *((_("Appointment"), one.reference) for one in kept),
    ]


def _for(kept: Sequence[Appointment]) -> Any:
    """Return what of the payment was for these appointments."""
    return sum(one.fee_hold.amount for one in kept)
