"""How many of a mass of messages were sent, failed, and were opened."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from .channels import Channel
from .models import Message
from .workflow import UNREACHED, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Messages of one channel; `sent` counts what left and did not come back."""

    channel: str
    written: int
    waiting: int
    sent: int
    failed: int
    telephoned: int
    opened: int

    @property
    def label(self) -> str:
        """The channel in words."""
        return str(Channel(self.channel).label)


def tallies(bulk: UUID) -> list[Tally]:
    """Return the counts of what was told under one key, one for each channel that was used."""
    rows = Message.objects.filter(bulk=bulk).order_by("channel").values("channel")
    counted = rows.annotate(
        written=Count("pk"),
        waiting=Count("pk", Q(state__in=[State.QUEUED, State.SENDING])),
        sent=Count("pk", Q(state=State.SENT)),
        failed=Count("pk", Q(state__in=[*UNREACHED, State.EXPIRED])),
        telephoned=Count("pk", Q(state=State.TELEPHONED)),
        opened=Count("pk", Q(opened_at__isnull=False)),
    )
    return [Tally(**row) for row in counted]


def people_reached(bulk: UUID) -> int:
    """Return how many subjects were told over at least one channel, or by telephone."""
    reached = Message.objects.filter(bulk=bulk, state__in=[State.SENT, State.TELEPHONED])
    return reached.order_by().values("kind", "subject", "version").distinct().count()
