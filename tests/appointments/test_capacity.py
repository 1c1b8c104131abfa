"""Slots that opening hours give, closures, and seats that are changed by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from appointments.capacity import (
    free_slots,
    load_centres,
    open_horizon,
    open_slots,
    set_seats,
)
from appointments.models import Centre, Closure, OpeningHours, Slot
from appointments.refusals import SeatsTaken
from portal.audit.models import Entry
from portal.constraints import violated
from portal.missions.operations import load_missions
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY, SUNDAY = date(2027, 3, 4), date(2027, 3, 5), date(2027, 3, 7)


@pytest.fixture
def centre():
    """Open Sunday to Saturday from 9 to 10, two counters, 20 minutes, from 1 March 2027 on."""
    centre = CentreFactory()
    for weekday in OpeningHours.Weekday.values:
        OpeningHours.objects.create(
            centre=centre,
            service="short_stay",
            weekday=weekday,
            opens=time(9),
            closes=time(10),
            counters=2,
            minutes=20,
            valid=DateRange(date(2027, 3, 1), None),
        )
    return centre


def opened(centre, day, last=None):
    return open_slots(centre=centre, first_day=day, last_day=last or day)


def test_opening_hours_become_slots_on_the_clock_of_algiers(centre):
    assert opened(centre, THURSDAY) == 3
    starts = [slot.starts_at for slot in centre.slots.order_by("starts_at")]
    assert starts == [datetime(2027, 3, 4, 8, minute, tzinfo=UTC) for minute in (0, 20, 40)]
    assert {(slot.capacity, slot.released, slot.taken) for slot in centre.slots.all()} == {
        (2, 2, 0)
    }


@pytest.mark.parametrize(
    ("day", "closure", "slots"),
    [
        (THURSDAY, None, 3),
        (FRIDAY, None, 0),
        (FRIDAY, "open", 3),
        (THURSDAY, "closed", 0),
        (date(2027, 7, 5), None, 0),  # Independence Day, a Monday
        (date(2027, 7, 5), "open", 3),
        (date(2027, 2, 28), None, 0),  # the day before the hours hold
        (date(2027, 3, 1), None, 3),
    ],
)
def test_cv_05_weekends_holidays_and_the_centres_own_table(centre, day, closure, slots):
    if closure:
        Closure.objects.create(centre=centre, day=day, kind=closure)
    assert opened(centre, day) == slots


def test_opening_again_changes_nothing_that_people_hold(centre):
    opened(centre, THURSDAY, SUNDAY)
    taken = centre.slots.order_by("starts_at").first()
    Slot.objects.filter(pk=taken.pk).update(taken=1, released=1)
    assert opened(centre, THURSDAY, SUNDAY) == 0
    taken.refresh_from_db()
    assert (taken.taken, taken.released) == (1, 1)


def test_the_horizon_begins_tomorrow_and_includes_its_last_day(centre):
    centre.horizon_days = 4
    open_horizon(centre=centre, today=THURSDAY)
    days = {slot.starts_at.date() for slot in centre.slots.all()}
    assert days == {SUNDAY, SUNDAY + timedelta(1)}


def test_seats_are_never_fewer_than_are_taken():
    slot = SlotFactory(seats=3)
    booked(ApplicationFactory(submitted=True), slot)
    with pytest.raises(SeatsTaken):
        set_seats(slot=slot, capacity=3, released=0, actor=UserFactory(is_staff=True))
    slot.refresh_from_db()
    assert (slot.capacity, slot.released, slot.taken) == (3, 3, 1)


def test_changed_seats_leave_a_trail():
    slot = SlotFactory(seats=3)
    set_seats(slot=slot, capacity=5, released=4, actor=UserFactory(is_staff=True))
    entry = Entry.objects.get(action="slot.set_seats")
    assert (entry.details, entry.mission) == (
        {"capacity": 5, "released": 4},
        slot.centre.mission,
    )


def test_free_slots_are_those_with_seats_beyond_the_notice_earliest_first():
    now = timezone.now()
    centre = CentreFactory(notice_hours=24)
    edge = SlotFactory(centre=centre, starts_at=now + timedelta(hours=24))
    SlotFactory(centre=centre, starts_at=now + timedelta(hours=24, seconds=-1))
    SlotFactory(centre=centre, starts_at=now + timedelta(days=2), capacity=3, released=0)
    SlotFactory(centre=centre, starts_at=now + timedelta(days=2, hours=1), service="long_stay")
    late = SlotFactory(centre=centre, starts_at=now + timedelta(days=3))
    assert list(free_slots(centre, "short_stay", now)) == [edge, late]


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("opens_before_it_closes", {"closes": time(9)}),
        ("one_row_per_opening", {"weekday": 1}),
    ],
)
def test_the_database_refuses_hours_that_cannot_be(centre, constraint, change):
    row = centre.opening_hours.filter(weekday=0)
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        row.update(**change)
    assert violated(problem.value) == constraint


def test_one_closure_per_day_and_one_slot_per_time(centre):
    Closure.objects.create(centre=centre, day=THURSDAY)
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        Closure.objects.create(centre=centre, day=THURSDAY, kind="open")
    assert violated(problem.value) == "one_closure_per_centre_and_day"
    slot = SlotFactory(centre=centre)
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        SlotFactory(centre=centre, starts_at=slot.starts_at)
    assert violated(problem.value) == "one_slot_per_centre_and_time"


# --- The centres of the repository ---


@pytest.fixture
def real_centres():
    load_missions()
    load_centres()


def test_the_files_hold_germany_in_algiers_and_four_french_centres(real_centres):
    found = set(Centre.objects.values_list("mission__code", "post"))
    assert found == {
        ("de-algiers", "algiers"),
        ("fr-algiers", "algiers"),
        ("fr-oran", "oran"),
        ("fr-annaba", "annaba"),
        ("fr-annaba", "constantine"),
    }


def test_loading_again_keeps_what_people_changed(real_centres):
    centre = Centre.objects.get(code="fr-oran")
    Centre.objects.filter(pk=centre.pk).update(addresses={"fr": "Ailleurs"}, horizon_days=7)
    centre.opening_hours.exclude(weekday=0).delete()
    hours = centre.opening_hours.count()
    load_centres()
    centre.refresh_from_db()
    assert (centre.addresses, centre.horizon_days) == ({"fr": "Ailleurs"}, 7)
    assert centre.opening_hours.count() == hours


def test_cv_05_all_four_french_centres_close_on_25_december_2025(real_centres):
    for centre in Centre.objects.filter(mission__state="FR"):
        assert opened(centre, date(2025, 12, 25)) == 0
        assert opened(centre, date(2025, 12, 28)) > 0


def test_rd_02_no_slot_starts_at_closing_time(real_centres):
    for centre in Centre.objects.all():
        opened(centre, THURSDAY, SUNDAY)
        closing = max(row.closes for row in centre.opening_hours.all())
        latest = max(timezone.localtime(slot.ends_at).time() for slot in centre.slots.all())
        assert latest <= closing
        assert not centre.slots.filter(starts_at__date=FRIDAY).exists()
