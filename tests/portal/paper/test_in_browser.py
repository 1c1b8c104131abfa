"""The pages of papers in a real browser: four languages, a phone, the keyboard, no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.paper import kinds, seals
from tests.browser import PHONE, assert_fits, follow

RECEIPT = kinds.declare("test_receipt", "Test receipt")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_store"),
]


@pytest.fixture
def seal():
    return seals.issue_seal(
        kind=RECEIPT, subject_ref="x:1", facts={"x": 1}, reference="A-7K3M-92QX"
    )


@pytest.mark.parametrize("language", ["fr", "de", "ar", "en"])
def test_pages_are_accessible_and_fit_a_phone(open_page, axe_clean, seal, language):
    page = open_page(language=language, size=PHONE)
    unknown = "0000-0000-0000-0000-0000-0000-0000"
    for address in ("/papers/", f"/papers/{seal.code}/", f"/papers/{unknown}/"):
        page.goto(address)
        assert_fits(page)
        axe_clean(page)


def test_replaced_and_refused_are_accessible(open_page, axe_clean, seal):
    seals.issue_seal(kind=RECEIPT, subject_ref="x:1", facts={"x": 2})
    page = open_page(size=PHONE)
    page.goto(f"/papers/{seal.code}/")
    axe_clean(page)
    follow(page.locator("#id_reference"), "Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    axe_clean(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_code_and_reference_with_the_keyboard(open_page, seal, javascript):
    page = open_page(language="en", javascript=javascript)
    page.goto("/papers/")
    page.locator("#id_code").fill(seal.code.lower())
    follow(page.locator("#id_code"), "Enter")
    page.wait_for_url(f"**/papers/{seal.code}/")
    page.locator("#id_reference").fill("a7k3m92qx")
    follow(page.locator("#id_reference"), "Enter")
    page.get_by_text("The reference you entered belongs to it.").wait_for()
