import re

import pytest
from django.urls import include, path
from playwright.sync_api import expect

from portal.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.browser import DESKTOP, PHONE, assert_fits, follow

__all__ = ["handler400", "handler403", "handler404", "handler500"]
urlpatterns = [path("gallery/", include("portal.gallery")), *urlpatterns]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize(
    ("address", "language"),
    [
        *(("/", language) for language in ("fr", "ar", "de", "en")),
        ("/how-it-works/", "ar"),
        ("/gallery/", "ar"),
        ("/gallery/?errors=1", "de"),
    ],
)
def test_pages_are_accessible_and_fit_a_narrow_phone(open_page, axe_clean, address, language):
    page = open_page(language=language, size={"width": 320, "height": 640})
    page.goto(address)
    assert_fits(page)
    axe_clean(page)


@pytest.mark.parametrize("address", ["/", "/gallery/", "/nowhere/"])
def test_pages_are_accessible_on_a_desk(open_page, axe_clean, address):
    page = open_page(size=DESKTOP)
    page.goto(address)
    axe_clean(page)


def test_everything_to_tap_is_large_enough_for_a_thumb(open_page):
    page = open_page(size=PHONE)
    page.goto("/gallery/")
    small = page.evaluate(
        """[...document.querySelectorAll("button, input:not([type=hidden]), select, summary, .btn")]
        .map(e => [e.outerHTML.slice(0, 80),
                   (e.closest(".form-check") || e).getBoundingClientRect().height])
        .filter(([_, height]) => height < 43.5)"""
    )
    assert small == []


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_the_language_is_switched_with_the_keyboard(open_page, javascript):
    page = open_page(javascript=javascript)
    page.goto("/how-it-works/")
    follow(page.get_by_role("button", name="العربية"), "Enter")
    page.wait_for_url(re.compile("/how-it-works/$"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    arabic = page.get_by_role("button", name="العربية")
    expect(arabic).to_have_attribute("aria-current", "true")


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_refused_form_begins_at_its_errors_and_leads_to_the_field(open_page):
    page = open_page(language="en")
    page.goto("/gallery/?errors=1")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Date of birth").first.click()
    expect(page.locator("#id_born_0")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_what_has_the_focus_is_seen(open_page):
    page = open_page(size=PHONE)
    page.goto("/gallery/")
    for target in ("#id_name", "#id_purpose_0", "main a.btn", ".languages button"):
        element = page.locator(target).first
        page.keyboard.press("Tab")  # the next focus then counts as one from the keyboard
        element.focus()
        style = element.evaluate("e => [getComputedStyle(e).outlineStyle, e.offsetHeight]")
        assert style[0] == "solid", target


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_paper_carries_the_content_and_not_the_controls(open_page, language):
    page = open_page(language=language)
    page.goto("/gallery/")
    page.emulate_media(media="print")
    expect(page.locator(".languages")).to_be_hidden()
    expect(page.locator(".actions").first).to_be_hidden()
    expect(page.locator(".summary-list")).to_be_visible()
