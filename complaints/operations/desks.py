"""Desks: who takes cases of which categories, and views that a handler keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.audit import operations as audit

from ..models import Desk, SavedView


@transaction.atomic
def keep_desk(*, desk: Desk, actor: Any) -> Desk:
    """Write a desk as it was filled in; the trail says of what."""
    desk.save()
    details = {"categories": sorted(desk.categories), "counter": desk.counter}
    mission = desk.user.missions.first()
    audit.record(actor=actor, action="desk.keep", subject=desk, details=details, mission=mission)
    return desk


@transaction.atomic
def remove_desk(*, desk: Desk, actor: Any) -> None:
    """Take a desk away; its cases stay with their handler until they are handed over."""
    mission = desk.user.missions.first()
    audit.record(actor=actor, action="desk.remove", subject=desk, mission=mission)
    desk.delete()


@transaction.atomic
def keep_view(*, user: Any, name: str, filters: Mapping[str, str]) -> SavedView:
    """Keep filters of the queue under a name; one that exists is written over."""
    view, _new = SavedView.objects.update_or_create(
        user=user, name=name, defaults={"filters": dict(filters)}
    )
    return view


@transaction.atomic
def remove_view(*, user: Any, view_id: int) -> bool:
    """Delete a view of one's own; tells whether there was one."""
    count, _rows = SavedView.objects.filter(user=user, pk=view_id).delete()
    return bool(count)
