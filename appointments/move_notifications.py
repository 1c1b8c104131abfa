"""What people are told whose appointment the administration moved (RD-06, RD-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from portal.outbox.channels import Channel, Urgency

from .enums import MaintenanceReason
from .notifications import AppointmentNotification


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One appointment at its new time, as plain values; `place` holds its centre in words."""

    appointment: UUID
    reference: str
    version: int
    old: datetime
    new: datetime
    ends: datetime
    moved_at: datetime
    choice_until: datetime
    application_reference: str
    traveller: str
    email: str
    language: str
    phone: str
    mission_id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Place:
    """A centre and its mission in one language."""

    centre: str
    address: str
    mission: str


class AppointmentMoved(AppointmentNotification):
    """The administration gave the appointment a new time; there is nothing to do."""

    kind = "appointment_moved"
    channels = (Channel.EMAIL, Channel.SMS)
    urgency = Urgency.MASS

    @classmethod
    def telling(cls, moved: Moved, *, reason: str, bulk: UUID | None = None) -> AppointmentMoved:
        """Build the message of one move; `reason` is a MaintenanceReason."""
        return cls(
            recipient=moved.email,
            language=moved.language,
            subject_ref=f"appointment:{moved.appointment}",
            version=moved.version,
            mission_id=moved.mission_id,
            context=_context(moved, reason),
            useful_until=moved.new,
            phone=moved.phone,
            bulk=bulk,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates moments, and the reason in the reader's language."""
        moments = {
            name: datetime.fromisoformat(context[name])
            for name in ("old_starts_at", "starts_at", "choice_until")
        }
        return {**context, **moments, "reason": MaintenanceReason(context["reason"]).label}


def _context(moved: Moved, reason: str) -> dict[str, Any]:
    """Return what `notifications.facts_of` says, from plain values, and what was before."""
    place = moved.place
    return {
        "uid": f"{moved.appointment}@guichet",
        "version": moved.version,
        "stamp": _written(moved.moved_at),
        "starts_at": _written(moved.new),
        "ends_at": _written(moved.ends),
        "centre": place.centre,
        "address": place.address,
        "location": f"{place.centre}, {place.address}",
        "mission": place.mission,
        "traveller": moved.traveller,
        "reference": moved.reference,
        "application_reference": moved.application_reference,
        "organizer": _organizer(settings.DEFAULT_FROM_EMAIL),
        "attendee": moved.email,
        "url": settings.BASE_URL + _page().replace(_NOBODY, str(moved.appointment)),
        "old_starts_at": _written(moved.old),
        "choice_until": _written(moved.choice_until),
        "reason": reason,
    }


@lru_cache(maxsize=4096)
def _written(moment: datetime) -> str:
    """Return a moment as JSON keeps it; dozens of people share each."""
    return moment.isoformat()


_NOBODY = str(UUID(int=0))


@lru_cache(maxsize=1)
def _page() -> str:
    """Return the address of an appointment's page; looking it up 100,000 times takes a minute."""
    return reverse("appointments:detail", args=[_NOBODY])


@lru_cache(maxsize=4)
def _organizer(sender: str) -> str:
    return parseaddr(sender)[1]
