"""What a household is told about its request in a draw (RD-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.missions.models import in_language
from portal.outbox.notifications import Notification

from .models import DrawRequest, Slot

_MOMENTS = ("closes_at", "expires_at", "starts_at")


class DrawNotification(Notification):
    """Tells of one request; the page it leads to shows the present state."""

    kind = ""

    @classmethod
    def about(cls, request: DrawRequest, **more: Any) -> DrawNotification:
        """Build the message in the language of the account; the request must have an owner."""
        owner, draw = request.owner, request.draw
        if owner is None:
            raise ValueError(f"request {request.reference} belongs to nobody any more")
        return cls(
            recipient=owner.email,
            language=owner.language,
            subject_ref=f"draw-request:{request.pk}",
            mission_id=draw.centre.mission_id,
            context={
                "reference": request.reference,
                "centre": in_language(draw.centre.names, owner.language),
                "address": in_language(draw.centre.addresses, owner.language),
                "closes_at": draw.closes_at.isoformat(),
                "url": _address("appointments:draw_request", request.pk),
                "draw_url": _address("appointments:draw", draw.pk),
                **more,
            },
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates moments they can write in the reader's language."""
        moments = {
            name: datetime.fromisoformat(context[name]) for name in _MOMENTS if name in context
        }
        return {**context, **moments}

    @classmethod
    def offering(cls, request: DrawRequest, slots: Mapping[int, Slot]) -> DrawNotification:
        """Tell of the offered seats and until when they are kept."""
        first = slots[request.offered[0]["slot"]]
        expires = request.offer_expires_at
        return cls.about(
            request,
            starts_at=first.starts_at.isoformat(),
            expires_at=expires.isoformat() if expires else "",
            people=sum(part["seats"] for part in request.offered),
        )


class DrawRequestReceived(DrawNotification):
    """The request is in the draw."""

    kind = "draw_request_received"


class DrawSeatsOffered(DrawNotification):
    """The draw gave the household seats, to be accepted in time."""

    kind = "draw_seats_offered"


class DrawWaiting(DrawNotification):
    """The draw gave the household a place on the waiting list."""

    kind = "draw_waiting"


class DrawMovedUp(DrawNotification):
    """Seats came free for a household that waited."""

    kind = "draw_moved_up"


class DrawOfferExpired(DrawNotification):
    """The offered seats were not accepted in time."""

    kind = "draw_offer_expired"


class DrawCancelled(DrawNotification):
    """The draw does not take place."""

    kind = "draw_cancelled"

    @classmethod
    def because(cls, request: DrawRequest, reason: str) -> DrawNotification:
        """Tell also why."""
        told = cls.about(request)
        return replace(told, context={**told.context, "reason": reason.strip()})


def _address(name: str, key: Any) -> str:
    return str(settings.BASE_URL) + reverse(name, args=[key])
