"""The maintenance of source 000, some days ahead: announced, with people booked inside (RD-04).

A Wednesday from 15:30 to 19:30 and the Tuesday after from 06:00 to 09:00, at all French centres.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from applications.models import Application
from appointments.capacity import free_slots, open_slots
from appointments.enums import Service, Suspended
from appointments.models import Centre, Maintenance, Slot
from appointments.operations import book_together, maintenance
from appointments.operations.maintenance import Hours, MaintenanceWish
from portal.accounts.models import User
from portal.dates import ALGIERS, civil_date
from portal.missions.models import Mission

from .demo import _submitted

WEDNESDAY = 2
AHEAD = 3  # days at least, so that a new time can be told in time
# The households booked inside: how many people, and their language.
HOUSEHOLDS = (
    (3, "fr"),
    (1, "ar"),
    (2, "ar"),
    (1, "fr"),
    (1, "de"),
    (1, "fr"),
    (2, "fr"),
    (1, "en"),
)
_NAMES = ("Lina", "Samir", "Nour", "Rachid", "Yasmine", "Omar", "Ines", "Walid", "Meriem", "Anis")


def load_maintenance() -> int:
    """Announce it for every French mission once; returns how many announcements are new."""
    if Maintenance.objects.exists():
        return 0
    today = civil_date(timezone.now())
    hours = _hours(today)
    missions = Mission.objects.filter(state="FR", centres__isnull=False).distinct()
    for mission in missions:
        centres = list(mission.centres.filter(is_active=True))
        for centre in centres:
            open_slots(centre=centre, first_day=hours[0][0].date(), last_day=hours[-1][1].date())
        _book_inside(centres[0], hours[0], today)
        wish = MaintenanceWish(
            mission=mission,
            centres=centres,
            hours=hours,
            suspends=[Suspended.NEW_FORMS, Suspended.PREPARING, Suspended.BOOKING],
        )
        draft = maintenance.plan(wish=wish, actor=None)
        maintenance.announce(maintenance_id=draft.pk, actor=None)
    return len(missions)


def _hours(today: date) -> list[Hours]:
    soon = today + timedelta(days=AHEAD)
    wednesday = soon + timedelta(days=(WEDNESDAY - soon.weekday()) % 7)
    tuesday = wednesday + timedelta(days=6)
    return [
        _between(wednesday, time(15, 30), time(19, 30)),
        _between(tuesday, time(6), time(9)),
    ]


def _between(day: date, start: time, end: time) -> Hours:
    return datetime.combine(day, start, ALGIERS), datetime.combine(day, end, ALGIERS)


def _book_inside(centre: Centre, hours: Hours, today: date) -> None:
    """Let some households book there, each through the operation that people use."""
    if centre.code != "fr-algiers":
        return
    number = 0
    for people, language in HOUSEHOLDS:
        owner = User.objects.create_user(f"household{number}@example.org", language=language)
        applications = []
        for _person in range(people):
            applications.append(_traveller(owner, centre, today, number))
            number += 1
        slot = _free_inside(centre, hours, people)
        if slot is not None:
            ids = [one.pk for one in applications]
            book_together(application_ids=ids, slot_id=slot.pk, owner=owner)


def _traveller(owner: User, centre: Centre, today: date, number: int) -> Application:
    return _submitted(
        owner,
        centre.mission,
        today,
        "self" if not owner.applications.exists() else "spouse",
        given_names=_NAMES[number % len(_NAMES)],
        passport_number=f"3091130{number:02}",
    )


def _free_inside(centre: Centre, hours: Hours, people: int) -> Slot | None:
    free = free_slots(centre, Service.SHORT_STAY, timezone.now())
    inside = free.filter(starts_at__gte=hours[0], starts_at__lt=hours[1])
    return next((one for one in inside if one.free >= people), None)
