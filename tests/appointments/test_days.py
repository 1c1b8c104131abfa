"""Free times by day, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from appointments.days import DAYS_SHOWN, free_page
from portal.formats import clock, weekday_date
from tests.factories import CentreFactory, SlotFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def centre():
    return CentreFactory()


def slots_on_days(centre, count):
    return [
        SlotFactory(centre=centre, starts_at=NOW + timedelta(days=2 + number))
        for number in range(count)
    ]


def test_no_slots_no_days_and_nowhere_to_turn(centre):
    page = free_page(centre, "short_stay", NOW)
    assert (page.days, page.earlier, page.later) == ([], "", "")


def test_a_slot_late_in_the_evening_belongs_to_the_day_in_algiers(centre):
    slot = SlotFactory(centre=centre, starts_at=datetime(2027, 3, 9, 23, 30, tzinfo=UTC))
    [day] = free_page(centre, "short_stay", NOW).days
    assert day.day.isoformat() == "2027-03-10"
    assert [time.slot_id for time in day.times] == [slot.pk]


def test_pages_turn_forth_and_back_without_losing_a_day(centre):
    slots = slots_on_days(centre, 2 * DAYS_SHOWN + 1)
    seen, start = [], ""
    while True:
        page = free_page(centre, "short_stay", NOW, start)
        seen += [time.slot_id for day in page.days for time in day.times]
        if not page.later:
            break
        start = page.later
    assert seen == [slot.pk for slot in slots]
    back = free_page(centre, "short_stay", NOW, page.earlier)
    assert back.days[-1].day < page.days[0].day
    assert free_page(centre, "short_stay", NOW, back.earlier).earlier == ""


@pytest.mark.parametrize(
    ("start", "first"),
    [("", 0), ("rubbish", 0), ("2000-01-01", 0), ("2027-03-05", 2), ("2999-01-01", 2)],
)
def test_a_page_begins_at_the_asked_day_or_at_the_nearest_sensible_one(centre, start, first):
    slots = slots_on_days(centre, DAYS_SHOWN + 2)
    page = free_page(centre, "short_stay", NOW, start)
    assert page.days[0].times[0].slot_id == slots[first].pk


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_a_time_says_day_hour_and_seats_in_the_readers_language(centre, language):
    slot = SlotFactory(centre=centre, starts_at=NOW + timedelta(days=8), seats=4)
    with override(language):
        [day] = free_page(centre, "short_stay", NOW).days
        assert day.title == weekday_date(slot.starts_at)
        [time] = day.times
        assert time.time == clock(slot.starts_at)
        assert all(part in time.label for part in (day.title, time.time, time.seats))


def test_a_page_costs_two_queries_however_many_slots(centre, django_assert_num_queries):
    for number in range(60):
        SlotFactory(centre=centre, starts_at=NOW + timedelta(days=2, minutes=5 * number))
    with django_assert_num_queries(2):
        [day] = free_page(centre, "short_stay", NOW).days
    assert len(day.times) == 60
