"""A centre with the afternoon of source 000 closed, for tests of maintenance."""

from __future__ import annotations

from datetime import datetime, timedelta

from appointments.enums import Suspended
from appointments.models import Maintenance
from appointments.operations import maintenance
from appointments.operations.maintenance import MaintenanceWish
from portal.dates import ALGIERS
from tests.factories import CentreFactory, SlotFactory, UserFactory

WEDNESDAY = datetime(2027, 3, 3, tzinfo=ALGIERS)  # 15:30 to 19:30, as on 3 December 2025
START = WEDNESDAY.replace(hour=15, minute=30)
END = WEDNESDAY.replace(hour=19, minute=30)
BEFORE = START - timedelta(days=6)  # when it is announced
EVERYTHING = (Suspended.NEW_FORMS, Suspended.PREPARING, Suspended.BOOKING)


def planned(centres=None, hours=((START, END),), suspends=EVERYTHING, **wish) -> Maintenance:
    centres = centres or [CentreFactory()]
    wish = MaintenanceWish(
        mission=centres[0].mission, centres=centres, hours=hours, suspends=suspends, **wish
    )
    return maintenance.plan(wish=wish, actor=UserFactory(is_staff=True))


def announced(centres=None, hours=((START, END),), suspends=EVERYTHING, **wish) -> Maintenance:
    row = planned(centres, hours, suspends, **wish)
    return maintenance.announce(maintenance_id=row.pk, actor=UserFactory(is_staff=True))


def slot_at(centre, moment, seats=3, minutes=30):
    return SlotFactory(centre=centre, starts_at=moment, seats=seats, minutes=minutes)
