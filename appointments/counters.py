"""Which counters a mission has, for apps that do not know centres."""

from __future__ import annotations

from portal import counters

from .models import Centre


def register() -> None:
    """Answer whoever asks for the counters of a mission."""
    counters.register(_centres)


def _centres(mission_id: int) -> list[tuple[str, str]]:
    rows = Centre.objects.filter(mission_id=mission_id, is_active=True).order_by("code")
    return [(centre.code, centre.name) for centre in rows]
