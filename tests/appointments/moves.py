"""A centre with people in a maintenance window, for the tests of moving them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from appointments.models import Appointment, Maintenance, MaintenanceWindow, MovePlan, Slot
from appointments.operations import book_together, move_applying, move_plans
from portal.dates import ALGIERS, civil_date
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory, booked

DAYS_AHEAD = 10


def at(days: int = 0, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the day of the window, or `days` later."""
    day = civil_date(timezone.now()) + timedelta(days=DAYS_AHEAD + days)
    return datetime.combine(day, time(hour, minute), ALGIERS)


def slot(start, seats=1, **fields):
    return SlotFactory(starts_at=start, seats=seats, minutes=30, **fields)


def traveller(place, **fields):
    """Somebody who is booked at a slot, with a mobile telephone."""
    fields.setdefault("owner", UserFactory(language="en"))
    details = {"phone": "+213551234567"}
    application = ApplicationFactory(submitted=True, details=details, **fields)
    return booked(application, place)


def family(place, people=2):
    owner = UserFactory(language="en")
    applications = [ApplicationFactory(submitted=True, owner=owner) for _ in range(people)]
    return book_together(
        application_ids=[one.pk for one in applications], slot_id=place.pk, owner=owner
    )


def maintenance(centre=None, start=None, end=None, **fields):
    """An announced maintenance of one centre, whose slots are suspended."""
    centre = centre or CentreFactory()
    row = Maintenance.objects.create(
        mission=centre.mission,
        suspends=["booking"],
        state="announced",
        announce_at=timezone.now(),
        **fields,
    )
    window(row, centre, start or at(hour=8), end or at(hour=18))
    return row


def window(row, centre, start, end):
    MaintenanceWindow.objects.create(
        maintenance=row, centre=centre, hours=DateTimeTZRange(start, end), in_force=True
    )
    for one in Slot.objects.filter(centre=centre, starts_at__gte=start, starts_at__lt=end):
        Slot.objects.filter(pk=one.pk).update(is_suspended=True, released=one.taken, held=0)


def world(people=3, free=None):
    """People in one slot of the window, and slots of the next day; returns both and the closing."""
    centre = CentreFactory()
    old = slot(at(hour=10), seats=people, centre=centre)
    booked_there = [traveller(old) for _ in range(people)]
    count = people if free is None else free
    later = [slot(at(1, 9 + n // 2, n % 2 * 30), centre=centre) for n in range(count)]
    return booked_there, later, maintenance(centre)


def planned(row, **choices) -> MovePlan:
    """A plan that was begun and computed."""
    wish = {"notice_hours": 48, "earlier_centres": (), **choices}
    plan = move_plans.begin(maintenance_id=row.pk, actor=manager(), **wish)
    assert move_plans.compute(plan_id=plan.pk)
    return MovePlan.objects.get(pk=plan.pk)


def plan_for_nobody(centre) -> MovePlan:
    """A plan of a closing at night, when nobody is booked."""
    return planned(maintenance(centre, at(hour=2), at(hour=3)))


def confirmed(plan):
    plan = MovePlan.objects.get(pk=plan.pk)
    return move_applying.apply(plan_id=plan.pk, digest=plan.digest, actor=manager())


def applied(plan) -> bool:
    """Confirm and carry out; whether everybody moved."""
    confirmed(plan)
    return move_applying.carry_out(plan_id=plan.pk)


def manager():
    return UserFactory(is_staff=True)


def seats_and_rows_agree() -> bool:
    """Whether every slot counts exactly the people who sit on it."""
    return all(
        one.taken == Appointment.objects.filter(slot=one, state="booked").count()
        for one in Slot.objects.all()
    )
