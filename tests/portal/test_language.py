import pytest
from django.test import Client

from portal.accounts.models import User

COOKIE = "guichet_language"


def choose(client, language, next_page="/how-it-works/"):
    return client.post("/language/", {"language": language, "next": next_page})


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_a_choice_leads_back_to_the_page_in_that_language(client, language):
    response = choose(client, language)
    assert response.headers["Location"] == "/how-it-works/"
    assert f'<html lang="{language}"' in client.get("/how-it-works/").content.decode()


def test_the_cookie_is_out_of_reach_of_scripts_and_lasts(client):
    cookie = choose(client, "ar").cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 30_000_000


@pytest.mark.parametrize("language", ["", "xx", "fr-FR\x00", "../en", "a" * 9000])
def test_an_unknown_language_changes_nothing(client, language):
    response = choose(client, language)
    assert response.status_code == 302
    assert COOKIE not in response.cookies


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "",
        "\x00",
    ],
)
def test_nobody_is_led_to_another_site(client, target):
    assert choose(client, "de", target).headers["Location"] == "/"


def test_the_choice_is_kept_with_the_account(client, db):
    person = User.objects.create_user("amina@example.org", language="fr")
    client.force_login(person)
    choose(client, "ar")
    person.refresh_from_db()
    assert person.language == "ar"


def test_reading_never_changes_the_language(client):
    assert client.get("/language/?language=ar").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "hidden origin", "fetch metadata"],
)
def test_another_site_cannot_change_the_language(headers):
    response = Client(headers=headers).post("/language/", {"language": "ar", "next": "/"})
    assert COOKIE not in response.cookies
