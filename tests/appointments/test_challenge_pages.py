"""The challenge before free times and before a booking (AT-04), without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from appointments import refusals
from appointments.enums import Switch
from appointments.models import Appointment, Slot
from appointments.models.switches import CentreSwitch
from portal import attempts
from portal.challenge.refusals import ChallengeExpired, ChallengeUsed, ChallengeWrong
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.challenges import after_reading, by_device, by_hand, store_away
from tests.factories import ApplicationFactory, SlotFactory, UserFactory
from tests.pages import held_by_form, says

pytestmark = pytest.mark.django_db
ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture(autouse=True)
def _fresh_store():
    for kind in ("attempts", "challenge"):
        for key in attempts.store().scan_iter(match=f"*{kind}:*"):
            attempts.store().delete(key)


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True)


@pytest.fixture
def slot():
    made = SlotFactory(seats=40)
    CentreSwitch.objects.create(centre=made.centre, name=Switch.CHALLENGE, valid=ALWAYS)
    return made


@pytest.fixture
def client(application) -> Client:
    return applicant_client(application.owner)


def choosing(application) -> str:
    return reverse("appointments:choose", args=[application.pk])


def confirming(application, slot) -> str:
    return reverse("appointments:confirm", args=[application.pk, slot.pk])


def shows_times(page, application, slot) -> bool:
    return confirming(application, slot) in page.content.decode()


# --- Before the free times ---


@pytest.mark.parametrize("way", [by_device, by_hand])
def test_who_solved_it_sees_the_times_of_all_their_files(application, slot, client, way):
    asked = client.get(choosing(application))
    assert not shows_times(asked, application, slot)
    with after_reading():
        answer = client.post(choosing(application), way(asked), follow=True)
    assert shows_times(answer, application, slot)
    other = ApplicationFactory(submitted=True, owner=application.owner)
    assert shows_times(client.get(choosing(other)), other, slot)
    # Somebody else, and the same person elsewhere, solve one of their own.
    elsewhere = applicant_client(application.owner)
    assert not shows_times(elsewhere.get(choosing(application)), application, slot)


def test_anybody_may_look_without_a_challenge(slot):
    page = Client().get(reverse("appointments:centre", args=[slot.centre.code]))
    assert page.status_code == 200
    assert "challenge" not in page.content.decode()


def test_a_wrong_answer_is_told_and_another_question_asked(application, slot, client):
    asked = client.get(choosing(application))
    sent = {**by_hand(asked), "challenge_answer": "99"}
    with after_reading():
        refused = client.post(choosing(application), sent)
    assert refused.status_code == 422
    assert says(refused, ChallengeWrong.message)
    held = held_by_form(refused)
    assert held["challenge_question"] != [sent["challenge_question"]]
    assert held["challenge_answer"] == [""]


def test_after_three_failures_the_question_comes_first(application, slot, client):
    for _ in range(3):
        page = client.post(choosing(application), {"challenge_work": "junk"})
        assert says(page, ChallengeWrong.message)
    assert "data-question-first" in page.content.decode()
    with after_reading():
        assert client.post(choosing(application), by_hand(page)).status_code == 302


def test_where_the_centre_does_not_want_it_nobody_is_asked(application, client):
    free = SlotFactory()
    assert shows_times(client.get(choosing(application)), application, free)
    CentreSwitch.objects.create(
        centre=free.centre,
        name=Switch.CHALLENGE,
        valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)),
    )
    assert shows_times(client.get(choosing(application)), application, free)


# --- Before the booking ---


@pytest.mark.parametrize("way", [by_device, by_hand])
def test_the_page_asks_at_once_and_one_answer_books(application, slot, client, way):
    asked = client.get(confirming(application, slot))
    with after_reading():
        assert client.post(confirming(application, slot), way(asked)).status_code == 302
    assert Appointment.objects.count() == 1


def test_without_an_answer_nothing_is_booked(application, slot, client):
    page = client.post(confirming(application, slot))
    assert page.status_code == 200
    assert held_by_form(page)["challenge_question"]
    assert not Appointment.objects.exists()


def test_the_answer_before_the_search_books_nothing(application, slot, client):
    asked = client.get(choosing(application))
    with after_reading():
        refused = client.post(confirming(application, slot), by_hand(asked))
    assert refused.status_code == 422
    assert says(refused, ChallengeExpired.message)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("part", ["time", "traveller", "session"])
def test_an_answer_is_good_for_one_time_one_traveller_and_one_session(
    application, slot, client, part
):
    sibling = ApplicationFactory(submitted=True, owner=application.owner)
    page, where = {
        "time": (client, confirming(application, SlotFactory(centre=slot.centre))),
        "traveller": (client, confirming(sibling, slot)),
        "session": (applicant_client(application.owner), confirming(application, slot)),
    }[part]
    sent = by_device(client.get(where if part == "session" else confirming(application, slot)))
    refused = page.post(where, sent)
    assert says(refused, ChallengeExpired.message)
    assert not Appointment.objects.exists()


def test_one_answer_is_one_try_even_if_the_time_was_taken(application, slot, client):
    sent = by_device(client.get(confirming(application, slot)))
    Slot.objects.filter(pk=slot.pk).update(taken=40)
    assert client.post(confirming(application, slot), sent).status_code == 409
    Slot.objects.filter(pk=slot.pk).update(taken=0)
    assert says(client.post(confirming(application, slot), sent), ChallengeUsed.message)
    asked = client.post(confirming(application, slot))
    assert held_by_form(asked)["challenge_question"]
    assert not Appointment.objects.exists()


def test_challenge_first_then_the_mailed_code(application, slot, client):
    CentreSwitch.objects.create(centre=slot.centre, name=Switch.CODE, valid=ALWAYS)
    where = confirming(application, slot)
    asks_code = client.post(where, by_device(client.get(where)))
    assert 'name="code"' in asks_code.content.decode()
    code = str(Message.objects.filter(kind="booking_code").latest("pk").context["code"])
    wrong = client.post(where, {"code": "000000" if code != "000000" else "111111"})
    assert says(wrong, refusals.CodeWrong.message)
    assert client.post(where, {"code": code}).status_code == 302


def test_a_household_solves_one_challenge(slot):
    owner = UserFactory()
    family = ApplicationFactory.create_batch(3, submitted=True, owner=owner)
    where = f"{confirming(family[0], slot)}?with={family[1].pk}&with={family[2].pk}"
    client = applicant_client(owner)
    assert client.post(where, by_device(client.get(where))).status_code == 302
    assert Appointment.objects.count() == 3


# --- While the store is away ---


@pytest.mark.parametrize("where", ["search", "booking"])
def test_while_the_store_is_away_nobody_passes_and_what_was_typed_stays(
    application, slot, client, settings, where
):
    address = choosing(application) if where == "search" else confirming(application, slot)
    sent = by_hand(client.get(address))
    with store_away(settings), after_reading():
        assert client.get(address).status_code == 200
        refused = client.post(address, sent)
    assert refused.status_code == 503
    assert says(refused, refusals.CannotCount.message)
    held = held_by_form(refused)
    assert held["challenge_answer"] == [sent["challenge_answer"]]
    if where == "search":
        assert not shows_times(refused, application, slot)
    assert not Appointment.objects.exists()
    with after_reading():
        again = {name: held[name][0] for name in ("challenge_question", "challenge_answer")}
        assert client.post(address, again).status_code == 302
