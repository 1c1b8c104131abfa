"""The help centre: forty topics in four languages, found in spite of accents and errors."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.help.models import HelpPage
from portal.help.operations import load_help
from portal.help.search import find_pages
from portal.help.search_key import search_key

LANGUAGES = ("fr", "de", "ar", "en")
pytestmark = pytest.mark.django_db
# Two rooms that are still being built.
COMING = {"complaints:start"}


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_help()
        yield
        HelpPage.objects.all().delete()


def page(address: str, language: str = "en") -> str:
    client = Client()
    client.cookies["guichet_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def slugs(query: str, language: str) -> list[str]:
    return [found.slug for found in find_pages(query, language)]


def test_every_topic_exists_in_every_language(pages):
    numbers = {
        code: list(HelpPage.objects.filter(language=code).values_list("number", flat=True))
        for code, _name in settings.LANGUAGES
    }
    assert all(found == list(range(1, 41)) for found in numbers.values())


def test_loading_again_changes_nothing(pages):
    before = set(HelpPage.objects.values_list("pk", "title", "search_key"))
    load_help()
    assert set(HelpPage.objects.values_list("pk", "title", "search_key")) == before


def test_topic_whose_file_is_gone_goes(pages, tmp_path):
    (tmp_path / "topics.toml").write_text(
        '[[topic]]\nnumber = 1\nslug = "only"\ntool = ""\nrule = ""\nsource = "001"\n'
        "last_checked = 2026-11-22\ndated = false\n"
    )
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "01-only.md").write_text("Une seule\n\nVoilà.")
    assert load_help(folder=tmp_path) == 1
    assert list(HelpPage.objects.values_list("slug", "language")) == [("only", "fr")]


@pytest.mark.parametrize(
    ("query", "language", "slug"),
    [
        pytest.param("hébergement", "fr", "age-of-the-undertaking", id="fr-accents"),
        pytest.param("hebergement", "fr", "age-of-the-undertaking", id="fr-no-accents"),
        pytest.param("attestation hebergemnt", "fr", "hosts-undertaking", id="fr-other-name"),
        pytest.param("الاستئناف", "ar", "form-of-an-appeal", id="ar-other-name"),
        pytest.param("90 jours", "fr", "counting-days", id="fr-number"),
        pytest.param("traducton", "fr", "translations", id="fr-letter-missing"),
        pytest.param("Ubersetzung", "de", "translations", id="de-no-umlaut"),
        pytest.param("Übersetzugn", "de", "translations", id="de-letters-swapped"),
        pytest.param("Beschwerde", "de", "how-to-complain", id="de-word"),
        pytest.param("transltion", "en", "translations", id="en-letter-missing"),
        pytest.param("TRANSLATIONS", "en", "translations", id="en-capitals"),
        pytest.param("complaint", "en", "how-to-complain", id="en-other-form"),
        pytest.param("الترجمة", "ar", "translations", id="ar-article"),
        pytest.param("ترجمه", "ar", "translations", id="ar-ta-marbuta"),
        pytest.param("تَرْجَمَة", "ar", "translations", id="ar-marks"),
        pytest.param("شكوي", "ar", "how-to-complain", id="ar-alef-maqsura"),
    ],
)
def test_search_finds(pages, query, language, slug):
    assert slug in slugs(query, language)[:4]


def test_search_in_another_language_says_so(pages):
    text = page("/help/?q=الترجمة", "fr")
    assert 'lang="ar"' in text.split("<main")[1]


@pytest.mark.parametrize("query", ["", "   ", "zzzzqqq", "\x00", "%_'\"\\", "ا", "a" * 5000, "🙂"])
def test_strange_search_is_no_crash(pages, query):
    response = Client().get("/help/", {"q": query})
    assert response.status_code == 200


def test_search_shows_what_was_typed_unharmed(pages):
    assert "<script>alert" not in page("/help/?q=<script>alert(1)</script>")


def test_search_costs_one_question(pages, django_assert_num_queries):
    with django_assert_num_queries(1):
        page("/help/?q=visa+passeport+jours")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_speak(pages, language):
    assert f'<html lang="{language}"' in page("/help/", language)
    text = page("/help/counting-days/", language)
    assert "/tools/days/" in text
    assert "/rules/ST-01/" in text


def test_every_page_leads_to_an_address_that_exists(pages):
    tools = set(HelpPage.objects.exclude(tool="").values_list("tool", flat=True))
    missing = set()
    for tool in tools:
        try:
            reverse(tool)
        except NoReverseMatch:
            missing.add(tool)
    assert missing <= COMING


def test_unknown_topic_is_not_found(pages):
    assert Client().get("/help/nothing-like-this/").status_code == 404


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Élève", "eleve"),
        ("straße", "STRASSE"),
        ("إقامة", "اقامه"),
        ("التأشيرة", "تاشيره"),
        ("٩٠", "90"),
        ("cœur", "coeur"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    assert search_key(one) == search_key(other)
