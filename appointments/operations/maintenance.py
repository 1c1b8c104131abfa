"""Maintenance: planned, announced, shortened, extended, called off (RD-04, RD-06).

Each function is one transaction.  Locks: the maintenance, its centres by id, slots by id; nobody
here locks applications or appointments.  Whoever creates slots locks the centre as well
(`suspended_slots.closed_hours`), so that none is born free inside a window.  Appointments stay
where they are: a plan of new times moves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from portal import constraints, suspension
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.formats import lazy_moment
from portal.missions.models import Mission

from ..enums import MaintenanceReason
from ..maintenance_refusals import (
    NotEarlier,
    NothingLeftToCallOff,
    NotInForce,
    NotLater,
    NoWindows,
    ToldTooLate,
    TooManyWindows,
    WindowEndsFirst,
    WindowIsOver,
    WindowsOverlap,
)
from ..models import Centre, Maintenance, MaintenanceWindow, Slot
from ..rules.transcripts import second_of
from ..suspended_slots import slots_in, suspend, un_suspend
from ..workflow import MAINTENANCE_WORKFLOW

MOST_WINDOWS = 60  # of one centre in one maintenance: every week of a year, and some
_OVERLAPS = {
    "announced_windows_of_a_centre_do_not_overlap": WindowsOverlap,
    "windows_of_one_maintenance_do_not_overlap": WindowsOverlap,
}
Hours = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceWish:
    """What a centre manager wants to announce; each pair of `hours` is [start, end), aware."""

    mission: Mission
    centres: Sequence[Centre]
    hours: Sequence[Hours]
    suspends: Sequence[str]
    reason: str = MaintenanceReason.UPDATE
    announce_at: datetime | None = None  # shown to everybody from; None: when announced
    note: str = ""


@transaction.atomic
def plan(*, wish: MaintenanceWish, actor: Any) -> Maintenance:
    """Write a maintenance down as a draft; nobody sees it and nothing closes.

    Raises NoWindows, WindowEndsFirst, TooManyWindows or WindowsOverlap; ValueError for a centre
    of another mission.
    """
    _check(wish)
    maintenance = Maintenance.objects.create(
        mission=wish.mission,
        reason=wish.reason,
        suspends=sorted(set(wish.suspends)),
        announce_at=wish.announce_at,
        note=wish.note,
    )
    with constraints.explained(_OVERLAPS):
        MaintenanceWindow.objects.bulk_create(
            MaintenanceWindow(
                maintenance=maintenance, centre=centre, hours=DateTimeTZRange(start, end)
            )
            for start, end in wish.hours
            for centre in wish.centres
        )
    _record(maintenance, "plan", actor, hours=[_span(*one) for one in wish.hours])
    return maintenance


def _check(wish: MaintenanceWish) -> None:
    if not wish.hours or not wish.centres:
        raise NoWindows
    if len(wish.hours) > MOST_WINDOWS:
        raise TooManyWindows(params={"most": MOST_WINDOWS})
    for start, end in wish.hours:
        if end <= start:
            raise WindowEndsFirst(params={"start": lazy_moment(start)})
    if any(one.mission_id != wish.mission.pk for one in wish.centres):
        raise ValueError("a maintenance closes centres of its own mission")


@transaction.atomic
def announce(*, maintenance_id: int, actor: Any, reason: str = "") -> Maintenance:
    """Put the windows of a draft in force: nothing in them is free from this moment on.

    People see it from `announce_at` on, or at once.  Once it returns no booking lands inside: who
    booked in the same moment was first, or is told that the place is gone.

    Raises WindowIsOver, ToldTooLate, WindowsOverlap, DrawHoldsTheseTimes or TransitionRefused;
    then nothing has changed.

    Rules: RD-04, RD-06
    """
    maintenance = _locked(maintenance_id)
    now = second_of(database_now())
    windows = list(maintenance.windows.all())
    over = next((one for one in windows if one.hours.upper <= now), None)
    if over is not None:
        raise WindowIsOver(params={"start": lazy_moment(over.hours.lower)})
    told = max(maintenance.announce_at or now, now)
    if told > max(now, min(one.hours.lower for one in windows)):
        raise ToldTooLate(params={"told": lazy_moment(told)})
    maintenance.announce_at = told
    maintenance.save(update_fields=["announce_at", "updated_at"])
    slots = _close(maintenance.windows.all(), now)
    MAINTENANCE_WORKFLOW.move(
        maintenance, "announce", actor=actor, reason=reason, details={"slots": slots}
    )
    _tell_this_process()
    return maintenance


@transaction.atomic
def declare_emergency(
    *,
    mission: Mission,
    centres: Sequence[Centre],
    until: datetime,
    suspends: Sequence[str],
    reason: str,
    note: str = "",
    actor: Any,
) -> Maintenance:
    """Close centres from this second on until `until`, announced at once.

    Raises what planning and announcing raise.  Rule: RD-04
    """
    start = second_of(database_now())
    wish = MaintenanceWish(
        mission=mission,
        centres=centres,
        hours=[(start, until)],
        suspends=suspends,
        reason=reason,
        note=note,
    )
    maintenance = plan(wish=wish, actor=actor)
    Maintenance.objects.filter(pk=maintenance.pk).update(is_emergency=True)
    return announce(maintenance_id=maintenance.pk, actor=actor, reason=note)


@transaction.atomic
def shorten(
    *, maintenance_id: int, window_ids: Iterable[int], end: datetime, actor: Any, reason: str
) -> list[Slot]:
    """Let announced windows end earlier, at `end`, which lies outside of them (half-open).

    Returns the slots that can be used again, locked: the seats of people whom an applied plan
    moved away from them stay closed until they were offered back (`suspended_slots.un_suspend`).
    Raises NotInForce or NotEarlier.
    """
    maintenance = _locked(maintenance_id)
    now = database_now()
    windows = _in_force(maintenance, window_ids)
    for one in windows:
        if not max(one.hours.lower, now) <= end < one.hours.upper or end == one.hours.lower:
            raise NotEarlier(params={"end": lazy_moment(one.hours.upper)})
    slots = _reopen([(one, end) for one in windows], now)
    _record(maintenance, "shorten", actor, reason, end=_written(end), **_what(windows, slots))
    _tell_this_process()
    return slots


@transaction.atomic
def extend(
    *, maintenance_id: int, window_ids: Iterable[int], end: datetime, actor: Any, reason: str
) -> int:
    """Let announced windows end later; returns how many slots the added hours closed.

    It does what announcing the difference would do, and raises NotInForce, NotLater,
    WindowsOverlap or DrawHoldsTheseTimes.
    """
    maintenance = _locked(maintenance_id)
    now = database_now()
    windows = _in_force(maintenance, window_ids)
    for one in windows:
        if end <= one.hours.upper or one.hours.upper <= now:
            raise NotLater(params={"end": lazy_moment(one.hours.upper)})
    with constraints.explained(_OVERLAPS):
        for one in windows:
            one.hours = DateTimeTZRange(one.hours.lower, end)
            one.save(update_fields=["hours"])
    slots = _close(maintenance.windows.filter(pk__in=[one.pk for one in windows]), now)
    _record(
        maintenance,
        "extend",
        actor,
        reason,
        end=_written(end),
        windows=[one.pk for one in windows],
        slots=slots,
    )
    _tell_this_process()
    return slots


@transaction.atomic
def call_off(*, maintenance_id: int, actor: Any, reason: str = "") -> list[Slot]:
    """Give a maintenance up: before it begins wholly, and during it what is still to come.

    A window that goes on ends now, and what is over stays as it took place.  Returns the slots
    that can be used again, as `shorten` does.  Raises NothingLeftToCallOff or TransitionRefused.
    """
    maintenance = _locked(maintenance_id)
    now = second_of(database_now())
    windows = list(maintenance.windows.filter(in_force=True))
    ahead = [one for one in windows if one.hours.upper > now]
    if windows and not ahead:
        raise NothingLeftToCallOff
    MAINTENANCE_WORKFLOW.move(
        maintenance, "call_off", actor=actor, reason=reason, details={"windows": len(ahead)}
    )
    slots = _reopen([(one, max(one.hours.lower, now)) for one in ahead], now)
    _tell_this_process()
    return slots


# --- parts --------------------------------------------------------------------------------------


def _locked(maintenance_id: int) -> Maintenance:
    """Lock a maintenance, then its centres in order: no slot is created in them meanwhile."""
    rows = Maintenance.objects.select_for_update(of=("self",)).select_related("mission")
    maintenance = rows.get(pk=maintenance_id)
    centres = Centre.objects.filter(maintenance_windows__maintenance=maintenance).values("pk")
    list(Centre.objects.filter(pk__in=centres).order_by("pk").select_for_update(no_key=True))
    return maintenance


def _in_force(maintenance: Maintenance, window_ids: Iterable[int]) -> list[MaintenanceWindow]:
    wanted = set(window_ids)
    windows = list(maintenance.windows.filter(pk__in=wanted, in_force=True))
    if not windows or len(windows) != len(wanted):
        raise NotInForce
    return windows


def _close(windows: QuerySet[MaintenanceWindow], now: datetime) -> int:
    """Put windows in force and suspend what starts inside from now on; returns how many slots."""
    with constraints.explained(_OVERLAPS):
        windows.update(in_force=True)
    return suspend(slots_in(windows, after=now))


def _reopen(ends: Sequence[tuple[MaintenanceWindow, datetime]], now: datetime) -> list[Slot]:
    """Let windows end at the given moments and open the slots behind them again.

    A window that would be empty is no longer in force, and keeps the hours that were announced.
    """
    windows = MaintenanceWindow.objects.filter(pk__in=[one.pk for one, _end in ends])
    were = list(slots_in(windows, after=now).values_list("pk", flat=True))
    for one, end in ends:
        if end > one.hours.lower:
            one.hours = DateTimeTZRange(one.hours.lower, end)
        else:
            one.in_force = False
        one.save(update_fields=["hours", "in_force"])
    closed = slots_in(MaintenanceWindow.objects.filter(in_force=True), after=now)
    free_again = Slot.objects.filter(pk__in=were).exclude(pk__in=closed.values("pk"))
    return un_suspend(free_again, now=now)


def _what(windows: Sequence[MaintenanceWindow], slots: Sequence[Slot]) -> dict[str, Any]:
    return {"windows": [one.pk for one in windows], "slots": len(slots)}


def _record(
    maintenance: Maintenance, step: str, actor: Any, reason: str = "", **details: Any
) -> None:
    audit.record(
        actor=actor,
        action=f"maintenance.{step}",
        subject=maintenance,
        reason=reason,
        details=details,
    )


def _span(start: datetime, end: datetime) -> str:
    return f"{_written(start)}/{_written(end)}"


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _tell_this_process() -> None:
    """Pages of this process know at once; other processes within a second."""
    suspension.forget()
    transaction.on_commit(suspension.forget)
