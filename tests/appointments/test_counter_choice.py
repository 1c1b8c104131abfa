"""Whom the administration moved may choose another time once, or cancel; nobody else (RD-07)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from appointments import noticing, operations
from appointments.choice_refusals import NoChoice, SameTime, TimeGone
from appointments.models import Appointment, AppointmentMove, FreedSeat, Signal, Slot
from appointments.operations import counter_choice
from appointments.refusals import NoAdjacentSeats, SlotTaken, SlotUnknown
from portal.audit.models import Entry
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.factories import ApplicationFactory, CentreFactory, booked

from .moves import (
    applied,
    at,
    family,
    maintenance,
    planned,
    seats_and_rows_agree,
    slot,
    traveller,
    world,
)

pytestmark = pytest.mark.django_db


def choose(person, time):
    owner = person.application.owner
    return counter_choice.choose(appointment_id=person.pk, slot_id=time.pk, owner=owner)


def moved(people=1, free=None):
    """People who were moved, and a free slot of their centre three days later."""
    persons, later, row = world(people, free)
    other = slot(at(3, 11), centre=later[0].centre)
    plan = planned(row)
    assert applied(plan)
    for person in persons:
        person.refresh_from_db()
    return persons, other


def event_of(message):
    (content,) = [
        part.get_payload(decode=True)
        for part in compose(message).attachments
        if part.get_content_type() == "text/calendar"
    ]
    return Calendar.from_ical(content).walk("VEVENT")[0]


def test_rd_07_who_was_moved_chooses_another_time_once_with_all_that_belongs_to_it():
    (person,), other = moved()
    left = person.slot
    choose(person, other)
    person.refresh_from_db()
    assert (person.slot_id, person.version, person.state) == (other.pk, 3, "booked")
    choice, move = person.moves.order_by("-version")
    assert (choice.kind, choice.old_slot_id, choice.new_slot_id) == ("choice", left.pk, other.pk)
    assert move.chosen_at is not None
    assert person.application.appointment_day == at(3).date()
    message = Message.objects.get(kind="appointment_time_changed")
    event = event_of(message)
    assert (event["UID"], event["SEQUENCE"]) == (f"{person.pk}@guichet", 2)
    assert event.decoded("DTSTART") == other.starts_at
    line = Entry.objects.get(action="appointment.choice")
    assert (line.actor, line.reason) == (person.application.owner, "RD-07")
    assert seats_and_rows_agree()
    assert choose(person, other) == [person]  # a double click
    with pytest.raises(NoChoice):
        choose(person, left)


def test_at_07_the_seat_given_up_comes_back_later():
    (person,), other = moved()
    left = person.slot
    choose(person, other)
    left.refresh_from_db()
    assert (left.taken, left.released) == (0, 0)
    assert FreedSeat.objects.get(slot=left).return_at > timezone.now()


def test_at_03_nobody_else_changes_a_time():
    here = slot(at(5))
    person, other = traveller(here), slot(at(6), centre=here.centre)
    with pytest.raises(NoChoice):
        choose(person, other)
    (moved_one,), free = moved()
    with pytest.raises(Appointment.DoesNotExist):
        counter_choice.choose(
            appointment_id=moved_one.pk, slot_id=free.pk, owner=person.application.owner
        )
    assert set(Appointment.objects.values_list("version", flat=True)) == {1, 2}


def test_rd_07_the_choice_ends_at_its_moment():
    (person,), other = moved()
    until = person.moves.get().choice_until
    with time_machine.travel(until, tick=False):
        assert counter_choice.open_choice(person, until) is None
        assert counter_choice.open_choice(person, until - timedelta(seconds=1)) is not None
    AppointmentMove.objects.update(choice_until=timezone.now())
    with pytest.raises(NoChoice):
        choose(person, other)


def test_only_free_times_of_the_same_desk_can_be_chosen():
    (person,), other = moved()
    elsewhere = slot(at(3), centre=CentreFactory(code="elsewhere"))
    another_desk = slot(at(3), centre=other.centre, service="long_stay")
    for wrong in (elsewhere, another_desk):
        with pytest.raises(SlotUnknown):
            choose(person, wrong)
    with pytest.raises(SameTime):
        choose(person, person.slot)
    Slot.objects.filter(pk=other.pk).update(released=0)
    with pytest.raises(TimeGone):
        choose(person, other)
    assert person.moves.get().chosen_at is None


def test_a_family_chooses_together_and_sits_side_by_side():
    old = slot(at(hour=10), seats=2)
    two = family(old)
    slot(at(1, 11), seats=2, centre=old.centre)
    apart, first, second = (slot(at(2, 9 + n), centre=old.centre) for n in (0, 2, 5))
    assert applied(planned(maintenance(old.centre)))
    with pytest.raises(NoAdjacentSeats):
        choose(two[0], apart)
    Slot.objects.filter(pk=second.pk).update(starts_at=at(2, 11, 30))
    choose(two[1], first)
    assert set(Appointment.objects.values_list("slot", flat=True)) == {first.pk, second.pk}
    assert AppointmentMove.objects.filter(kind="choice").count() == 2
    assert AppointmentMove.objects.filter(kind="maintenance", chosen_at=None).count() == 0
    assert seats_and_rows_agree()


def test_rd_07_cancelling_instead_is_no_disadvantage():
    people, _other = moved(4, free=4)
    owner = people[0].application.owner
    for hour, person in enumerate(people, start=9):
        type(person.application).objects.filter(pk=person.application_id).update(owner=owner)
        operations.cancel(appointment_id=person.pk, owner=owner)
        person.application.refresh_from_db()
        booked(person.application, slot(at(4, hour), centre=people[0].slot.centre))
    assert AppointmentMove.objects.filter(chosen_at=None).count() == 0
    assert Entry.objects.filter(action="appointment.cancel_after_move", reason="RD-07").count() == 4
    noticing.notice(now=timezone.now())
    assert not Signal.objects.exists()
    AppointmentMove.objects.all().delete()  # without the moves the same would be a signal
    noticing.notice(now=timezone.now())
    assert Signal.objects.filter(kind="rebooking").exists()


def test_the_new_time_is_noted_by_a_button_and_counts_on_its_messages():
    (person,), _other = moved()
    owner = person.application.owner
    for _twice in range(2):
        counter_choice.note_seen(appointment_id=person.pk, owner=owner)
    assert person.moves.get().opened_at is not None
    told = Message.objects.filter(kind="appointment_moved")
    assert all(one.opened_at for one in told)


# --- races ----------------------------------------------------------------------------------------


def together(*works):
    def alone(work):
        try:
            return work()
        except (TimeGone, SlotTaken, NoChoice) as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_two_moved_people_and_a_booking_want_the_last_seat():
    people, other = moved(3)
    newcomer = ApplicationFactory(submitted=True)
    results = together(
        *[lambda one=one: choose(one, other) for one in people], lambda: booked(newcomer, other)
    )
    won = [one for one in results if not isinstance(one, str)]
    assert len(won) == 1
    assert Appointment.objects.filter(slot=other).count() == 1
    other.refresh_from_db()
    assert other.taken == 1
    assert AppointmentMove.objects.filter(kind="choice").count() <= 1
    assert AppointmentMove.objects.exclude(chosen_at=None).count() <= 1
    assert seats_and_rows_agree()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_a_choice_and_a_cancellation_of_one_person():
    (person,), other = moved()
    owner = person.application.owner
    together(
        lambda: choose(person, other),
        lambda: operations.cancel(appointment_id=person.pk, owner=owner),
    )
    person.refresh_from_db()
    assert person.state == "cancelled"
    assert seats_and_rows_agree()
