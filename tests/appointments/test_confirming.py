"""What may be asked before a booking: a challenge, a wait, a pause, a code (AT-05, AT-06)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest
import redis
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from appointments import booking_codes, refusals
from appointments.enums import Switch
from appointments.guard import judge_attempt
from appointments.models import Appointment
from appointments.models.switches import CentreSwitch
from appointments.rules.law import LAW
from appointments.rules.limits import Answer, Budget, Marks
from portal import attempts
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.challenges import by_device
from tests.factories import ApplicationFactory, SlotFactory, UserFactory
from tests.pages import says

pytestmark = pytest.mark.django_db
ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture(autouse=True)
def _fresh_store():
    for key in attempts.store().scan_iter(match="*attempts:*"):
        attempts.store().delete(key)


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True)


@pytest.fixture
def slot():
    return SlotFactory(seats=40)


@pytest.fixture
def client(application) -> Client:
    return applicant_client(application.owner)


@pytest.fixture
def asks_code(slot) -> None:
    CentreSwitch.objects.create(centre=slot.centre, name=Switch.CODE, valid=ALWAYS)


def address(application, slot) -> str:
    return reverse("appointments:confirm", args=[application.pk, slot.pk])


def mailed() -> str:
    return str(Message.objects.filter(kind="booking_code").latest("pk").context["code"])


# --- The mailed code (AT-06) ---


def test_the_code_is_asked_for_and_books(asks_code, application, slot, client):
    page = client.post(address(application, slot))
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert not Appointment.objects.exists()
    assert client.post(address(application, slot), {"code": mailed()}).status_code == 302
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_a_wrong_code_says_so_and_books_nothing(asks_code, application, slot, client, language):
    client.cookies["guichet_language"] = language
    client.post(address(application, slot))
    wrong = "000000" if mailed() != "000000" else "111111"
    page = client.post(address(application, slot), {"code": wrong})
    assert page.status_code == 422
    assert says(page, refusals.CodeWrong.message, language)
    assert not Appointment.objects.exists()


def test_arabic_digits_and_blanks_are_read(asks_code, application, slot, client):
    client.post(address(application, slot))
    typed = mailed().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    answer = client.post(address(application, slot), {"code": f" {typed[:3]} {typed[3:]} "})
    assert answer.status_code == 302


def test_a_second_click_leads_to_the_appointment_and_is_asked_nothing(
    asks_code, application, slot, client
):
    client.post(address(application, slot))
    sent = {"code": mailed()}
    first, second = (client.post(address(application, slot), sent) for _click in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == first.url
    assert Message.objects.filter(kind="booking_code").count() == 1


def test_of_two_clicks_at_once_neither_is_told_that_nothing_was_booked(
    asks_code, application, slot, client, monkeypatch
):
    """The second reads the file before the first has booked, and finds its code used up."""
    client.post(address(application, slot))
    sent = {"code": mailed()}
    use = booking_codes.use

    def after_the_other(wish, code):
        monkeypatch.setattr(booking_codes, "use", use)
        assert client.post(address(application, slot), sent).status_code == 302
        use(wish, code)

    monkeypatch.setattr(booking_codes, "use", after_the_other)
    answer = client.post(address(application, slot), sent)
    assert answer.status_code == 302
    assert Appointment.objects.count() == 1


def test_what_is_asked_at_the_end_of_the_page_is_told_on_top(asks_code, application, slot, client):
    client.post(address(application, slot))
    wrong = client.post(address(application, slot), {"code": "x"}).content.decode()
    assert wrong.index('<a href="#code">') < wrong.index("<h1>")


def test_a_challenge_that_comes_after_the_button_is_told_on_top(application, client):
    full, free = SlotFactory(seats=1, taken=1), SlotFactory()
    looked_at = client.get(address(application, free)).content.decode()
    assert "#challenge" not in looked_at
    tries(client, application, full, 10)
    asked = client.post(address(application, free)).content.decode()
    assert asked.index('<a href="#challenge">') < asked.index("<h1>")
    assert 'id="challenge"' in asked


def wish_of(application, slot, session="one") -> booking_codes.Wish:
    return booking_codes.Wish(session, slot.pk, [application])


def test_a_code_works_once(application, slot):
    wish = wish_of(application, slot)
    booking_codes.send(wish, language="fr")
    booking_codes.use(wish, mailed())
    with pytest.raises(refusals.CodeExpired):
        booking_codes.use(wish, mailed())


def test_of_twenty_who_send_the_code_at_once_one_gets_through(application, slot):
    wish = wish_of(application, slot)
    booking_codes.send(wish, language="fr")
    code = mailed()

    def attempt(_number: int) -> bool:
        try:
            booking_codes.use(wish, code)
        except refusals.CodeExpired:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) <= 1


@pytest.mark.parametrize("part", ["session", "slot", "traveller"])
def test_a_code_is_bound_to_session_slot_and_travellers(application, slot, part):
    booking_codes.send(wish_of(application, slot), language="fr")
    other = {
        "session": lambda: wish_of(application, slot, session="two"),
        "slot": lambda: wish_of(application, SlotFactory()),
        "traveller": lambda: wish_of(ApplicationFactory(submitted=True), slot),
    }[part]()
    with pytest.raises(refusals.CodeExpired):
        booking_codes.use(other, mailed())


def test_after_five_tries_even_the_right_code_is_gone(application, slot):
    wish = wish_of(application, slot)
    booking_codes.send(wish, language="fr")
    wrong = "000000" if mailed() != "000000" else "111111"
    for _ in range(booking_codes.TRIES):
        with pytest.raises(refusals.CodeWrong):
            booking_codes.use(wish, wrong)
    with pytest.raises(refusals.CodeExpired):
        booking_codes.use(wish, mailed())


def test_a_code_lives_ten_minutes_by_the_clock_of_the_store(application, slot):
    wish = wish_of(application, slot)
    booking_codes.send(wish, language="fr")
    assert 595 < attempts.store().ttl(wish.key("code")) <= 600
    attempts.store().pexpire(wish.key("code"), 1)
    with pytest.raises(refusals.CodeExpired):
        booking_codes.use(wish, mailed())


def test_a_fourth_code_is_not_mailed(application, slot):
    wish = wish_of(application, slot)
    for _ in range(booking_codes.SENDINGS):
        booking_codes.send(wish, language="fr")
    with pytest.raises(refusals.TooManyCodes):
        booking_codes.send(wish, language="fr")
    booking_codes.use(wish, mailed())


def test_the_store_keeps_no_code_in_clear(application, slot):
    wish = wish_of(application, slot)
    booking_codes.send(wish, language="fr")
    assert mailed() not in str(attempts.store().get(wish.key("code")))


# --- Budgets (AT-05) ---


def tries(client, application, slot, number: int):
    """Send that many bookings of a time that is gone, and return the last answer."""
    answer = None
    for _ in range(number):
        answer = client.post(address(application, slot))
    return answer


def put_in_store(kind: str, value: int) -> None:
    """Let a counter or a wait of the kind stand at `value`, without waiting for it."""
    for key in attempts.store().scan_iter(match=f"*{kind}:*"):
        attempts.store().set(key, value, keepttl=True)


def test_who_tries_often_solves_a_challenge_then_waits_then_pauses(application, client):
    full, free = SlotFactory(seats=1, taken=1), SlotFactory()
    assert tries(client, application, full, 10).status_code == 409
    asked = client.post(address(application, free))
    assert says(asked, "AT-04")
    tries(client, application, free, 9)
    waits = client.post(address(application, free), by_device(asked))
    assert waits.status_code == 429
    assert says(waits, refusals.WaitALittle.message)
    put_in_store("attempts:passport", 40)
    paused = client.post(address(application, free))
    assert paused.status_code == 429
    assert says(paused, refusals.TooManyAttempts.message)
    assert not Appointment.objects.exists()


def test_who_has_waited_goes_on_without_a_second_challenge(application, client):
    full, free = SlotFactory(seats=1, taken=1), SlotFactory()
    tries(client, application, full, 20)
    asked = client.post(address(application, free))
    assert client.post(address(application, free), by_device(asked)).status_code == 429
    now = attempts.store().time()[0]
    put_in_store("attempts:waiting", now + 1000)
    assert client.post(address(application, free)).status_code == 429
    put_in_store("attempts:waiting", now - 1)
    assert client.post(address(application, free)).status_code == 302


def test_as_many_travellers_as_the_mark_go_on_and_one_more_is_challenged(slot):
    owner = UserFactory()
    people = ApplicationFactory.create_batch(14, submitted=True, owner=owner)
    client = applicant_client(owner)
    for one in people[:12]:
        assert client.post(address(one, slot)).status_code == 302
    asked = client.post(address(people[12], slot))
    assert asked.status_code == 200
    assert says(asked, "AT-04")
    assert client.post(address(people[12], slot), by_device(asked)).status_code == 302
    # When its time is over, the budget is whole again.
    for key in attempts.store().scan_iter(match="*attempts:account*"):
        attempts.store().pexpire(key, 1)
    sleep(0.01)
    assert client.post(address(people[13], slot)).status_code == 302


def test_travellers_of_a_network_are_counted_once_each(application):
    day = date(2026, 11, 22)
    marks = Marks.by(LAW.on(day), Budget.NETWORK_TRAVELLERS)
    others = tuple(map(str, range(marks.challenge - 1)))
    network = attempts.network_of("197.200.14.7")
    seen = attempts.Counter(Budget.NETWORK_TRAVELLERS, network, marks.window, different=others)
    attempts.count([seen])
    another = ApplicationFactory(submitted=True)
    for one, answer in (
        (application, Answer.GO_ON),
        (application, Answer.GO_ON),
        (another, Answer.CHALLENGE),
    ):
        judged = judge_attempt(address="197.200.14.9", applications=[one], day=day)
        assert judged.answer is answer
    assert 0 < attempts.store().ttl(seen.key) <= marks.window.total_seconds()
    assert not attempts.store().sismember(seen.key, bytes(application.traveller_key).hex())


def test_many_people_of_one_network_are_many_people(slot):
    for _ in range(20):
        one = ApplicationFactory(submitted=True)
        assert applicant_client(one.owner).post(address(one, slot)).status_code == 302


def test_a_guardian_with_four_children_is_one_attempt(slot):
    owner = UserFactory()
    family = [ApplicationFactory(submitted=True, owner=owner) for _ in range(5)]
    query = "&".join(f"with={one.pk}" for one in family[1:])
    answer = applicant_client(owner).post(f"{address(family[0], slot)}?{query}")
    assert answer.status_code == 302


def test_a_centre_may_switch_the_budgets_off(application, client):
    full = SlotFactory(seats=1, taken=1)
    CentreSwitch.objects.create(centre=full.centre, name=Switch.BUDGETS, is_on=False, valid=ALWAYS)
    assert tries(client, application, full, 45).status_code == 409


def test_while_the_store_is_away_nobody_books_and_what_is_booked_stays(
    application, slot, client, monkeypatch
):
    before = ApplicationFactory(submitted=True)
    assert applicant_client(before.owner).post(address(before, slot)).status_code == 302
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(attempts, "store", lambda: away)
    answer = client.post(address(application, slot))
    assert answer.status_code == 503
    assert says(answer, refusals.CannotCount.message, "fr")
    assert Appointment.objects.count() == 1


def test_the_notice_names_the_rule(asks_code, application, slot, client):
    client.post(address(application, slot))
    page = client.post(address(application, slot), {"code": "x"}).content.decode()
    assert re.search(r"AT-06", page)
