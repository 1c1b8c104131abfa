import re

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from portal.accounts.models import User

LANGUAGES = {"fr": "ltr", "ar": "rtl", "de": "ltr", "en": "ltr"}


def home(language):
    client = Client()
    client.cookies["guichet_language"] = language
    return client.get("/")


def assets(html):
    """Return the addresses that a browser fetches for this page by itself."""
    linked = re.findall(r'<link [^>]*rel="(?:stylesheet|icon|preload|manifest)"[^>]*>', html)
    addresses = [re.search(r'href="([^"]+)"', tag)[1] for tag in linked]
    return addresses + re.findall(r'<(?:script|img|iframe|source)[^>]* src="([^"]+)"', html)


def compressed_size(address):
    path = finders.find(address.removeprefix("/static/"))
    with open(path, "rb") as file:
        return len(brotli.compress(file.read()))


@pytest.mark.parametrize(("language", "direction"), LANGUAGES.items())
def test_home_speaks_the_chosen_language_in_its_direction(language, direction):
    html = home(language).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert ("bootstrap.rtl.min.css" in html) == (direction == "rtl")


@pytest.mark.parametrize(
    ("asked", "language"),
    [("de-AT,de;q=0.9", "de"), ("ar-DZ", "ar"), ("es", "fr"), ("", "fr"), ("en-US", "en")],
)
def test_a_first_visit_takes_the_language_of_the_browser_or_french(asked, language):
    response = Client().get("/", headers={"accept-language": asked} if asked else {})
    assert f'<html lang="{language}"' in response.content.decode()


def test_home_asks_the_database_nothing_of_a_stranger(django_assert_num_queries, db):
    home("fr")
    with django_assert_num_queries(0):
        home("fr")


def test_home_asks_little_for_somebody_signed_in(django_assert_max_num_queries, client, db):
    client.force_login(User.objects.create_user("amina@example.org"))
    client.get("/")
    with django_assert_max_num_queries(2):
        assert "/sign-out/" in client.get("/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_is_at_most_five_requests_and_sixty_kilobytes(language):
    response = home(language)
    addresses = assets(response.content.decode())
    assert all(address.startswith("/static/") for address in addresses)
    assert 1 + len(addresses) <= 5
    weight = len(response.content) + sum(map(compressed_size, addresses))
    assert weight <= 60_000


def test_home_starts_from_the_need_and_leads_to_every_tool():
    html = home("en").content.decode()
    assert html.count("<h1>") == 1
    for address in ("/applications/", "/appointments/"):
        assert f'href="{address}"' in html


def test_home_says_in_all_languages_that_booking_is_free():
    html = home("fr").content.decode()
    assert "kostenlos" in html
    assert "مجاني" in html
    assert "Booking an appointment is free" in html


def test_home_names_the_one_address_to_book_at(settings):
    settings.BASE_URL = "https://visa.example.dz"
    assert '<bdi dir="ltr">visa.example.dz</bdi>' in home("ar").content.decode()


def test_home_carries_no_inline_script_or_style():
    html = home("ar").content.decode()
    assert not re.search(r"<style|style=|<script(?![^>]* src=)| on[a-z]+=", html)


def test_home_keeps_a_strict_policy():
    policy = home("fr").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_how_it_works_answers(client):
    assert client.get("/how-it-works/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/how-it-works/"])
def test_pages_that_only_show_refuse_to_be_sent_to(client, address):
    assert client.post(address).status_code == 405
