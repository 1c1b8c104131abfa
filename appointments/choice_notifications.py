"""What people are told who chose another time, or are offered their old one back (RD-07)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from applications.intake import intake
from portal.outbox.channels import Channel, Urgency
from portal.outbox.notifications import Attachment

from .models import Appointment, AppointmentMove, ReturnOffer
from .notifications import AppointmentNotification


class AppointmentTimeChanged(AppointmentNotification):
    """The person chose another time, or took the old one back; with the calendar file."""

    kind = "appointment_time_changed"

    @classmethod
    def after(cls, appointment: Appointment, move: AppointmentMove) -> AppointmentNotification:
        """Tell of one move that the person asked for."""
        told = cls.about(appointment)
        before = {"old_starts_at": move.old_slot.starts_at.isoformat(), "move": str(move.kind)}
        return replace(told, context={**told.context, **before})

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates moments."""
        return {**context, **_moments(context, "old_starts_at", "starts_at")}


class OldTimeOffered(AppointmentNotification):
    """The maintenance ends earlier or does not take place: the old time can be taken back."""

    kind = "old_time_offered"
    channels = (Channel.EMAIL, Channel.SMS)
    urgency = Urgency.MASS

    @classmethod
    def offering(cls, offer: ReturnOffer, appointment: Appointment) -> AppointmentNotification:
        """Tell of one offer; nothing has changed yet, so there is no calendar file."""
        told = cls.about(appointment)
        old = offer.move.old_slot.starts_at
        facts = {"old_starts_at": old.isoformat(), "until": offer.until.isoformat()}
        return replace(
            told,
            # One offer per move: an appointment may be moved twice, and both be taken back.
            subject_ref=f"old-time:{offer.move_id}",
            context={**told.context, **facts},
            phone=intake(appointment.application).phone,
            useful_until=offer.until,
            bulk=bulk_of(offer.move),
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates moments."""
        return {**context, **_moments(context, "old_starts_at", "starts_at", "until")}

    @classmethod
    def attachments(cls, context: dict[str, Any], language: str) -> list[Attachment]:
        """Return nothing: the appointment is as it was."""
        return []


def bulk_of(move: AppointmentMove) -> uuid.UUID | None:
    """Return what the offers that undo a plan are counted by, apart from the plan's messages."""
    return uuid.uuid5(move.plan.bulk, "old times") if move.plan else None


def _moments(context: dict[str, Any], *names: str) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(context[name]) for name in names}
