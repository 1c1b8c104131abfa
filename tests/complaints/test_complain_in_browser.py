"""Complaining in a browser: in French at a desk, in Arabic on a phone, and without scripts."""

from __future__ import annotations

import pytest

from complaints.models import Case
from tests import factories
from tests.browser import DESKTOP, PHONE, assert_fits, follow
from tests.complaints.told import BOTH, ENGLISH, FRENCH, GERMAN, taking_mission

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def mission(transactional_db):
    mission = taking_mission()
    factories.CentreFactory(mission=mission, code="de-algiers-desk")
    return mission


@pytest.fixture
def looked_at(axe_clean):
    """Give a function that holds the open page to axe and to the width of the screen."""

    def look(page):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert_fits(page)
        axe_clean(page)

    return look


def go_on(page):
    follow(page.locator("form.page-form .actions [type=submit]"))


def up_to_text(page, *subjects):
    page.goto("/complaints/")
    follow(page.locator("main a[href='/complaints/complain/']"))
    page.check("input[name=mission][value=de-algiers]")
    page.check("input[name=stay][value=short_stay]")
    go_on(page)
    for subject in subjects:
        page.check(f"input[name=subjects][value={subject}]")
    go_on(page)


def write(page, text, written_in):
    page.fill("textarea[name=text]", text)
    page.check(f"input[name=written_in][value={written_in}]")
    go_on(page)


def send(page):
    page.fill("input[name=name]", "Amina Benali")
    page.fill("input[name=email]", "amina@example.org")
    go_on(page)
    page.wait_for_url("**/complaints/sent/")


@pytest.mark.parametrize(("language", "size"), [("fr", DESKTOP), ("ar", PHONE)])
def test_everybody_can_use_every_page(mission, open_page, looked_at, language, size):
    page = open_page(language=language, size=size)
    page.goto("/complaints/")
    looked_at(page)
    page.goto("/complaints/decision/")
    page.check("input[name=matter][value=refusal]")
    page.check("input[name=mission][value=de-algiers]")
    page.check("input[name=visa][value=short_stay]")
    go_on(page)
    looked_at(page)
    for part, value in (("day", "2"), ("month", "11"), ("year", "2026")):
        page.fill(f"input[name=notified_{part}]", value)
    go_on(page)
    looked_at(page)
    page.goto("/complaints/waiting/")
    looked_at(page)

    page.goto("/complaints/complain/")
    looked_at(page)
    up_to_text(page)
    looked_at(page)
    page.check("input[name=subjects][value=provider]")
    page.check("input[name=subjects][value=staff]")
    go_on(page)
    looked_at(page)
    write(page, ENGLISH, "fr")
    looked_at(page)
    page.goto("/complaints/complain/text/")
    write(page, BOTH, "fr")
    for part, value in (("day", "2"), ("month", "11"), ("year", "2026")):
        page.fill(f"input[name=notified_{part}]", value)
    follow(page.locator("button[name=choice][value=deadline]"))
    looked_at(page)
    follow(page.locator("button[name=choice][value=both]"))
    go_on(page)
    looked_at(page)
    send(page)
    looked_at(page)
    assert Case.objects.count() == 2


def test_german_without_javascript(mission, open_page):
    page = open_page(language="de", javascript=False, size=PHONE)
    up_to_text(page, "procedure")
    write(page, GERMAN, "de")
    send(page)
    case = Case.objects.get()
    assert (case.category, case.language, case.state) == ("procedure", "de", "received")


def test_english_is_explained_and_corrected(mission, open_page):
    page = open_page(language="en")
    up_to_text(page, "provider")
    write(page, ENGLISH, "fr")
    page.wait_for_url("**/complain/language/")
    assert page.locator("section.in-language").count() == 4
    follow(page.locator(".language-choices a"))
    assert page.input_value("textarea[name=text]") == ENGLISH
    write(page, FRENCH, "fr")
    send(page)
    assert Case.objects.get().text == FRENCH


def test_another_language_keeps_what_is_not_sent_yet(mission, open_page):
    page = open_page(language="fr")
    up_to_text(page, "provider")
    page.fill("textarea[name=text]", GERMAN)
    page.check("input[name=written_in][value=de]")
    follow(page.locator(".languages button[value=ar]"))
    page.wait_for_selector("html[lang=ar]")
    assert page.input_value("textarea[name=text]") == GERMAN
    assert page.is_checked("input[name=written_in][value=de]")
