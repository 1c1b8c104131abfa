"""Both doors in a real browser: the policy refuses nothing, axe finds nothing."""

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.demo import current_code
from tests.browser import PHONE, assert_fits, follow

from .conftest import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give_password(page: Page, user) -> None:
    page.goto("/staff/sign-in/?next=/staff/second-factor/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill("a long enough password")
    follow(page.get_by_role("button", name="Continue"))


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_an_applicant_comes_in_by_code_on_a_phone(open_page, axe_clean, address, language):
    page = open_page(language=language, size=PHONE, javascript=True)
    page.goto("/sign-in/?next=/how-it-works/")
    axe_clean(page)
    page.locator("input[type=email]").fill(address)
    follow(page.locator("main form button").first)
    page.locator("input[autocomplete=one-time-code]").fill("no code")
    axe_clean(page)
    follow(page.locator("main form button").first)
    axe_clean(page)
    assert_fits(page)
    page.locator("input[autocomplete=one-time-code]").fill(newest_code(address))
    follow(page.locator("main form button").first)
    page.wait_for_url("**/how-it-works/")


def test_the_way_in_needs_no_javascript(open_page, address):
    page = open_page(javascript=False)
    page.goto("/sign-in/?next=/how-it-works/")
    page.locator("input[type=email]").fill(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/**")
    page.locator("input[autocomplete=one-time-code]").fill(newest_code(address))
    page.keyboard.press("Enter")
    page.wait_for_url("**/how-it-works/")


def test_staff_set_up_an_app_and_see_recovery_codes(open_page, axe_clean, make_staff):
    page = open_page(language="en")
    give_password(page, make_staff(second_factor=False))
    axe_clean(page)
    page.goto("/admin/")
    axe_clean(page)
    follow(page.get_by_role("link", name="Set up your second factor"))
    axe_clean(page)
    picture = page.locator("main img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    secret = page.locator("main strong").inner_text().strip()
    page.get_by_label("Code that the app shows now").fill(current_code(secret))
    follow(page.get_by_role("button", name="Finish"))
    expect(page.locator("main code")).to_have_count(10)
    axe_clean(page)


def test_a_security_key_is_added_and_opens_the_door(open_page, axe_clean, make_staff):
    """Chromium's own virtual key: the ceremony runs under the strict policy."""
    user = make_staff(second_factor=False)
    page = open_page(language="en")
    add_virtual_key(page)
    give_password(page, user)
    page.goto("/staff/second-factor/keys/add/")
    axe_clean(page)
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies(name="sessionid")
    give_password(page, user)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url("**/staff/second-factor/")
    axe_clean(page)
    page.goto("/staff/second-factor/keys/")
    axe_clean(page)


def add_virtual_key(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": False,
                "hasUserVerification": False,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_staff_enter_the_code_of_their_app_in_the_browser(open_page, axe_clean, make_staff):
    page = open_page(language="en")
    give_password(page, make_staff())
    axe_clean(page)
    page.get_by_label("Code from your app").fill(current_code())
    follow(page.get_by_role("button", name="Sign in"))
    page.wait_for_url("**/staff/second-factor/")
    axe_clean(page)
