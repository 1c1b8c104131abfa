"""Maintenance windows: what announcing closes, what ends it, and what the database refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from appointments import operations, replanning
from appointments.capacity import open_slots, set_seats
from appointments.enums import Suspended, Switch
from appointments.maintenance_effect import effects, touched_draws
from appointments.maintenance_refusals import (
    DrawHoldsTheseTimes,
    NotEarlier,
    NothingLeftToCallOff,
    NotLater,
    NoWindows,
    SeatsInMaintenance,
    TimeInMaintenance,
    ToldTooLate,
    WindowEndsFirst,
    WindowIsOver,
    WindowsOverlap,
)
from appointments.models import (
    Appointment,
    AppointmentMove,
    CentreSwitch,
    FreedSeat,
    MaintenanceWindow,
    MovePlan,
    OpeningHours,
    ReleaseBatch,
    ReturnOffer,
    Slot,
)
from appointments.operations import maintenance
from appointments.operations.opening import advance_plans, open_due
from appointments.rules.maintenance import weekly
from appointments.suspended_slots import let_in_unkept
from portal.audit.models import Entry
from portal.dates import ALGIERS
from portal.refusals import Refused
from portal.workflow import TransitionRefused
from tests.appointments import draws, releases
from tests.appointments.closed import BEFORE, END, START, announced, planned, slot_at
from tests.appointments.releases import at
from tests.factories import (
    ApplicationFactory,
    CentreFactory,
    SlotFactory,
    UserFactory,
    booked,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory(is_staff=True)


def seats(slot):
    slot.refresh_from_db()
    return slot.is_suspended, slot.taken, slot.released, slot.held


# --- announcing --------------------------------------------------------------------------------


def test_rd_06_what_starts_inside_is_closed_and_its_people_keep_their_seat():
    centre = CentreFactory()
    before = slot_at(centre, START - timedelta(minutes=15))
    inside, last = slot_at(centre, START), slot_at(centre, END - timedelta(minutes=15))
    after, elsewhere = slot_at(centre, END), slot_at(CentreFactory(code="other"), START)
    with at(BEFORE):
        booked(ApplicationFactory(submitted=True), inside)
        announced([centre])
    assert seats(inside) == (True, 1, 1, 0)
    assert seats(last) == (True, 0, 0, 0)
    for slot in (before, after, elsewhere):
        assert seats(slot) == (False, 0, 3, 0)


def test_a_draft_closes_nothing_and_nobody_sees_it(client):
    slot = slot_at(CentreFactory(), START)
    with at(BEFORE):
        planned([slot.centre])
        assert seats(slot) == (False, 0, 3, 0)
        assert b"15" not in client.get("/maintenance/").content.split(b"<main")[1]


def test_every_step_leaves_a_trace(staff):
    with at(BEFORE):
        row = announced()
        window = row.windows.get()
        end = END - timedelta(hours=1)
        same = {"maintenance_id": row.pk, "actor": staff, "reason": "Faster"}
        maintenance.shorten(**same, window_ids=[window.pk], end=end)
        maintenance.extend(**same, window_ids=[window.pk], end=END)
        maintenance.call_off(**same)
    steps = Entry.objects.filter(subject_id=str(row.pk)).order_by("pk")
    assert [one.action for one in steps] == [
        f"maintenance.{step}" for step in ("plan", "announce", "shorten", "extend", "call_off")
    ]
    kept = MaintenanceWindow.pgh_event_model.objects.filter(pgh_obj=window)
    assert {one.hours.upper for one in kept} == {END, end}


@pytest.mark.parametrize(
    ("hours", "refusal"),
    [
        ([], NoWindows),
        ([(END, START)], WindowEndsFirst),
        ([(START, START)], WindowEndsFirst),
        ([(START, END), (END - timedelta(minutes=1), END + timedelta(hours=1))], WindowsOverlap),
    ],
)
def test_impossible_hours_are_refused(hours, refusal):
    with pytest.raises(refusal):
        planned(hours=hours)


def test_windows_that_touch_do_not_overlap():
    with at(BEFORE):
        row = announced(hours=[(START, END), (END, END + timedelta(hours=1))])
    assert row.windows.filter(in_force=True).count() == 2


def test_overlapping_windows_of_one_centre_are_refused_by_the_database():
    centre = CentreFactory()
    with at(BEFORE):
        announced([centre])
        with pytest.raises(WindowsOverlap):
            announced([centre], hours=[(END - timedelta(minutes=1), END + timedelta(hours=2))])
        announced([CentreFactory(code="other")])


def test_a_window_in_the_past_is_refused_with_its_hours():
    with at(END):
        row = planned()
        with pytest.raises(WindowIsOver):
            maintenance.announce(maintenance_id=row.pk, actor=None)
    row.refresh_from_db()
    assert (row.state, row.windows.get().in_force) == ("draft", False)


def test_it_is_told_before_it_begins():
    with at(BEFORE):
        row = planned(announce_at=START + timedelta(minutes=1))
        with pytest.raises(ToldTooLate):
            maintenance.announce(maintenance_id=row.pk, actor=None)


def test_a_window_may_swallow_a_week():
    centre = CentreFactory()
    slots = [slot_at(centre, START + timedelta(days=days)) for days in range(8)]
    with at(BEFORE):
        announced([centre], hours=[(START, START + timedelta(days=7))])
    assert [seats(slot)[0] for slot in slots] == [True] * 7 + [False]


def test_announcing_twice_is_refused():
    with at(BEFORE):
        row = announced()
        with pytest.raises(TransitionRefused):
            maintenance.announce(maintenance_id=row.pk, actor=None)


def test_every_tuesday_becomes_rows_that_keep_their_hour():
    start = datetime(2027, 3, 2, 6, tzinfo=ALGIERS)
    hours = weekly(start, start.replace(hour=9), date(2027, 3, 23))
    assert [one.astimezone(ALGIERS).isoformat() for one, _end in hours] == [
        f"2027-03-{day:02}T06:00:00+01:00" for day in (2, 9, 16, 23)
    ]
    assert {end - one for one, end in hours} == {timedelta(hours=3)}
    assert len(weekly(start, start.replace(hour=9), date(2027, 3, 22))) == 3


def test_an_emergency_closes_from_this_second_on(staff):
    slot = slot_at(CentreFactory(), START)
    with at(START - timedelta(minutes=5)):
        row = maintenance.declare_emergency(
            mission=slot.centre.mission,
            centres=[slot.centre],
            until=END,
            suspends=[Suspended.ALL_WRITES],
            reason="breakdown",
            actor=staff,
        )
    assert seats(slot) == (True, 0, 0, 0)
    row.refresh_from_db()
    assert (row.state, row.is_emergency) == ("announced", True)


# --- what else could open a seat ----------------------------------------------------------------


def test_rd_06_booking_a_time_inside_is_refused_in_words():
    slot, other = slot_at(CentreFactory(), START), slot_at(CentreFactory(), END)
    application = ApplicationFactory(submitted=True)
    with at(BEFORE):
        announced([slot.centre])
        with pytest.raises(TimeInMaintenance):
            booked(application, slot)
        booked(application, other)


def test_the_database_refuses_a_free_seat_inside():
    slot = slot_at(CentreFactory(), START)
    with at(BEFORE):
        announced([slot.centre])
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(released=1)
    with pytest.raises(SeatsInMaintenance):
        set_seats(slot=slot, capacity=3, released=1, actor=None)


def test_a_seat_given_back_inside_stays_closed():
    slot = slot_at(CentreFactory(), START)
    with at(BEFORE):
        appointment = booked(ApplicationFactory(submitted=True), slot)
        announced([slot.centre])
        operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    assert seats(slot) == (True, 0, 0, 0)
    assert not FreedSeat.objects.exists()


def test_slots_that_come_later_are_born_closed():
    centre = CentreFactory()
    _open_every_day(centre)
    with at(BEFORE):
        announced([centre])
        open_slots(centre=centre, first_day=START.date(), last_day=START.date())
    inside = centre.slots.filter(starts_at__gte=START)
    assert {(one.is_suspended, one.released) for one in inside} == {(True, 0)}
    assert {one.is_suspended for one in centre.slots.filter(starts_at__lt=START)} == {False}


def test_changed_hours_add_closed_seats_only(staff):
    centre = CentreFactory(horizon_days=10)
    _open_every_day(centre)
    with at(BEFORE):
        open_slots(centre=centre, first_day=START.date(), last_day=START.date())
        announced([centre])
        centre.opening_hours.update(counters=4)
        seen = replanning.compare(centre=centre, today=BEFORE.date()).fingerprint
        replanning.apply(centre=centre, today=BEFORE.date(), seen=seen, actor=staff)
    inside = centre.slots.filter(starts_at__gte=START, starts_at__lt=END)
    assert {(one.capacity, one.released) for one in inside} == {(4, 0)}


def _open_every_day(centre):
    for weekday in OpeningHours.Weekday.values:
        centre.opening_hours.create(
            service="short_stay",
            weekday=weekday,
            counters=2,
            minutes=30,
            opens=time(15),
            closes=time(17),
            valid=(date(2020, 1, 1), None),
        )


def test_at_07_a_release_plan_opens_nothing_inside():
    with at(releases.ANNOUNCED):
        plan = releases.published()
        slot = Slot.objects.order_by("starts_at").first()
        announced([slot.centre], hours=[(slot.starts_at, slot.starts_at + timedelta(minutes=10))])
    with at(releases.WINDOWS[-1][1]):
        open_due()
        advance_plans()
    assert seats(slot) == (True, 0, 0, 0)
    batches = ReleaseBatch.objects.filter(slot=slot)
    assert batches
    assert {one.withdrawn_because for one in batches} == {"the slot lies in a maintenance window"}
    assert not FreedSeat.objects.filter(slot=slot).exists()
    assert all(one.released for one in Slot.objects.exclude(pk=slot.pk))
    with at(releases.OVER):
        open_due()
        advance_plans()
    plan.refresh_from_db()
    assert plan.is_revealed


def test_at_07_a_seat_on_its_way_back_does_not_come_back_inside():
    slot = slot_at(CentreFactory(), START)
    with at(BEFORE):
        appointment = booked(ApplicationFactory(submitted=True), slot)
        operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
        announced([slot.centre])
    with at(START - timedelta(hours=1)):
        open_due()
    assert seats(slot) == (True, 0, 0, 0)


# --- draws -------------------------------------------------------------------------------------


def test_rd_08_a_draw_that_collects_loses_the_times_inside():
    with at(draws.ANNOUNCED):
        draw = draws.announced()
        slot = Slot.objects.order_by("starts_at").first()
        hours = [(slot.starts_at, slot.starts_at + timedelta(minutes=5))]
        row = announced([draw.centre], hours=hours)
        assert touched_draws(row) == [draw]
    with at(draw.closes_at):
        from appointments.operations.draw import begin_or_close

        closed = begin_or_close(draw_id=draw.pk)
    assert seats(slot) == (True, 0, 0, 0)
    assert len(closed.seats) == Slot.objects.count() - 1


def test_rd_08_what_a_closed_draw_promised_is_not_taken_away():
    with at(draws.ANNOUNCED):
        draw = draws.announced()
    with at(draw.closes_at):
        from appointments.operations.draw import begin_or_close

        begin_or_close(draw_id=draw.pk)
        slot = Slot.objects.filter(held__gt=0).first()
        with pytest.raises(DrawHoldsTheseTimes) as refusal:
            announced(
                [draw.centre], hours=[(slot.starts_at, slot.starts_at + timedelta(minutes=5))]
            )
    assert draw.centre.name in str(refusal.value)
    assert not seats(slot)[0]


# --- shortening, extending, calling off ----------------------------------------------------------


def test_shortening_opens_what_starts_at_the_new_end_or_later(staff):
    centre = _at_once(CentreFactory())
    new_end = START + timedelta(hours=1)
    inside, first_free = slot_at(centre, START), slot_at(centre, new_end)
    with at(BEFORE):
        row = announced([centre])
        free = maintenance.shorten(
            maintenance_id=row.pk,
            window_ids=[row.windows.get().pk],
            end=new_end,
            actor=staff,
            reason="Done sooner",
        )
    assert free == [first_free]
    assert seats(inside) == (True, 0, 0, 0)
    assert seats(first_free) == (False, 0, 3, 0)


def _at_once(centre):
    """Switch the random return of freed seats off."""
    CentreSwitch.objects.create(
        centre=centre, name=Switch.RETURNS_AT_RANDOM, is_on=False, valid=(date(2020, 1, 1), None)
    )
    return centre


def test_at_07_free_seats_come_back_at_a_moment_nobody_chooses(staff):
    slot = slot_at(CentreFactory(), START)
    with at(BEFORE):
        booked(ApplicationFactory(submitted=True), slot)
        row = announced([slot.centre])
        maintenance.call_off(maintenance_id=row.pk, actor=staff, reason="Not needed")
        assert seats(slot) == (False, 1, 1, 0)
        back = FreedSeat.objects.get(slot=slot)
        assert (back.seats, back.kind, back.return_at > BEFORE) == (2, "adding", True)
    with at(START - timedelta(hours=1)):
        open_due()
    assert seats(slot) == (False, 1, 3, 0)


def test_rd_07_the_old_seats_of_people_who_were_moved_wait_for_them(staff):
    centre = _at_once(CentreFactory())
    slot, later = slot_at(centre, START), slot_at(centre, END)
    with at(BEFORE):
        people = [booked(ApplicationFactory(submitted=True), slot) for _ in range(2)]
        row = announced([centre])
        moves = [_moved(row, one, later) for one in people]
        maintenance.call_off(maintenance_id=row.pk, actor=staff)
        assert seats(slot) == (False, 0, 1, 0)  # two of three wait
        ReturnOffer.objects.create(move=moves[0], state="declined", offered_at=BEFORE, until=START)
        slot.refresh_from_db()
        assert let_in_unkept([slot], now=BEFORE) == 1
        assert let_in_unkept([slot], now=BEFORE) == 0
        people[1].refresh_from_db()
        operations.cancel(appointment_id=people[1].pk, owner=people[1].application.owner)
        slot.refresh_from_db()
        assert let_in_unkept([slot], now=BEFORE) == 1
    assert seats(slot) == (False, 0, 3, 0)


def _moved(row, appointment, slot):
    """Do what applying a plan of new times does to one appointment."""
    plan, _made = MovePlan.objects.get_or_create(
        maintenance=row,
        number=1,
        defaults={
            "state": "applied",
            "applied_at": BEFORE,
            "notice_hours": 48,
            "plan": {},
            "digest": "0" * 64,
        },
    )
    old = Slot.objects.get(pk=appointment.slot_id)
    Slot.objects.filter(pk=old.pk).update(taken=old.taken - 1, released=old.released - 1)
    slot.refresh_from_db()
    Slot.objects.filter(pk=slot.pk).update(taken=slot.taken + 1)
    Appointment.objects.filter(pk=appointment.pk).update(slot=slot, version=2)
    return AppointmentMove.objects.create(
        appointment=appointment,
        plan=plan,
        kind="maintenance",
        old_slot=old,
        new_slot=slot,
        minutes=240,
        version=2,
        moved_at=BEFORE,
    )


def test_calling_off_during_it_ends_it_now(staff):
    centre = _at_once(CentreFactory())
    begun, coming = slot_at(centre, START), slot_at(centre, START + timedelta(hours=2))
    with at(BEFORE):
        row = announced([centre])
    now = START + timedelta(hours=1)
    with at(now):
        maintenance.call_off(maintenance_id=row.pk, actor=staff)
    window = row.windows.get()
    assert (window.in_force, window.hours.upper) == (True, now)  # what took place stays known
    assert (seats(begun)[0], seats(coming)) == (True, (False, 0, 3, 0))


def test_what_is_over_is_not_called_off(staff):
    with at(BEFORE):
        row = announced()
    with at(END), pytest.raises(NothingLeftToCallOff):
        maintenance.call_off(maintenance_id=row.pk, actor=staff)


@pytest.mark.parametrize(
    ("now", "end"), [(BEFORE, END), (BEFORE, START), (END - timedelta(hours=1), START)]
)
def test_a_new_end_that_does_not_shorten_is_refused(now, end, staff):
    with at(BEFORE):
        row = announced()
    window = row.windows.get()
    with at(now), pytest.raises(NotEarlier):
        maintenance.shorten(
            maintenance_id=row.pk, window_ids=[window.pk], end=end, actor=staff, reason="x"
        )


def test_extending_closes_the_difference(staff):
    centre = CentreFactory()
    added, after = slot_at(centre, END), slot_at(centre, END + timedelta(hours=1))
    with at(BEFORE):
        row = announced([centre])
        window = row.windows.get()
        same = {"maintenance_id": row.pk, "window_ids": [window.pk], "actor": staff, "reason": "x"}
        assert maintenance.extend(**same, end=END + timedelta(hours=1)) == 1
        with pytest.raises(NotLater):
            maintenance.extend(**same, end=END)
        announced([centre], hours=[(END + timedelta(hours=2), END + timedelta(hours=3))])
        with pytest.raises(WindowsOverlap):
            maintenance.extend(**same, end=END + timedelta(hours=4))
    assert seats(added) == (True, 0, 0, 0)
    assert seats(after) == (False, 0, 3, 0)
    window.refresh_from_db()
    assert window.hours.upper == END + timedelta(hours=1)


def test_rd_06_whom_it_touches_is_counted_by_centre():
    centre = CentreFactory()
    times = [START - timedelta(minutes=15), START, END - timedelta(minutes=5), END]
    with at(BEFORE):
        for moment in times:
            booked(ApplicationFactory(submitted=True), slot_at(centre, moment))
        found = effects(planned([centre]))
    assert [(one.centre, one.affected, one.overlapped) for one in found] == [(centre, 2, 1)]


# --- races -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_race_once_announced_no_booking_lands_inside():
    centre = CentreFactory()
    slot = SlotFactory(centre=centre, seats=12)
    applications = [ApplicationFactory(submitted=True) for _ in range(12)]
    around = (slot.starts_at, slot.starts_at + timedelta(hours=1))
    row = planned([centre], hours=[around], suspends=[Suspended.NEW_FORMS])
    begin, seen = Barrier(5), []

    def try_booking(some):
        begin.wait()
        try:
            for application in some:
                try:
                    booked(application, slot)
                except Refused as refusal:
                    seen.append(refusal.code)
        finally:
            connection.close()

    def announce():
        begin.wait()
        try:
            maintenance.announce(maintenance_id=row.pk, actor=None)
            return timezone.now(), Slot.objects.get(pk=slot.pk).taken
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        bookings = [pool.submit(try_booking, applications[n::4]) for n in range(4)]
        _moment, taken = pool.submit(announce).result()
        for one in bookings:
            one.result()
    assert seats(slot) == (True, taken, taken, 0)
    assert Appointment.objects.filter(slot=slot).count() == taken
    assert len(seen) == 12 - taken
    assert set(seen) <= {"TIME_IN_MAINTENANCE", "SLOT_TAKEN"}


@pytest.mark.django_db(transaction=True)
def test_race_two_managers_announce_overlapping_hours():
    centre = CentreFactory()
    start = timezone.now().astimezone(UTC) + timedelta(days=3)
    drafts = [
        planned([centre], hours=[(start + timedelta(hours=n), start + timedelta(hours=n + 2))])
        for n in range(2)
    ]
    begin = Barrier(2)

    def announce(row):
        begin.wait()
        try:
            maintenance.announce(maintenance_id=row.pk, actor=None)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "announced"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(announce, drafts)) == ["WINDOWS_OVERLAP", "announced"]


@pytest.mark.django_db(transaction=True)
def test_race_slots_opened_meanwhile_are_not_free_inside():
    centre = CentreFactory()
    _open_every_day(centre)
    day = timezone.now().astimezone(ALGIERS).date() + timedelta(days=4)
    first = datetime.combine(day, time(), ALGIERS)
    row = planned([centre], hours=[(first, first + timedelta(days=3))])
    begin = Barrier(2)

    def announce():
        begin.wait()
        try:
            maintenance.announce(maintenance_id=row.pk, actor=None)
        finally:
            connection.close()

    def opens():
        begin.wait()
        try:
            open_slots(centre=centre, first_day=day, last_day=day + timedelta(days=2))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(announce), pool.submit(opens)]:
            one.result()
    assert centre.slots.count() > 0
    assert set(centre.slots.values_list("is_suspended", "released")) == {(True, 0)}
