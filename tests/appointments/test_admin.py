"""Centres, slots and appointments in the admin, as those who run a desk use them."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from appointments.models import Slot
from appointments.tasks import open_slots
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.formats import moment
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.actors import staff_client
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, SlotFactory, booked
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return MissionFactory()


@pytest.fixture
def manager(mission):
    return staff_client(Role.CENTRE_MANAGER, mission)


@pytest.fixture
def agent(mission):
    return staff_client(Role.AGENT, mission)


def change_url(row):
    return reverse(f"admin:appointments_{row._meta.model_name}_change", args=[row.pk])


def step_url(appointment, step):
    return reverse("admin:appointments_appointment_step", args=[appointment.pk, step])


@pytest.fixture
def appointment(mission):
    return booked(ApplicationFactory(submitted=True, mission=mission), SlotFactory())


# --- Seats ---


@pytest.mark.parametrize(
    ("capacity", "released", "field"), [(3, 0, "released"), (2, 3, "released"), (-1, 1, "capacity")]
)
def test_seats_that_cannot_be_are_refused_at_their_field(
    manager, appointment, capacity, released, field
):
    slot = appointment.slot
    answer = manager.post(change_url(slot), {"capacity": capacity, "released": released})
    assert field in answer.context["adminform"].form.errors
    slot.refresh_from_db()
    assert (slot.capacity, slot.released) == (3, 3)


def test_changed_seats_are_saved_with_a_trail_and_leave_the_rest(manager, appointment):
    slot = appointment.slot
    typed = {"capacity": 9, "released": 4, "taken": 0, "starts_at": "2000-01-01"}
    assert manager.post(change_url(slot), typed).status_code == 302
    after = Slot.objects.get(pk=slot.pk)
    assert (after.capacity, after.released, after.taken) == (9, 4, 1)
    assert after.starts_at == slot.starts_at
    assert Entry.objects.filter(action="slot.set_seats").count() == 1


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_seat_booked_while_a_manager_takes_it_back_is_kept(manager, mission):
    slot = SlotFactory(seats=1, centre__mission=mission)

    def take_back():
        try:
            return manager.post(change_url(slot), {"capacity": 1, "released": 0})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(taken=1)
            answer = pool.submit(take_back)
            until = time.monotonic() + 30
            while not somebody_waits_for_us():
                assert time.monotonic() < until
                time.sleep(0.02)
        page = answer.result(30)
    assert "released" in page.context["adminform"].form.errors
    slot.refresh_from_db()
    assert (slot.released, slot.taken) == (1, 1)


# --- Centres ---


def test_slots_are_opened_for_the_chosen_centres_of_the_own_mission(manager, mission):
    own = CentreFactory(mission=mission)
    other = CentreFactory(mission=MissionFactory(state="DE"))
    for centre in (own, other):
        centre.opening_hours.create(
            service="short_stay",
            weekday=6,  # Sunday
            opens="09:00",
            closes="10:00",
            counters=1,
            minutes=30,
            valid=("2020-01-01", None),
        )
    manager.post(
        reverse("admin:appointments_centre_changelist"),
        {"action": "open_slots", "_selected_action": [own.pk, other.pk]},
    )
    assert own.slots.count() > 0
    assert other.slots.count() == 0
    open_slots()
    assert other.slots.count() == own.slots.count()


# --- Appointments ---


@pytest.mark.parametrize(
    "searched",
    [
        lambda row: row.reference.lower().replace("-", ""),
        lambda row: row.application.reference,
        lambda row: row.application.passport_number,
    ],
    ids=["reference", "reference of the file", "passport"],
)
def test_an_appointment_is_found_by_what_the_traveller_shows(agent, appointment, mission, searched):
    booked(ApplicationFactory(submitted=True, mission=mission), SlotFactory())
    url = reverse("admin:appointments_appointment_changelist")
    page = agent.get(url, {"q": searched(appointment)})
    assert [row.pk for row in page.context["cl"].result_list] == [appointment.pk]


def test_the_page_says_the_time_on_the_clock_of_algiers(agent, appointment):
    assert moment(appointment.slot.starts_at, "fr") in text_of(agent.get(change_url(appointment)))


def test_not_coming_is_offered_only_once_it_has_begun(agent, appointment):
    assert step_url(appointment, "miss") not in agent.get(change_url(appointment)).content.decode()
    Slot.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    assert step_url(appointment, "miss") in agent.get(change_url(appointment)).content.decode()


def test_the_centre_cancels_with_a_reason_and_the_traveller_is_told(agent, appointment):
    assert agent.post(step_url(appointment, "cancel"), {"reason": ""}).status_code == 422
    agent.post(step_url(appointment, "cancel"), {"reason": "Power cut"})
    appointment.refresh_from_db()
    appointment.slot.refresh_from_db()
    assert (appointment.state, appointment.slot.taken) == ("cancelled", 0)
    told = Message.objects.get(kind="appointment_cancelled")
    assert "Power cut" in compose(told).body
    assert Entry.objects.get(action="appointment.cancel").reason == "Power cut"


def test_a_closed_appointment_offers_nothing_more(agent, appointment):
    agent.post(step_url(appointment, "serve"))
    assert "/step/" not in agent.get(change_url(appointment)).content.decode()
    agent.post(step_url(appointment, "cancel"), {"reason": "late"})
    appointment.refresh_from_db()
    assert appointment.state == "served"
