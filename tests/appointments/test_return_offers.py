"""A maintenance that is called off or shortened offers the old times back, never by force."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from appointments import operations
from appointments.choice_refusals import OfferIsOver
from appointments.models import Appointment, AppointmentMove, FreedSeat, ReturnOffer, Slot
from appointments.operations import counter_choice, return_offers
from appointments.operations import maintenance as closing
from appointments.rules.moves.return_offer import offer_until
from portal.audit.models import Entry
from portal.outbox.composing import compose
from portal.outbox.models import Message

from .moves import (
    applied,
    at,
    family,
    maintenance,
    manager,
    planned,
    seats_and_rows_agree,
    slot,
    traveller,
    world,
)
from .test_counter_choice import event_of

pytestmark = pytest.mark.django_db


def undone(people=2, seats=0):
    """People who were moved out of a window that is then called off; `seats` more in their slot."""
    persons, _later, row = world(people)
    Slot.objects.filter(pk=persons[0].slot_id).update(capacity=people + seats)
    assert applied(planned(row))
    closing.call_off(maintenance_id=row.pk, actor=manager())
    return persons, Slot.objects.get(pk=persons[0].slot_id)


def seats_of(place):
    place.refresh_from_db()
    return place.taken, place.released


def accept(person):
    owner = person.application.owner
    return return_offers.accept(appointment_id=person.pk, owner=owner)


def decline(person):
    return_offers.decline(appointment_id=person.pk, owner=person.application.owner)


def test_rd_07_the_old_time_is_offered_once_and_nobody_is_moved_by_force(settings):
    settings.SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"
    people, old = undone(2)
    assert [return_offers.offer_due(), return_offers.offer_due()] == [2, 0]
    offers = ReturnOffer.objects.all()
    assert {one.state for one in offers} == {"open"}
    assert all(one.until - one.offered_at == timedelta(hours=48) for one in offers)
    assert Message.objects.filter(kind="old_time_offered").count() == 4  # two channels each
    mail = compose(Message.objects.filter(kind="old_time_offered", channel="email").first())
    assert "10:00" in mail.body
    assert not [one for one in mail.attachments if one.get_content_type() == "text/calendar"]
    assert seats_of(old) == (0, 0)
    for person in people:
        person.refresh_from_db()
        assert (person.slot.starts_at.date(), person.version) == (at(1).date(), 2)


def test_accepting_brings_the_old_time_back_and_gives_the_other_away():
    (person, other), old = undone(2)
    return_offers.offer_due()
    person.refresh_from_db()
    left = person.slot
    assert accept(person) == [person]
    person.refresh_from_db()
    assert (person.slot_id, person.version) == (old.pk, 3)
    back = person.moves.order_by("-version").first()
    assert (back.kind, back.old_slot_id) == ("return", left.pk)
    event = event_of(Message.objects.get(kind="appointment_time_changed"))
    assert (event["SEQUENCE"], event.decoded("DTSTART")) == (2, old.starts_at)
    assert seats_of(old) == (1, 1)
    assert seats_of(left) == (0, 0)
    assert FreedSeat.objects.filter(slot=left).exists()
    assert accept(person)[0].version == 3  # a double click
    assert person.application.appointment_day == at(0).date()
    actions = Entry.objects.filter(action__startswith="returnoffer.")
    assert sorted(actions.values_list("action", flat=True)) == [
        "returnoffer.accept",
        "returnoffer.offer",
        "returnoffer.offer",
    ]
    other.refresh_from_db()
    assert other.version == 2
    with pytest.raises(OfferIsOver):
        decline(person)


def test_calendars_of_moves_choices_and_returns_end_at_the_present_time_in_any_order():
    (person,), old = undone(1)
    return_offers.offer_due()
    accept(person)
    operations.cancel(appointment_id=person.pk, owner=person.application.owner)
    mails = Message.objects.filter(subject=f"appointment:{person.pk}", channel="email")
    events = [event_of(one) for one in mails.order_by("?")]
    assert {one["UID"] for one in events} == {f"{person.pk}@guichet"}
    assert sorted(one["SEQUENCE"] for one in events) == [0, 1, 2, 3]
    last = max(events, key=lambda one: one["SEQUENCE"])
    assert (last["STATUS"], last.decoded("DTSTART")) == ("CANCELLED", old.starts_at)


def test_at_07_what_is_declined_or_not_answered_opens_later_for_everybody():
    (first, second), old = undone(2)
    return_offers.offer_due()
    decline(first)
    assert FreedSeat.objects.filter(slot=old).count() == 1
    until = ReturnOffer.objects.get(state="open").until
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert return_offers._due(timezone.now()).count() == 0
    ReturnOffer.objects.filter(state="open").update(until=timezone.now())
    with pytest.raises(OfferIsOver):
        accept(second)
    assert [return_offers.end_due(), return_offers.end_due()] == [1, 0]
    assert set(ReturnOffer.objects.values_list("state", flat=True)) == {"declined", "lapsed"}
    assert sum(FreedSeat.objects.filter(slot=old).values_list("seats", flat=True)) == 2


def test_who_cancelled_or_chose_gets_no_offer_and_the_seat_is_free():
    people, _later, row = world(3)
    other = slot(at(3), centre=people[0].slot.centre)
    assert applied(planned(row))
    chose, cancelled, stays = people
    owner = chose.application.owner
    counter_choice.choose(appointment_id=chose.pk, slot_id=other.pk, owner=owner)
    closing.call_off(maintenance_id=row.pk, actor=manager())
    operations.cancel(appointment_id=cancelled.pk, owner=cancelled.application.owner)
    assert return_offers.offer_due() == 1
    states = dict(ReturnOffer.objects.values_list("move__appointment", "state"))
    assert states == {
        chose.pk: "not_offered",
        cancelled.pk: "not_offered",
        stays.pk: "open",
    }
    old = AppointmentMove.objects.filter(kind="maintenance").first().old_slot
    assert sum(FreedSeat.objects.filter(slot=old).values_list("seats", flat=True)) == 2


def test_an_offer_ends_when_its_person_cancels_or_chooses():
    (first, second), old = undone(2)
    other = slot(at(3), centre=old.centre)
    return_offers.offer_due()
    operations.cancel(appointment_id=first.pk, owner=first.application.owner)
    owner = second.application.owner
    counter_choice.choose(appointment_id=second.pk, slot_id=other.pk, owner=owner)
    for person in (first, second):
        with pytest.raises(OfferIsOver):
            accept(person)
    assert return_offers.end_due() == 2
    assert sum(FreedSeat.objects.filter(slot=old).values_list("seats", flat=True)) == 2


def test_a_family_goes_back_together():
    old = slot(at(hour=10), seats=2)
    two = family(old)
    slot(at(1, 11), seats=2, centre=old.centre)
    row = maintenance(old.centre)
    assert applied(planned(row))
    closing.call_off(maintenance_id=row.pk, actor=manager())
    assert return_offers.offer_due() == 2
    assert {one.pk for one in accept(two[1])} == {one.pk for one in two}
    assert set(Appointment.objects.values_list("slot", flat=True)) == {old.pk}
    assert seats_of(old) == (2, 2)
    assert seats_and_rows_agree()


def test_shortening_offers_only_what_lies_behind_the_new_end():
    early, late = slot(at(hour=9)), slot(at(hour=15))
    stays, returns = traveller(early), traveller(late)
    for hour in (9, 10):
        slot(at(1, hour), centre=early.centre)
    row = maintenance(early.centre)
    assert applied(planned(row))
    windows = row.windows.values_list("pk", flat=True)
    closing.shorten(
        maintenance_id=row.pk, window_ids=windows, end=at(hour=12), actor=manager(), reason="done"
    )
    assert return_offers.offer_due() == 1
    assert ReturnOffer.objects.get().move.appointment_id == returns.pk
    with pytest.raises(OfferIsOver):
        accept(stays)


def test_an_old_time_that_is_closed_again_cannot_be_taken_back():
    (person, _other), old = undone(2)
    return_offers.offer_due()
    row = maintenance(old.centre)
    with pytest.raises(OfferIsOver):
        accept(person)
    assert return_offers.end_due() == 2
    assert row.windows.exists()
    assert seats_of(old) == (0, 0)


@pytest.mark.parametrize(
    ("hours_ahead", "lasts"), [(200, 48), (72, 48), (71, 47), (25, 1), (24, None), (1, None)]
)
def test_rd_07_the_offer_ends_after_48_hours_and_24_before_the_old_time(hours_ahead, lasts):
    now = at()
    until = offer_until(now + timedelta(hours=hours_ahead), now)
    assert until == (now + timedelta(hours=lasts) if lasts else None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_accepting_lapsing_and_cancelling():
    people, old = undone(3)
    assert return_offers.offer_due() == 3
    ReturnOffer.objects.filter(move__appointment=people[2]).update(until=timezone.now())

    def alone(work):
        try:
            return bool(work())
        except OfferIsOver:
            return False
        finally:
            connection.close()

    owner = people[1].application.owner
    works = [
        lambda: accept(people[0]),
        lambda: accept(people[1]),
        lambda: operations.cancel(appointment_id=people[1].pk, owner=owner),
        lambda: accept(people[2]),
        return_offers.end_due,
        return_offers.offer_due,
    ]
    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(alone, works))
    return_offers.end_due()
    for person in people:
        person.refresh_from_db()
    assert people[0].slot_id == old.pk
    assert people[1].state == "cancelled"
    assert people[2].version == 2
    assert not ReturnOffer.objects.filter(state="open").exists()
    assert seats_and_rows_agree()
    old.refresh_from_db()
    back = sum(FreedSeat.objects.filter(slot=old).values_list("seats", flat=True))
    assert (old.taken, old.released, back) == (1, 1, 2)


def moved_twice():
    """Return somebody whom two maintenances moved, the slot between, and the two."""
    (person,), _later, first = world(1)
    assert applied(planned(first))
    person.refresh_from_db()
    between = person.slot
    slot(at(5), centre=between.centre)
    second = maintenance(between.centre, at(1, 8), at(1, 18))
    assert applied(planned(second))
    return person, between, first, second


def test_who_was_moved_twice_may_take_both_moves_back():
    person, between, first, second = moved_twice()
    old = AppointmentMove.objects.get(new_slot=between).old_slot_id
    for row in (second, first):
        closing.call_off(maintenance_id=row.pk, actor=manager())
    assert return_offers.offer_due() == 2
    for back in (between.pk, old):
        return_offers.accept(appointment_id=person.pk, owner=person.application.owner)
        return_offers.end_due()
        person.refresh_from_db()
        assert person.slot_id == back
    assert seats_and_rows_agree()


def test_who_took_the_first_time_back_is_not_offered_the_second_one():
    person, _between, first, second = moved_twice()
    closing.call_off(maintenance_id=first.pk, actor=manager())
    assert return_offers.offer_due() == 1
    return_offers.accept(appointment_id=person.pk, owner=person.application.owner)
    closing.call_off(maintenance_id=second.pk, actor=manager())
    assert return_offers.offer_due() == 0
    assert seats_and_rows_agree()
