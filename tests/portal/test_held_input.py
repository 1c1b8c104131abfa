from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.accounts.models import User
from portal.held_input import held_input, keep_input_and_sign_in, pressed_on
from portal.urls import urlpatterns as real

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TYPED = {"story": "Ma fille étudie à Lyon.\nعائلتي", "choice": ["a", "b"], "password": "secret"}


@keep_input_and_sign_in
def form_page(request, number=0):
    if request.method == "POST":
        return HttpResponse("saved")
    held = held_input(request)
    return HttpResponse(held.urlencode() if held else "empty")


@keep_input_and_sign_in
@pressed_on("form-of")
def button(request, number):
    return HttpResponse(f"pressed {number}")


urlpatterns = [
    path("form/", form_page),
    path("form/<int:number>/", form_page, name="form-of"),
    path("form/<int:number>/press/", button),
    *real,
]


@pytest.fixture
def person():
    return User.objects.create_user("writer@example.org")


@pytest.fixture
def expired(person):
    """A browser that posted after its session had ended, and has signed in since."""
    client = Client()
    client.post("/form/", TYPED)
    client.force_login(person)
    return client


def shown(client, page="/form/"):
    from django.http import QueryDict

    body = client.get(page).content.decode()
    return None if body == "empty" else QueryDict(body)


def test_somebody_signed_in_just_sends(person):
    client = Client()
    client.force_login(person)
    assert client.post("/form/", TYPED).content == b"saved"


def test_who_is_signed_out_signs_in_and_comes_back_to_the_page():
    answer = Client().post("/form/?step=2", TYPED)
    assert answer.url == "/sign-in/?next=/form/%3Fstep%3D2"


def test_what_was_typed_waits_on_the_same_page(expired):
    held = shown(expired)
    assert held["story"] == TYPED["story"].replace("\n", "\n")
    assert held.getlist("choice") == ["a", "b"]


def test_a_button_pressed_after_the_session_had_ended_leads_to_its_page(person):
    client = Client()
    to_sign_in = client.post("/form/7/press/")
    assert to_sign_in.url.endswith("?next=/form/7/press/")
    client.force_login(person)
    shown = client.get("/form/7/press/")
    assert (shown.status_code, shown.url) == (302, "/form/7/")
    assert client.post("/form/7/press/").content == b"pressed 7"
    assert client.put("/form/7/press/").status_code == 405


def test_it_is_given_back_once_and_said(expired):
    answer = expired.get("/form/")
    assert answer.content != b"empty"
    assert shown(expired) is None


def test_secrets_are_never_held(expired):
    assert "password" not in shown(expired)


def test_another_page_does_not_get_it(expired):
    assert shown(expired, "/form/7/") is None
    assert shown(expired) is not None


def test_another_browser_does_not_get_it(expired, person):
    other = Client()
    other.force_login(person)
    assert shown(other) is None


def test_signing_out_forgets_it(expired, person):
    expired.logout()
    expired.force_login(person)
    assert shown(expired) is None


@pytest.mark.parametrize(
    ("later", "kept"), [(timedelta(minutes=59, seconds=59), True), (timedelta(hours=1), False)]
)
def test_it_waits_one_hour(person, later, kept):
    with time_machine.travel(NOON, tick=False) as clock:
        client = Client()
        client.post("/form/", TYPED)
        client.force_login(person)
        clock.shift(later)
        assert (shown(client) is not None) is kept


def test_it_rests_encrypted():
    client = Client()
    client.post("/form/", TYPED)
    assert "Lyon" not in str(dict(client.session.items()))


def test_an_endless_input_is_not_held():
    client = Client()
    client.post("/form/", {"story": "x" * 300_000})
    assert "held_input" not in client.session


def test_the_way_through_the_mailed_code_keeps_it(settings):
    from tests.portal.accounts.conftest import enter, newest_code

    client = Client(REMOTE_ADDR="10.9.8.7")
    there = client.post("/form/", TYPED).url
    client.post(there, {"email": "held-input@example.org"})
    back = enter(client, newest_code("held-input@example.org"), next="/form/")
    assert back.url == "/form/"
    assert shown(client)["story"] == TYPED["story"]


# --- An old tab after signing in again in a new one ---


@pytest.fixture
def old_tab(person):
    """A browser that signed in again after the form of this tab had been opened."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get("/sign-out/")  # sets the cookie, which no longer fits the token in the old tab
    return client


def send_from_old_tab(client, origin="http://testserver"):
    typed = {"story": TYPED["story"], "csrfmiddlewaretoken": "x" * 64}
    return client.post("/form/?step=2", typed, headers={"Origin": origin})


def test_what_an_old_tab_sends_is_kept_and_shown_again(old_tab):
    answer = send_from_old_tab(old_tab)
    assert answer.url == "/form/?step=2"
    assert shown(old_tab)["story"] == TYPED["story"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_what_another_site_sends_is_refused_and_not_kept(old_tab, origin):
    assert send_from_old_tab(old_tab, origin).status_code == 403
    assert shown(old_tab) is None


def test_a_page_that_keeps_no_input_explains_the_refusal(old_tab):
    answer = old_tab.post("/sign-out/", headers={"Origin": "http://testserver"})
    assert answer.status_code == 403


def test_a_signed_out_forger_is_refused():
    client = Client(enforce_csrf_checks=True)
    assert send_from_old_tab(client).status_code == 403
    assert "held_input" not in client.session
