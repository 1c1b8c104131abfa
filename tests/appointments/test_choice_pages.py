"""The pages for whoever was moved: what they say, and what each button does."""

import pytest
from django.urls import reverse

from appointments.models import AppointmentMove, ReturnOffer, Slot
from appointments.operations import return_offers
from portal import suspension
from portal.outbox.models import Message
from tests.actors import signed_in

from .moves import applied, at, family, maintenance, planned, slot
from .test_counter_choice import moved
from .test_return_offers import undone

pytestmark = pytest.mark.django_db


def page_of(person, name="detail", *more):
    return reverse(f"appointments:{name}", args=[person.pk, *more])


def browser(person):
    client = signed_in(person.application.owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_what_changed_why_and_what_can_be_done():
    (person,), _other = moved()
    text = read(browser(person), page_of(person))
    for said in ("Your appointment was moved", "an update of the visa platform", "Why this time"):
        assert said in text
    assert page_of(person, "another_time") in text
    assert "without any disadvantage" in text


def test_a_new_time_that_is_closed_too_is_not_called_reserved():
    """The closing was extended over it: the person gets yet another time."""
    (person,), _other = moved()
    client = browser(person)
    assert "The new time is reserved for you." in read(client, page_of(person))
    person.refresh_from_db()
    maintenance(person.slot.centre, person.slot.starts_at, person.slot.ends_at)
    suspension.forget()
    text = read(client, page_of(person))
    assert "You will get a new time" in text
    assert "The new time is reserved for you." not in text


def test_the_link_of_the_message_leads_there_after_signing_in(client):
    (person,), _other = moved()
    link = Message.objects.get(kind="appointment_moved").context["url"]
    assert link.endswith(page_of(person))
    response = client.get(page_of(person))
    assert response.status_code == 302
    assert AppointmentMove.objects.get().opened_at is None


def test_looking_changes_nothing_and_the_button_notes_it():
    (person,), _other = moved()
    client = browser(person)
    read(client, page_of(person))
    assert AppointmentMove.objects.get().opened_at is None
    client.post(page_of(person, "noted"))
    assert AppointmentMove.objects.get().opened_at is not None
    assert "I have seen the new time" not in read(client, page_of(person))


def test_another_time_is_looked_at_then_confirmed():
    (person,), other = moved()
    client = browser(person)
    confirm = page_of(person, "take_another", other.pk)
    assert confirm in read(client, page_of(person, "another_time"))
    assert "Take this time instead?" in read(client, confirm)
    person.refresh_from_db()
    assert person.version == 2
    assert client.post(confirm).status_code == 302
    person.refresh_from_db()
    assert (person.slot_id, person.version) == (other.pk, 3)
    text = read(client, page_of(person))
    assert "Another time chosen by the traveller" in text
    assert page_of(person, "another_time") not in text


def test_a_time_that_is_gone_leads_back_to_the_times_with_the_reason():
    (person,), other = moved()
    Slot.objects.filter(pk=other.pk).update(released=0)
    response = browser(person).post(page_of(person, "take_another", other.pk))
    assert response.status_code == 409
    assert "Your choice is not used up" in response.content.decode()


def test_a_family_reads_that_it_chooses_together():
    old = slot(at(hour=10), seats=2)
    two = family(old)
    slot(at(1, 11), seats=2, centre=old.centre)
    free = slot(at(2, 11), seats=2, centre=old.centre)
    assert applied(planned(maintenance(old.centre)))
    client = browser(two[0])
    assert "who booked together" in read(client, page_of(two[0]))
    text = read(client, page_of(two[0], "take_another", free.pk))
    assert text.count("Present time") == 2


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_an_old_time_is_taken_back_or_not(answer, state):
    (person,), old = undone(1)
    return_offers.offer_due()
    client = browser(person)
    assert page_of(person, "old_time") in read(client, page_of(person))
    assert "Take your old time back?" in read(client, page_of(person, "old_time"))
    client.post(page_of(person, "old_time"), {"answer": answer})
    assert ReturnOffer.objects.get().state == state
    person.refresh_from_db()
    assert (person.slot_id == old.pk) is (answer == "accept")


def test_the_wish_for_an_earlier_time_is_a_form():
    (person,), _other = moved()
    client = browser(person)
    for sent, kept in (({"earlier": "yes"}, True), ({}, False)):
        client.post(page_of(person, "earlier"), sent)
        person.refresh_from_db()
        assert person.earlier_ok is kept


def test_cancelling_after_a_move_says_that_it_is_no_disadvantage():
    (person,), _other = moved()
    assert "no disadvantage" in read(browser(person), page_of(person, "cancel"))
    AppointmentMove.objects.update(chosen_at=at())
    assert "no disadvantage" not in read(browser(person), page_of(person, "cancel"))
