"""Changed hours: compared first, applied on purpose, and no booked seat is ever lost (5.1)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from appointments.capacity import open_horizon
from appointments.days_off import days_off, toggle_day
from appointments.models import Centre, Closure, OpeningHours, Slot
from appointments.refusals import HoursChanged
from appointments.replanning import apply, compare
from portal.audit.models import Entry
from portal.dates import civil_date, is_working_day
from portal.formats import moment
from tests.actors import staff_client
from tests.factories import ApplicationFactory, CentreFactory, UserFactory, booked
from tests.pages import says

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return civil_date(timezone.now())


@pytest.fixture
def centre(today: date) -> Centre:
    """Every weekday 9 to 10, two counters, 20 minutes, slots open for two weeks."""
    centre = CentreFactory(horizon_days=14)
    hours(centre, counters=2)
    open_horizon(centre=centre, today=today)
    return centre


def hours(centre: Centre, counters: int, **fields) -> None:
    for weekday in OpeningHours.Weekday.values:
        OpeningHours.objects.create(
            **{
                "centre": centre,
                "service": "short_stay",
                "weekday": weekday,
                "opens": time(9),
                "closes": time(10),
                "counters": counters,
                "minutes": 20,
                "valid": DateRange(date(2020, 1, 1), None),
                **fields,
            }
        )


def manager(centre: Centre):
    return UserFactory(is_staff=True)


def first_slot(centre: Centre) -> Slot:
    """The first slot of a day that can be booked whatever the time is now."""
    tomorrow = civil_date(timezone.now()) + timedelta(days=1)
    rows = [row for row in centre.slots.order_by("starts_at") if _day(row) > tomorrow]
    return rows[0]


def _day(slot: Slot) -> date:
    return civil_date(slot.starts_at)


def test_nothing_differs_after_opening(centre, today):
    assert compare(centre=centre, today=today).differences == ()


def test_more_counters_wait_for_a_person_to_apply_them(centre, today):
    slots = centre.slots.count()
    centre.opening_hours.update(counters=3)
    open_horizon(centre=centre, today=today)
    assert set(centre.slots.values_list("capacity", flat=True)) == {2}
    replan = compare(centre=centre, today=today)
    assert (len(replan.differences), replan.new_seats, replan.conflicts) == (slots, slots, ())
    apply(centre=centre, today=today, seen=replan.fingerprint, actor=manager(centre))
    assert set(centre.slots.values_list("capacity", "released")) == {(3, 3)}
    assert compare(centre=centre, today=today).differences == ()
    assert Entry.objects.get(action="centre.replan").details["new_seats"] == slots


def test_fewer_counters_never_remove_a_booked_seat(centre, today):
    slot = first_slot(centre)
    for _ in range(2):
        booked(ApplicationFactory(submitted=True), slot)
    centre.opening_hours.update(counters=1)
    replan = compare(centre=centre, today=today)
    [conflict] = replan.conflicts
    assert (conflict.starts_at, conflict.taken, conflict.after) == (slot.starts_at, 2, 1)
    apply(centre=centre, today=today, seen=replan.fingerprint, actor=manager(centre))
    slot.refresh_from_db()
    assert (slot.capacity, slot.released, slot.taken) == (2, 2, 2)
    others = centre.slots.exclude(pk=slot.pk).values_list("capacity", "released")
    assert set(others) == {(1, 1)}


def test_a_closed_day_takes_the_free_places_and_shows_the_booked_ones(centre, today):
    slot = first_slot(centre)
    booked(ApplicationFactory(submitted=True), slot)
    Closure.objects.create(centre=centre, day=civil_date(slot.starts_at))
    replan = compare(centre=centre, today=today)
    assert [one.starts_at for one in replan.conflicts] == [slot.starts_at]
    assert replan.lost_seats == 5
    apply(centre=centre, today=today, seen=replan.fingerprint, actor=manager(centre))
    seats = centre.slots.filter(starts_at__date=slot.starts_at.date()).order_by("starts_at")
    assert list(seats.values_list("capacity", "taken")) == [(1, 1), (0, 0), (0, 0)]


def test_a_closed_day_that_is_booked_to_the_last_place_is_a_conflict_and_stays_one(centre, today):
    day = civil_date(first_slot(centre).starts_at)
    slots = [slot for slot in centre.slots.order_by("starts_at") if _day(slot) == day]
    for slot in slots * 2:
        booked(ApplicationFactory(submitted=True), slot)
    Closure.objects.create(centre=centre, day=day)
    seen = compare(centre=centre, today=today)
    assert [one.starts_at for one in seen.conflicts] == [slot.starts_at for slot in slots]
    assert (seen.differences, seen.lost_seats) == ((), 0)
    page = staff_client("centre_manager", centre.mission).get(hours_page(centre))
    assert not says(page, "There is nothing to do")
    assert says(page, moment(slots[0].starts_at))


def test_a_day_opened_by_exception_gets_its_slots_from_the_beat_alone(centre, today):
    closed = next(day for n in range(1, 14) if not is_working_day(day := today + timedelta(days=n)))
    Closure.objects.create(centre=centre, day=closed, kind="open")
    assert open_horizon(centre=centre, today=today) == 3


def test_exceptional_hours_take_the_place_of_the_usual_ones(centre, today):
    span = DateRange(today, today + timedelta(days=30))
    hours(centre, 2, opens=time(8), closes=time(8, 40), valid=span, is_exception=True)
    replan = compare(centre=centre, today=today)
    apply(centre=centre, today=today, seen=replan.fingerprint, actor=manager(centre))
    open_times = {slot.starts_at.minute for slot in centre.slots.filter(capacity__gt=0)}
    assert open_times == {0, 20}
    assert centre.slots.filter(capacity__gt=0, starts_at__hour=9).count() == 0


def test_a_booking_between_looking_and_applying_is_noticed(centre, today):
    centre.opening_hours.update(counters=1)
    seen = compare(centre=centre, today=today).fingerprint
    booked(ApplicationFactory(submitted=True), first_slot(centre))
    with pytest.raises(HoursChanged):
        apply(centre=centre, today=today, seen=seen, actor=manager(centre))
    assert set(centre.slots.values_list("capacity", flat=True)) == {2}


def test_what_was_not_released_stays_so_when_counters_change(centre, today):
    centre.slots.update(released=1)
    centre.opening_hours.update(counters=5)
    replan = compare(centre=centre, today=today)
    apply(centre=centre, today=today, seen=replan.fingerprint, actor=manager(centre))
    assert set(centre.slots.values_list("capacity", "released")) == {(5, 4)}


def test_places_that_a_draw_has_promised_stay_and_are_shown_as_a_conflict(centre, today):
    slot = first_slot(centre)
    Slot.objects.filter(pk=slot.pk).update(released=0, held=2)
    centre.opening_hours.all().delete()
    seen = compare(centre=centre, today=today)
    assert [(one.starts_at, one.taken) for one in seen.conflicts] == [(slot.starts_at, 2)]
    assert seen.lost_seats == sum(one.before for one in seen.differences)
    apply(centre=centre, today=today, seen=seen.fingerprint, actor=manager(centre))
    slot.refresh_from_db()
    assert (slot.capacity, slot.held) == (2, 2)
    assert compare(centre=centre, today=today).differences == ()


@pytest.mark.parametrize(
    ("language", "name"),
    [("fr", "Jour de l'An Amazigh"), ("ar", "رأس السنة الأمازيغية"), ("de", "Amazigh New Year")],
)
def test_a_holiday_has_its_name_in_the_language_of_the_page(centre, language, name):
    with override(language):
        [day] = days_off(centre, date(2027, 1, 12), date(2027, 1, 12))
    assert day.holiday == name


def test_holidays_are_defaults_that_a_centre_can_change():
    centre = CentreFactory()
    first, last = date(2027, 6, 30), date(2027, 7, 10)
    [holiday] = days_off(centre, first, last)
    assert (holiday.day, holiday.is_open) == (date(2027, 7, 5), False)
    actor = manager(centre)
    toggle_day(centre=centre, day=holiday.day, kind="open", reason="", actor=actor)
    toggle_day(centre=centre, day=date(2027, 7, 7), kind="closed", reason="Water", actor=actor)
    assert [(one.day.day, one.is_open, one.reason) for one in days_off(centre, first, last)] == [
        (5, True, ""),
        (7, False, "Water"),
    ]
    toggle_day(centre=centre, day=holiday.day, kind="", reason="", actor=actor)
    assert not days_off(centre, first, last)[0].is_open


# --- The page ---


def hours_page(centre: Centre) -> str:
    return reverse("admin:appointments_centre_hours", args=[centre.pk])


def test_a_manager_sees_the_conflicts_first_and_applies(centre, today):
    booked(ApplicationFactory(submitted=True), first_slot(centre))
    Closure.objects.create(centre=centre, day=civil_date(first_slot(centre).starts_at))
    client = staff_client("centre_manager", centre.mission)
    page = client.get(hours_page(centre)).content.decode()
    seen = compare(centre=centre, today=today).fingerprint
    assert page.index("<h2>") < page.index(seen)
    assert client.post(hours_page(centre), {"seen": seen}).status_code == 302
    assert centre.slots.filter(capacity=1).count() == 1


def test_an_old_comparison_is_not_applied(centre):
    centre.opening_hours.update(counters=1)
    client = staff_client("centre_manager", centre.mission)
    client.post(hours_page(centre), {"seen": "of yesterday"})
    assert set(centre.slots.values_list("capacity", flat=True)) == {2}


def test_a_day_that_cannot_be_read_changes_nothing(centre):
    client = staff_client("centre_manager", centre.mission)
    client.post(hours_page(centre), {"day": "tomorrow", "kind": "closed"})
    assert not Closure.objects.exists()
