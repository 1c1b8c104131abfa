"""The demonstration shows the maintenance of source 000, with people booked inside."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from appointments.maintenance_effect import effects
from appointments.models import Maintenance, MaintenanceWindow, Slot
from portal.dates import ALGIERS
from portal.devserver.demo_maintenance import HOUSEHOLDS, load_maintenance

pytestmark = pytest.mark.django_db


def test_the_two_windows_lie_ahead_and_people_are_booked_inside():
    call_command("load_missions", stdout=StringIO())
    call_command("load_centres", stdout=StringIO())
    assert load_maintenance() == Maintenance.objects.count() == 3  # missions of France
    assert load_maintenance() == 0
    windows = MaintenanceWindow.objects.filter(in_force=True)
    assert windows.count() == 4 * 2
    hours = {
        tuple(
            one.astimezone(ALGIERS).strftime("%A %H:%M")
            for one in (row.hours.lower, row.hours.upper)
        )
        for row in windows
    }
    assert hours == {("Wednesday 15:30", "Wednesday 19:30"), ("Tuesday 06:00", "Tuesday 09:00")}
    assert min(row.hours.lower for row in windows) > timezone.now()
    touched = sum(one.affected for row in Maintenance.objects.all() for one in effects(row))
    assert touched == sum(people for people, _language in HOUSEHOLDS)
    taken = Slot.objects.filter(is_suspended=True).aggregate(all=Sum("taken"))["all"]
    assert taken == touched
