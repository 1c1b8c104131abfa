"""The month at a glance: how many places each day still has."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from appointments.models import Slot
from appointments.months import free_month
from portal.dates import ALGIERS
from tests.factories import CentreFactory, SlotFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=ALGIERS)


def slot(day: int, month: int = 12, seats: int = 3, taken: int = 0) -> Slot:
    return SlotFactory(
        centre=CentreFactory(),
        starts_at=datetime(2026, month, day, 9, 0, tzinfo=ALGIERS),
        seats=seats,
        taken=taken,
    )


def days(month):
    return {day.number: day.places for week in month.weeks for day in week if day and day.places}


def test_each_day_says_how_many_places_are_free():
    slot(1, seats=3, taken=1)
    slot(9, seats=2)
    slot(10, seats=1, taken=1)
    with override("en"):
        month = free_month(CentreFactory(), "short_stay", NOW, "2026-12")
    assert days(month) == {1: 2, 9: 2}
    assert month.title == "December 2026"
    [label] = [d.label for w in month.weeks for d in w if d and d.number == 9]
    assert "9 December 2026" in label
    assert "2 free places" in label


def test_the_week_begins_on_sunday():
    with override("fr"):
        assert free_month(CentreFactory(), "short_stay", NOW).weekdays[0][0] == "dimanche"


def test_a_day_belongs_to_its_date_in_algiers():
    centre = CentreFactory()
    SlotFactory(centre=centre, starts_at=datetime(2026, 12, 31, 23, 30, tzinfo=ALGIERS))
    assert days(free_month(centre, "short_stay", NOW, "2026-12")) == {31: 3}


@pytest.mark.parametrize("text", ["", "2026-13", "soon", "1999-01", "2026-11-01", "٢٠٢٦-١٢"])
def test_a_month_that_cannot_be_shown_is_the_first_one(text):
    assert free_month(CentreFactory(), "short_stay", NOW, text).later == "2026-12"


def test_a_month_after_the_horizon_is_the_last_one():
    month = free_month(CentreFactory(), "short_stay", NOW, "2031-05")
    assert (month.earlier, month.later) == ("2026-12", "")


def test_one_query_however_many_slots(django_assert_num_queries):
    centre = CentreFactory()
    start = timezone.now() + timedelta(days=5)
    for n in range(30):
        SlotFactory(centre=centre, starts_at=start + timedelta(hours=n))
    with django_assert_num_queries(1):
        free_month(centre, "short_stay", timezone.now())


def test_the_page_of_a_centre_leads_from_the_month_to_the_day(client):
    centre = CentreFactory()
    free = SlotFactory(centre=centre)
    month = f"{free.starts_at.astimezone(ALGIERS):%Y-%m}"
    address = f"/appointments/centres/{centre.code}/?service=short_stay"
    page = client.get(f"{address}&month={month}").content.decode()
    assert f"from={free.starts_at.astimezone(ALGIERS):%Y-%m-%d}" in page
    assert f"month={month}" in client.get(address).content.decode()
