"""A real browser for the journeys: Debian's Chromium, driven by Playwright, watched for refusals.

A test that asks for `page` is skipped where there is no Chromium, except in CI, where it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# WCAG 2.2 AA and the practices behind it; nothing is switched off. What passed is not sent back:
# describing every part of a page that is right takes longer than looking for what is wrong.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
_IDS_GIVEN_TWICE = """() => [...document.querySelectorAll("[id]")].map(one => one.id)
    .filter((id, place, all) => all.indexOf(id) < place)"""
OpenPage = Callable[..., Page]
PATIENCE = 15_000  # milliseconds: as long as a busy machine may take for a page
expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Return the path of Chromium, or skip the test (fail in CI)."""
    named = os.environ.get("GUICHET_CHROMIUM", "")
    # The shell is the same browser without what draws windows: it opens pages with half the work.
    shell = "chromium-headless-shell"
    for candidate in (named, shell, "chromium", "chromium-browser", "google-chrome"):
        if candidate and (path := shutil.which(candidate)):
            return path
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs Chromium for the browser tests")
    pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    path = chromium()
    # Playwright keeps an event loop in this thread; Django would take it for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[OpenPage]:
    """Open pages of visitors who share nothing, and fail if the browser refused anything.

    `open_page(language="ar", javascript=False, size=PHONE)`; addresses are relative to the site.
    """
    opened: list[Page] = []

    def open_one(
        language: str = "fr", javascript: bool = True, size: dict[str, int] = DESKTOP
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=size,
            locale=language,
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies(
            [{"name": "guichet_language", "value": language, "url": live_server.url}]
        )
        page = context.new_page()
        page.refusals = []
        page.on("console", lambda message: _note(page, message))
        page.on("pageerror", lambda error: page.refusals.append(str(error)))
        opened.append(page)
        return page

    yield open_one
    refusals = [refusal for page in opened for refusal in page.refusals]
    for page in opened:
        with suppress(Exception):
            page.context.close()
    assert refusals == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The page of one visitor who reads French at a desk."""
    return open_page()


def follow(target: Locator, key: str = "") -> None:
    """Press a button or follow a link (with a key of the keyboard), and wait for what it leads to.

    Chromium leaves a page some moments after a press: who looks at once may see the old page.
    """
    with target.page.expect_navigation():
        if key:
            target.press(key)
        else:
            target.click()


def assert_fits(page: Page) -> None:
    """Fail where the page is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"


@pytest.fixture
def axe_clean() -> Callable[[Page], None]:
    """Give `axe_clean(page)`, which fails with what axe found on the page as it is now."""
    return assert_axe_clean


def assert_axe_clean(page: Page) -> None:
    """Fail if axe finds anything, or if the policy refused something until now."""
    assert page.refusals == []
    # axe asks no longer, but what leads to an id leads to the first of two.
    twice = page.evaluate(_IDS_GIVEN_TWICE)
    assert twice == [], f"{page.url} gives {twice} twice"
    found = Axe().run(page, options=RULES)
    page.refusals.clear()  # axe itself adds a style, which the policy refuses
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def _note(page: Page, message: ConsoleMessage) -> None:
    refused = "Content Security Policy" in message.text or "Content-Security-Policy" in message.text
    # The browser logs every answer of 400 and above as an error; those are the tests' own matter.
    if refused or (message.type == "error" and "Failed to load resource" not in message.text):
        page.refusals.append(message.text)
