"""Announced maintenance windows, as the whole site asks for them (RD-05)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from portal import suspension
from portal.closings_shown import closing_at
from portal.database_clock import database_now
from portal.suspension import Closing

from .enums import MaintenanceReason
from .models import Appointment, MaintenanceWindow

# Whoever was booked in a window that is over may still wait for the new time.
STILL_TOLD = timedelta(days=30)


def read() -> tuple[Closing, ...]:
    """Return the windows in force that are not over for long; one query."""
    since = timezone.now() - STILL_TOLD
    rows = MaintenanceWindow.objects.filter(in_force=True, hours__endswith__gt=since)
    return tuple(map(_closing, rows.select_related("maintenance__mission", "centre")))


def _closing(row: MaintenanceWindow) -> Closing:
    maintenance, starts_at = row.maintenance, row.hours.lower
    told_from: datetime = maintenance.announce_at or starts_at
    return Closing(
        reference=maintenance.reference,
        mission_id=maintenance.mission_id,
        mission_names=maintenance.mission.names,
        centre_id=row.centre_id,
        centre_names=row.centre.names,
        starts_at=starts_at,
        ends_at=row.hours.upper,
        told_from=told_from,
        suspends=frozenset(maintenance.suspends),
        reason=MaintenanceReason(maintenance.reason).label,
        is_emergency=maintenance.is_emergency,
    )


def closing_of(appointment: Appointment) -> Closing | None:
    """Return the announced closing in which somebody is still expected; reads what is kept."""
    slot = appointment.slot
    return closing_at(slot.centre_id, slot.starts_at) if appointment.is_booked else None


def register() -> None:
    """Let the site ask here."""
    suspension.register(suspension.Source(read=read, now=database_now))
