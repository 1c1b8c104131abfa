"""What applicants are told about the service fee (AT-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from portal.formats import money
from portal.missions.models import in_language
from portal.outbox.notifications import Notification

from .models import Appointment, FeeHold, Payment, Slot
from .notifications import AppointmentCancelled, facts_of

_BOOKED, _REMINDED = 1, 2  # versions of the message about one fee


class FeeDue(Notification):
    """The service fee of an appointment is to be paid, and until when."""

    kind = "fee_due"

    @classmethod
    def of(cls, hold: FeeHold, *, again: bool = False) -> FeeDue:
        """Build the message of the booking; `again` for the reminder before the end."""
        appointment = hold.appointment
        owner = appointment.application.owner
        # Where the appointment comes first no clock releases it: the counter asks for the fee.
        end = min(hold.due_at, appointment.slot.starts_at)
        return cls(
            recipient=owner.email,
            language=owner.language,
            subject_ref=f"fee:{appointment.pk}",
            version=_REMINDED if again else _BOOKED,
            mission_id=appointment.application.mission_id,
            context={
                **facts_of(appointment, owner.language),
                "amount": str(hold.amount),
                "currency": hold.currency,
                "due_at": end.isoformat(),
                "at_the_desk": appointment.slot.starts_at <= hold.due_at,
                "again": again,
            },
            useful_until=end,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates moments and an amount in the reader's language.

        A maintenance may have moved the appointment since this was written; the time is the
        present one.
        """
        key = UUID(str(context["uid"]).partition("@")[0])
        present = Slot.objects.filter(appointments=key).values_list("starts_at", flat=True).first()
        return {
            **context,
            "starts_at": present or datetime.fromisoformat(context["starts_at"]),
            "due_at": datetime.fromisoformat(context["due_at"]),
            "amount": money(Decimal(context["amount"]), context["currency"], language),
        }


class FeeNotPaid(AppointmentCancelled):
    """The appointment was released, since its service fee was not paid in time (RD-03)."""

    kind = "fee_not_paid"


class FeePaid(Notification):
    """A payment came in; of one that came too late, that it goes back."""

    kind = "fee_paid"

    @classmethod
    def of(cls, payment: Payment, kept: Sequence[Appointment], language: str) -> FeePaid:
        """Build the message of one payment; `kept` are the appointments it keeps."""
        owner = payment.owner
        assert owner is not None, "nobody is told of a payment without an account"
        return cls(
            recipient=owner.email,
            language=owner.language,
            subject_ref=f"payment:{payment.pk}",
            mission_id=payment.centre.mission_id,
            context={
                "amount": str(payment.amount),
                "back": str(payment.refund_due),
                "currency": payment.currency,
                "reference": payment.reference,
                "centre": in_language(payment.centre.names, language),
                "kept": [one.reference for one in kept],
                "url": settings.BASE_URL + reverse("appointments:list"),
            },
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates amounts in the reader's language."""
        back = Decimal(context["back"])
        return {
            **context,
            "amount": money(Decimal(context["amount"]), context["currency"], language),
            "back": money(back, context["currency"], language) if back else "",
        }
