"""Receipts: what a traveller was given in writing, with a code that shows them genuine.

A receipt tells facts that stay as they were: who, where, what and on which day.  No passport
number, no date that a rule computes.  The code is issued by the operation that makes the receipt
true (`operations.receipts`); printing changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.formats import moment, weekday_date
from portal.paper import kinds, seals
from portal.paper.blocks import Heading, Paragraph, Rows
from portal.paper.models import Seal
from portal.paper.sheet import Letterhead, Sheet
from portal.refusals import Text

from .models import Application
from .refusals import ReceiptOutdated


@dataclass(frozen=True, slots=True)
class Receipt:
    """One kind of receipt; `slug` names it in addresses, `since` tells when it became true."""

    slug: str
    kind: str
    title: Text
    says: Text
    note: Text
    label: Text
    since: Callable[[Application], date | datetime | None]


SUBMITTED = Receipt(
    "submitted",
    kinds.declare("application_submitted", gettext_lazy("Receipt: application received")),
    gettext_lazy("Receipt: application received"),
    gettext_lazy("This portal received the application."),
    gettext_lazy(
        "The application is not examined yet, and this paper is no visa. The time for the "
        "decision does not run from this day but from the day on which the counter accepts the "
        "file (rule AP-05)."
    ),
    gettext_lazy("Received on"),
    lambda application: application.submitted_at,
)
FILED = Receipt(
    "filed",
    kinds.declare("application_filed", gettext_lazy("Receipt: file handed in")),
    gettext_lazy("Receipt: file handed in"),
    gettext_lazy("The counter accepted the file of this application."),
    gettext_lazy(
        "The time for the decision runs from this day (rule AP-05). This paper is no visa and "
        "tells nothing of the outcome. Keep it, and take it along when you fetch the passport."
    ),
    gettext_lazy("Handed in on"),
    lambda application: application.filed_on,
)
RECEIPTS = {one.slug: one for one in (SUBMITTED, FILED)}


def subject_ref(application: Application) -> str:
    """Return what the seals of an application are about."""
    return f"application:{application.pk}"


def facts(application: Application, receipt: Receipt) -> dict[str, Any]:
    """Return everything that is printed, in one spelling for all languages."""
    return {
        "reference": application.reference,
        "traveller": application.traveller,
        "mission": application.mission.code,
        "visa": application.visa_class,
        "purpose": application.purpose,
        "arrives_on": application.arrives_on,
        "departs_on": application.departs_on,
        "since": receipt.since(application),
    }


def valid_receipts(application: Application) -> list[Receipt]:
    """Return the receipts that count today; one query."""
    kinds_issued = set(
        Seal.objects.filter(
            subject_ref=subject_ref(application), replaced_at=None, revoked_at=None
        ).values_list("kind", flat=True)
    )
    return [one for one in RECEIPTS.values() if one.kind in kinds_issued]


def printed(application: Application, receipt: Receipt, language: str) -> bytes | None:
    """Return the receipt as PDF, None where there is none; the same file each time.

    Raises ReceiptOutdated if the file says something else by now.
    """
    seal = seals.valid_seal(kind=receipt.kind, subject_ref=subject_ref(application))
    if seal is None:
        return None
    if not seals.has_facts(seal, facts(application, receipt)):
        raise ReceiptOutdated
    with override(language):
        return _sheet(application, receipt, seal, language).pdf()


def _sheet(application: Application, receipt: Receipt, seal: Seal, language: str) -> Sheet:
    return Sheet(
        title=str(receipt.title),
        language=language,
        day=seal.issued_at,
        letterhead=Letterhead(application.mission.name),
        blocks=[
            Paragraph(str(receipt.says)),
            Rows(_rows(application, receipt)),
            Heading(_("What this paper means"), level=3),
            Paragraph(str(receipt.note)),
            Paragraph(_("The name is printed as it was typed into the application."), small=True),
            seals.proof(seal, language),
        ],
        footer=application.reference,
    )


def _rows(application: Application, receipt: Receipt) -> list[tuple[str, str]]:
    since = receipt.since(application)
    assert since is not None, "a receipt is issued once it is true"
    when = moment(since) if isinstance(since, datetime) else weekday_date(since)
    rows = [
        (_("Reference"), application.reference),
        (_("Traveller"), application.traveller),
        (str(receipt.label), when),
        (_("Where you apply"), application.mission.name),
        (_("Visa"), application.get_visa_class_display()),
        (_("Reason of the journey"), application.get_purpose_display()),
    ]
    if application.arrives_on:
        rows.append((_("Arrival"), weekday_date(application.arrives_on)))
    if application.departs_on:
        rows.append((_("Last departure"), weekday_date(application.departs_on)))
    return rows
