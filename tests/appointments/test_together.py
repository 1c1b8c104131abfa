"""A household books in one go, next to each other, all or none (AP-01)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from applications.models import Application
from appointments import refusals
from appointments.models import Appointment, Slot
from appointments.operations import book, book_together
from portal.dates import civil_date
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.factories import ApplicationFactory, SlotFactory, UserFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def household(size: int) -> list[Application]:
    owner = UserFactory()
    return [ApplicationFactory(submitted=True, owner=owner) for _ in range(size)]


def row_of_slots(*seats: int) -> list[Slot]:
    """Slots that follow each other without a gap."""
    first = SlotFactory(seats=seats[0])
    return [first] + [
        SlotFactory(seats=many, starts_at=first.starts_at + n * timedelta(minutes=20))
        for n, many in enumerate(seats[1:], start=1)
    ]


def together(family: list[Application], slot: Slot) -> list[Appointment]:
    return book_together(
        application_ids=[one.pk for one in family], slot_id=slot.pk, owner=family[0].owner
    )


def taken() -> list[int]:
    return list(Slot.objects.order_by("starts_at").values_list("taken", flat=True))


def test_everybody_sits_in_one_slot_if_it_has_room():
    family = household(3)
    [slot] = row_of_slots(3)
    appointments = together(family, slot)
    assert [row.application_id for row in appointments] == [one.pk for one in family]
    assert len({row.party for row in appointments}) == 1
    assert taken() == [3]
    assert Message.objects.filter(kind="appointment_confirmed").count() == 3


def test_who_has_no_room_sits_in_the_next_slot():
    family = household(4)
    slots = row_of_slots(3, 2)
    appointments = together(family, slots[0])
    assert [row.slot_id for row in appointments] == [slots[0].pk] * 3 + [slots[1].pk]
    family[3].refresh_from_db()
    assert family[3].state == "booked"
    assert family[3].appointment_day == civil_date(slots[1].starts_at)


def test_a_gap_between_slots_is_not_adjacent():
    family = household(2)
    first = SlotFactory(seats=1)
    SlotFactory(seats=5, starts_at=first.starts_at + timedelta(minutes=40))
    with pytest.raises(refusals.NoAdjacentSeats):
        together(family, first)
    assert taken() == [0, 0]


def test_one_who_cannot_be_booked_keeps_all_from_it():
    family = household(2)
    family[1].state = "draft"
    family[1].save()
    with pytest.raises(refusals.NotReadyToBook):
        together(family, row_of_slots(5)[0])
    assert not Appointment.objects.exists()
    assert taken() == [0]


def test_the_same_booking_sent_twice_is_booked_once():
    family = household(2)
    [slot] = row_of_slots(5)
    assert together(family, slot) == together(family, slot)
    assert taken() == [2]


def test_two_who_booked_apart_are_not_booked_together():
    family = household(2)
    [slot] = row_of_slots(5)
    for one in family:
        book(application_id=one.pk, slot_id=slot.pk, owner=one.owner)
    with pytest.raises(refusals.AlreadyBooked):
        together(family, slot)


@pytest.mark.parametrize("ids", ["nobody", "twice", "somebody else's"])
def test_only_own_applications_each_once(ids):
    family = household(2)
    [slot] = row_of_slots(5)
    chosen = {
        "nobody": [],
        "twice": [family[0].pk, family[0].pk],
        "somebody else's": [family[0].pk, household(1)[0].pk],
    }[ids]
    with pytest.raises(Application.DoesNotExist):
        book_together(application_ids=chosen, slot_id=slot.pk, owner=family[0].owner)
    assert taken() == [0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seats", [(3,), (1, 2)], ids=["one slot", "two slots"])
def test_two_households_race_for_the_last_three_adjacent_seats(seats):
    families = [household(3) for _ in range(6)]
    slots = row_of_slots(*seats)

    def attempt(family: list[Application]) -> str:
        try:
            together(family, slots[0])
        except (refusals.SlotTaken, refusals.NoAdjacentSeats) as refusal:
            return refusal.code
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(len(families)) as pool:
        outcomes = list(pool.map(attempt, families))
    assert outcomes.count("booked") == 1
    assert taken() == list(seats)
    assert Appointment.objects.count() == 3
    assert Application.objects.filter(state="booked").count() == 3


# --- The pages ---


def address(family: list[Application], slot: Slot | None = None) -> str:
    query = "&".join(f"with={one.pk}" for one in family[1:])
    if slot is None:
        return reverse("appointments:choose", args=[family[0].pk]) + f"?{query}"
    return reverse("appointments:confirm", args=[family[0].pk, slot.pk]) + f"?{query}"


def test_only_times_with_room_for_all_are_shown():
    family = household(3)
    slots = row_of_slots(1, 1, 3, 2)
    page = applicant_client(family[0].owner).get(address(family)).content.decode()
    assert [f"/choose/{slot.pk}/" in page for slot in slots] == [True, True, True, False]


def test_a_guardian_books_for_all_and_sees_each_of_them():
    family = household(3)
    [slot] = row_of_slots(3)
    client = applicant_client(family[0].owner)
    shown = text_of(client.get(address(family, slot)))
    assert all(one.passport_number in shown for one in family)
    answer = client.post(address(family, slot))
    assert answer.url == reverse("appointments:list")
    assert client.post(address(family, slot)).url == reverse("appointments:list")
    assert taken() == [3]


def test_when_the_places_are_gone_the_next_times_for_all_are_shown():
    family = household(2)
    slots = row_of_slots(1, 4)
    slots[0].taken = 1
    slots[0].save()
    answer = applicant_client(family[0].owner).post(address(family, slots[0]))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"/choose/{slots[1].pk}/" in page
    assert f"with={family[1].pk}" in page


def test_an_application_of_another_account_cannot_come_too():
    family = household(1) + household(1)
    client = applicant_client(family[0].owner)
    assert client.get(address(family)).status_code == 404
    assert client.post(address(family, row_of_slots(5)[0])).status_code == 404


@pytest.mark.parametrize("people", [1, 4])
def test_the_last_button_costs_few_statements_however_many_come(
    people, django_assert_max_num_queries
):
    family, (slot,) = household(people), row_of_slots(people)
    client = applicant_client(family[0].owner)
    query = "&".join(f"with={one.pk}" for one in family[1:])
    url = reverse("appointments:confirm", args=[family[0].pk, slot.pk])
    client.get("/")  # the session is in the store now
    # The account, the file, who comes along, the switches, the times, and the statement that books;
    # inside the transaction of this test with a savepoint around it.
    with django_assert_max_num_queries(7 + (people > 1)):
        assert client.post(f"{url}?{query}").status_code == 302
    assert Appointment.objects.count() == people
