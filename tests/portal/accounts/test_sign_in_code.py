import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User
from portal.outbox.models import Message

from .conftest import ask, enter, newest_code, newest_message, signed_in_as

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "/?signed-in"


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def without_tokens(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


def test_a_new_address_begins_an_account_and_signs_in(visitor, address):
    assert ask(visitor, address).url == "/sign-in/code/"
    answer = enter(visitor, newest_code(address), next=HOME)
    assert answer.url == HOME
    assert signed_in_as(visitor) == str(User.objects.get(email=address).pk)


def test_the_same_person_comes_back_to_the_same_account(new_client, address):
    people = []
    for client in (new_client(), new_client()):
        ask(client, address.upper())
        enter(client, newest_code(address), next=HOME)
        people.append(signed_in_as(client))
    assert people[0] == people[1] is not None
    assert User.objects.filter(email__iexact=address).count() == 1


def test_the_code_has_six_digits_and_lies_in_the_mail_alone(visitor, address):
    ask(visitor, address)
    code = newest_code(address)
    assert re.fullmatch(r"\d{6}", code)
    assert code not in json.dumps(dict(visitor.session.items()))
    raw = Message.objects.filter(pk=newest_message(address).pk).extra(
        select={"raw": "encode(context, 'escape')"}
    )
    assert code not in raw[0].raw


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(lambda code: f" {code[:3]} {code[3:]} ", id="with spaces"),
        pytest.param(lambda code: f"{code[:3]}-{code[3:]}", id="with a hyphen"),
        pytest.param(
            lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
            id="in Arabic digits",
        ),
    ],
)
def test_the_code_is_read_however_it_is_written(visitor, address, spelling):
    ask(visitor, address)
    enter(visitor, spelling(newest_code(address)), next=HOME)
    assert signed_in_as(visitor)


@pytest.mark.parametrize("junk", ["", "abc", "\x00", "12345", "1234567", "é" * 30, "9" * 5000])
def test_junk_is_a_wrong_code_and_no_crash(visitor, address, junk):
    ask(visitor, address)
    assert enter(visitor, junk).status_code == 200
    assert not signed_in_as(visitor)


def test_the_fifth_try_may_be_right(visitor, address):
    ask(visitor, address)
    code = newest_code(address)
    for _ in range(4):
        assert enter(visitor, wrong(code)).status_code == 200
    enter(visitor, code, next=HOME)
    assert signed_in_as(visitor)


def test_five_wrong_tries_void_the_code(visitor, address):
    ask(visitor, address)
    code = newest_code(address)
    answers = [enter(visitor, wrong(code)) for _ in range(5)]
    assert answers[-1].url == "/sign-in/"
    enter(visitor, code)
    assert not signed_in_as(visitor)


@pytest.mark.parametrize(
    ("later", "works"),
    [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)],
)
def test_the_code_lives_ten_minutes(visitor, address, later, works):
    with time_machine.travel(NOON, tick=False) as clock:
        ask(visitor, address)
        clock.shift(later)
        enter(visitor, newest_code(address), next=HOME)
        assert bool(signed_in_as(visitor)) is works


def test_a_code_that_ran_out_leads_back_and_keeps_where_the_person_was_going(visitor, address):
    with time_machine.travel(NOON, tick=False) as clock:
        ask(visitor, address)
        clock.shift(timedelta(minutes=10))
        answer = visitor.get("/sign-in/code/", {"next": "/how-it-works/"})
    assert answer.url == "/sign-in/?next=%2Fhow-it-works%2F"


def test_a_code_works_once(new_client, address):
    first, second = new_client(), new_client()
    ask(first, address)
    second.cookies = first.cookies.copy()
    code = newest_code(address)
    enter(first, code, next=HOME)
    assert signed_in_as(first)
    enter(second, code)
    assert not signed_in_as(second)


def test_a_code_opens_only_the_browser_that_asked(new_client, address):
    mine, other = new_client(), new_client()
    ask(mine, address)
    ask(other, f"other-{address}")
    enter(other, newest_code(address))
    assert not signed_in_as(other)


def test_a_resent_code_replaces_the_first_and_gets_ten_new_minutes(visitor, address):
    with time_machine.travel(NOON, tick=False) as clock:
        ask(visitor, address)
        first = newest_code(address)
        clock.shift(timedelta(minutes=9))
        visitor.post("/sign-in/code/", {"action": "resend"})
        second = newest_code(address)
        clock.shift(timedelta(minutes=9))
        if first != second:
            enter(visitor, first)
            assert not signed_in_as(visitor)
        enter(visitor, second, next=HOME)
        assert signed_in_as(visitor)


def test_codes_are_resent_three_times_and_no_more(visitor, address):
    ask(visitor, address)
    for _ in range(6):
        visitor.post("/sign-in/code/", {"action": "resend"})
    assert Message.objects.filter(kind="sign_in_code").count() == 4


def test_another_address_can_be_typed(visitor, address):
    ask(visitor, "typo" + address)
    assert visitor.post("/sign-in/code/", {"action": "other_address"}).url == "/sign-in/"
    assert visitor.get("/sign-in/").status_code == 200


def test_typing_another_address_in_a_second_tab_replaces_the_first(visitor, address):
    ask(visitor, "typo" + address)
    ask(visitor, address)
    assert address in visitor.get("/sign-in/code/").content.decode()


def test_too_many_codes_for_one_address_are_refused_with_advice(new_client, address):
    answers = [ask(new_client(), address) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert Message.objects.filter(kind="sign_in_code").count() == 5


def test_a_forged_forwarded_header_does_not_escape_the_limit_of_a_network(new_client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/m/ip"}
    network = new_client()
    answers = [
        network.post(
            "/sign-in/", {"email": f"a{n}@example.org"}, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}"
        )
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 200]


def test_a_trusted_proxy_tells_the_network(new_client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = new_client()
    answers = [
        proxy.post(
            "/sign-in/",
            {"email": f"b{n}@example.org"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.9, 198.51.100.{n}",
        )
        for n in (7, 8)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]


# --- Nobody learns who has an account ------------------------------------------------------------


def test_known_unknown_staff_and_closed_addresses_get_identical_answers(new_client, make_staff):
    """The addresses have one length, so that nothing but knowledge could differ."""
    User.objects.create_user("known-a@example.org")
    User.objects.create_user("closed1@example.org", is_active=False)
    make_staff()
    User.objects.filter(is_staff=True).update(email="staff-1@example.org")
    seen = set()
    for name in ("known-a", "unknown", "staff-1", "closed1"):
        client, email = new_client(), f"{name}@example.org"
        asked = ask(client, email)
        page = client.get(asked.url)
        missed = enter(client, "not a code")
        seen.add(
            (
                asked.status_code,
                asked.url,
                without_tokens(page).replace(email.encode(), b"ADDRESS"),
                without_tokens(missed).replace(email.encode(), b"ADDRESS"),
            )
        )
    assert len(seen) == 1


def test_staff_who_ask_for_a_code_are_told_of_their_own_door(visitor, make_staff):
    user = make_staff()
    ask(visitor, user.email)
    assert not Message.objects.filter(kind="sign_in_code").exists()
    message = newest_message(user.email, kind="staff_door")
    assert "code" not in message.context


def test_a_closed_account_gets_no_mail(visitor, address):
    User.objects.create_user(address, is_active=False)
    ask(visitor, address)
    assert not Message.objects.exists()


def test_mails_speak_the_language_of_the_page(visitor, address):
    visitor.cookies["guichet_language"] = "ar"
    ask(visitor, address)
    assert newest_message(address).language == "ar"
    assert User.objects.get(email=address).language == "ar"


def test_a_stranger_cannot_change_the_language_of_an_account(visitor, address):
    User.objects.create_user(address, language="de", last_login=NOON)
    visitor.cookies["guichet_language"] = "ar"
    ask(visitor, address)
    assert User.objects.get(email=address).language == "de"


def test_signing_in_keeps_the_language_of_the_page(visitor, address):
    User.objects.create_user(address, language="de", last_login=NOON)
    visitor.cookies["guichet_language"] = "ar"
    ask(visitor, address)
    enter(visitor, newest_code(address), next=HOME)
    assert User.objects.get(email=address).language == "ar"


# --- Sessions and redirects -----------------------------------------------------------------------


def test_the_session_key_changes_at_sign_in(visitor, address):
    ask(visitor, address)
    before = visitor.session.session_key
    enter(visitor, newest_code(address), next=HOME)
    assert visitor.session.session_key != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert not signed_in_as(planted)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_nobody_is_sent_to_another_site(visitor, address, target, settings):
    settings.LOGIN_REDIRECT_URL = "home"
    asked = visitor.post(f"/sign-in/?next={target}", {"email": address, "next": target})
    assert "evil" not in asked.url
    assert "javascript" not in asked.url
    answer = enter(visitor, newest_code(address), next=target)
    assert answer.url.startswith("/")
    assert "evil" not in answer.url


def test_signing_out_needs_a_post(visitor, address):
    ask(visitor, address)
    enter(visitor, newest_code(address), next=HOME)
    assert visitor.get("/sign-out/").status_code == 200
    assert signed_in_as(visitor)
    visitor.post("/sign-out/")
    assert not signed_in_as(visitor)


def test_the_code_page_without_an_attempt_leads_to_the_beginning(visitor):
    assert visitor.get("/sign-in/code/").url == "/sign-in/"
    assert enter(visitor, "123456").url == "/sign-in/"


def test_an_attempt_that_the_store_forgot_begins_again(visitor, address):
    ask(visitor, address)
    attempt = visitor.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    cache.delete(f"sign-in-tries:{attempt['attempt']}")
    assert enter(visitor, newest_code(address)).url == "/sign-in/"
    assert not signed_in_as(visitor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_tries_sent_at_once_are_all_counted(new_client, address):
    client = new_client()
    ask(client, address)
    code = newest_code(address)
    guesses = [wrong(code)] * 30
    clients = []
    for _ in guesses:
        copy = new_client()
        copy.cookies = client.cookies.copy()
        clients.append(copy)

    def guess(pair):
        from django.db import connection

        try:
            return enter(*pair).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, zip(clients, guesses, strict=True)))
    assert answers.count(200) <= 4
    enter(client, code)
    assert not signed_in_as(client)
