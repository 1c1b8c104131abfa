"""What tickets of people without an appointment hold, and when they end: as appointments do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.ending import before_ending
from applications.models import Application
from applications.rules.law import LAW
from applications.rules.retention import Kept, kept_since
from portal.accounts.models import User
from portal.audit.erasure import erase_history
from portal.data_rights.purges import Purge, register_purge
from portal.data_rights.sections import register_section

from .models import WalkIn


def register() -> None:
    """Tell the registries; called once the apps are ready."""
    register_section("walk_ins", walk_ins_of, subjects=lambda user: [_of(user)])
    before_ending(end_with_applications)
    register_purge(
        Purge(
            name="walk_in",
            title=_("Tickets without an appointment"),
            rows=WalkIn.objects.all,
            due=past_walk_ins,
            remove=remove_walk_ins,
        )
    )


def walk_ins_of(user: User) -> list[dict[str, Any]]:
    """Return when the person came without an appointment, and what came of it."""
    return [
        {
            "application": row.application.reference,
            "centre": row.centre.code,
            "day": row.day,
            "number": row.number,
            "state": row.state,
            "arrived_at": row.arrived_at,
            "called_at": row.called_at,
            "closed_at": row.closed_at,
        }
        for row in _of(user).select_related("application", "centre")
    ]


def past_walk_ins(today: date) -> QuerySet[WalkIn]:
    """Tickets whose day is longer ago than the period of appointments (DP-04)."""
    return WalkIn.objects.filter(day__lt=kept_since(Kept.APPOINTMENT, today, LAW.on(today)))


def remove_walk_ins(rows: Sequence[WalkIn]) -> int:
    """Delete tickets and their history."""
    keys = [row.pk for row in rows]
    WalkIn.objects.filter(pk__in=keys).delete()
    erase_history(WalkIn, keys)
    return len(keys)


def end_with_applications(applications: Sequence[Application], erase: bool) -> None:
    """Delete the tickets of erased applications; those of kept ones name nobody."""
    if erase:
        remove_walk_ins(list(WalkIn.objects.filter(application__in=applications)))


def _of(user: User) -> QuerySet[WalkIn]:
    return WalkIn.objects.filter(application__owner=user).order_by("arrived_at")
