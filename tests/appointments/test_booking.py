"""Booking, cancelling and closing: what the operations do and what the database refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications.refusals import PassportInsufficient
from appointments import operations
from appointments.models import Appointment, Slot
from appointments.refusals import (
    AlreadyBooked,
    NotBegun,
    NotReadyToBook,
    SlotTaken,
    SlotUnknown,
    TooLateToCancel,
    TravellerAlreadyBooked,
    WalkInOnly,
)
from portal.audit.models import Entry
from portal.outbox.models import Message
from tests.factories import (
    ApplicationFactory,
    CentreFactory,
    MissionFactory,
    SlotFactory,
    UserFactory,
    booked,
)

pytestmark = pytest.mark.django_db


def test_a_booking_takes_one_seat_and_moves_the_application():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    application.refresh_from_db()
    slot.refresh_from_db()
    assert (slot.taken, application.state, appointment.version) == (1, "booked", 1)


def test_a_booking_writes_its_message_and_its_trail_in_the_same_transaction():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    message = Message.objects.get(kind="appointment_confirmed")
    assert message.subject == f"appointment:{appointment.pk}"
    assert message.recipient == application.owner.email
    assert Entry.objects.filter(action="appointment.book", subject_id=appointment.pk).exists()


def test_a_double_click_gives_the_same_appointment():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    assert booked(application, slot) == booked(application, slot)
    slot.refresh_from_db()
    assert slot.taken == 1


def test_an_application_holds_one_appointment():
    application = ApplicationFactory(submitted=True)
    booked(application, SlotFactory())
    with pytest.raises(AlreadyBooked):
        booked(application, SlotFactory())


def test_rd_09_a_traveller_holds_one_appointment_per_state():
    first = ApplicationFactory(submitted=True)
    booked(first, SlotFactory())
    oran = MissionFactory(post="oran")
    second = ApplicationFactory(
        submitted=True, mission=oran, passport_number=f" {first.passport_number} "
    )
    slot = SlotFactory(centre=CentreFactory(mission=oran))
    with pytest.raises(TravellerAlreadyBooked):
        booked(second, slot)
    slot.refresh_from_db()
    second.refresh_from_db()
    assert (slot.taken, second.state) == (0, "submitted")


def test_rd_09_files_for_two_states_at_once_are_allowed():
    french = ApplicationFactory(submitted=True)
    german = ApplicationFactory(
        submitted=True,
        mission=MissionFactory(state="DE"),
        passport_number=french.passport_number,
    )
    booked(french, SlotFactory())
    booked(german, SlotFactory(centre=CentreFactory(mission=german.mission)))
    assert Appointment.objects.count() == 2


def test_rd_09_after_cancelling_the_traveller_may_book_again():
    application, slot = ApplicationFactory(submitted=True), SlotFactory(seats=1)
    first = booked(application, SlotFactory(seats=1))  # comes back later (AT-07)
    operations.cancel(appointment_id=first.pk, owner=application.owner)
    second = booked(application, slot)
    slot.refresh_from_db()
    first.refresh_from_db()
    assert (slot.taken, first.state, second.state) == (1, "cancelled", "booked")


def test_rd_01_a_retiree_card_walks_in_at_a_french_centre():
    application = ApplicationFactory(submitted=True, retiree_card=True)
    with pytest.raises(WalkInOnly):
        booked(application, SlotFactory())


@pytest.mark.parametrize(
    "case",
    ["another mission", "another service", "an inactive centre", "no such slot"],
)
def test_a_forged_slot_is_refused(case):
    application = ApplicationFactory(submitted=True)
    slot = {
        "another mission": lambda: SlotFactory(
            centre=CentreFactory(mission=MissionFactory(state="DE"))
        ),
        "another service": lambda: SlotFactory(service="long_stay"),
        "an inactive centre": lambda: SlotFactory(centre=CentreFactory(is_active=False)),
        "no such slot": lambda: Slot(pk=987654),
    }[case]()
    with pytest.raises(SlotUnknown):
        booked(application, slot)


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=23)])
def test_a_slot_within_the_notice_of_the_centre_is_closed(ahead):
    application = ApplicationFactory(submitted=True)
    with pytest.raises(SlotTaken):
        booked(application, SlotFactory(starts_at=timezone.now() + ahead))


def test_an_unreleased_seat_is_not_to_be_had():
    application = ApplicationFactory(submitted=True)
    with pytest.raises(SlotTaken):
        booked(application, SlotFactory(capacity=3, released=0))


def test_a_draft_cannot_be_booked():
    with pytest.raises(NotReadyToBook):
        booked(ApplicationFactory(), SlotFactory())


def test_nobody_books_with_somebody_elses_application():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    with pytest.raises(type(application).DoesNotExist):
        operations.book(application_id=application.pk, slot_id=slot.pk, owner=UserFactory())


def test_cancelling_gives_the_seat_back_and_tells_once():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    cancelled = operations.cancel(appointment_id=appointment.pk, owner=application.owner)
    slot.refresh_from_db()
    application.refresh_from_db()
    assert (slot.taken, application.state, cancelled.version) == (0, "submitted", 2)
    assert Message.objects.filter(kind="appointment_cancelled", version=2).count() == 1


def test_cancelling_twice_is_cancelling_once():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    versions = {
        operations.cancel(appointment_id=appointment.pk, owner=application.owner).version
        for _ in range(2)
    }
    slot.refresh_from_db()
    assert (versions, slot.taken) == ({2}, 0)
    assert Message.objects.filter(kind="appointment_cancelled").count() == 1


def test_nobody_cancels_somebody_elses_appointment():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory())
    with pytest.raises(Appointment.DoesNotExist):
        operations.cancel(appointment_id=appointment.pk, owner=UserFactory())


def test_an_appointment_that_has_begun_is_not_cancelled():
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    Slot.objects.filter(pk=slot.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(TooLateToCancel):
        operations.cancel(appointment_id=appointment.pk, owner=application.owner)


@pytest.mark.parametrize(
    ("step", "appointment_state", "application_state"),
    [
        ("serve", "served", "filed"),
        ("miss", "no_show", "submitted"),
        ("not_accept", "not_accepted", "not_accepted"),
    ],
)
def test_closing_an_appointment_moves_its_application(step, appointment_state, application_state):
    application, slot = ApplicationFactory(submitted=True), SlotFactory()
    appointment = booked(application, slot)
    Slot.objects.filter(pk=slot.pk).update(starts_at=timezone.now())
    operations.close(
        appointment=appointment, step=step, actor=UserFactory(is_staff=True), reason="One page"
    )
    application.refresh_from_db()
    appointment.refresh_from_db()
    assert (appointment.state, application.state) == (appointment_state, application_state)


def test_nobody_has_missed_an_appointment_that_has_not_begun():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory())
    with pytest.raises(NotBegun):
        operations.close(appointment=appointment, step="miss", actor=UserFactory(is_staff=True))
    appointment.refresh_from_db()
    assert appointment.is_live


def test_pa_12_an_insufficient_passport_is_not_served_and_the_appointment_stays():
    application = ApplicationFactory(submitted=True, blank_pages=1)
    appointment = booked(application, SlotFactory())
    with pytest.raises(PassportInsufficient):
        operations.close(appointment=appointment, step="serve", actor=UserFactory(is_staff=True))
    appointment.refresh_from_db()
    application.refresh_from_db()
    assert (appointment.state, application.state, application.filed_on) == (
        "booked",
        "booked",
        None,
    )


def test_pa_12_what_was_not_accepted_can_be_booked_again():
    application = ApplicationFactory(submitted=True)
    appointment = booked(application, SlotFactory())
    operations.close(
        appointment=appointment, step="not_accept", actor=UserFactory(is_staff=True), reason="pages"
    )
    assert booked(application, SlotFactory()).is_live


@pytest.mark.parametrize("seats", [{"taken": -1}, {"taken": 3}, {"released": 9}])
def test_the_database_refuses_seats_outside_the_capacity(seats):
    slot = SlotFactory(capacity=4, released=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(**seats)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_hundred_race_for_the_last_seat_and_one_gets_it():
    slot = SlotFactory(seats=1)
    applications = [ApplicationFactory(submitted=True) for _ in range(200)]

    def attempt(application):
        try:
            booked(application, slot)
        except SlotTaken:
            return "taken"
        else:
            return "booked"
        finally:
            connection.close()

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(attempt, applications))
    slot.refresh_from_db()
    assert (answers.count("booked"), answers.count("taken"), slot.taken) == (1, 199, 1)
    assert Appointment.objects.count() == 1
    assert Message.objects.filter(kind="appointment_confirmed").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_traveller_racing_with_twenty_files_gets_one_appointment():
    applications = [
        ApplicationFactory(submitted=True, passport_number="777888999") for _ in range(20)
    ]
    slots = [SlotFactory() for _ in applications]

    def attempt(pair):
        try:
            booked(*pair)
        except TravellerAlreadyBooked:
            return "refused"
        else:
            return "booked"
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(attempt, zip(applications, slots, strict=True)))
    assert (answers.count("booked"), answers.count("refused")) == (1, 19)
    assert sum(Slot.objects.values_list("taken", flat=True)) == 1
