"""Make the four pictures of the README from a site that `make run` has just filled.

    .venv/bin/python docs/pictures.py            (default http://localhost:8000)
    .venv/bin/python docs/pictures.py --base http://localhost:8100

Signs in as the demonstration's people, reading the code in the browsable outbox.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OUT = Path(__file__).parent / "screenshots"
APPLICANT = "amina@example.org"
AGENT = "agent@guichet.example"
PASSWORD = "guichet-demo-2026"
DESKTOP, PHONE = (1180, 820), (360, 740)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://localhost:8000")
    base = parser.parse_args().base
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        home = opened(browser, base, "fr", DESKTOP)
        home.goto(base + "/")
        keep(home, "home-fr")
        verdict(opened(browser, base, "fr", DESKTOP), base)
        choose(opened(browser, base, "ar", PHONE), base)
        admin(opened(browser, base, "fr", DESKTOP), base)
        browser.close()


def opened(browser: Browser, base: str, language: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
    context.add_cookies([{"name": "guichet_language", "value": language, "url": base}])
    return context.new_page()


def keep(page: Page, name: str) -> None:
    page.screenshot(path=OUT / f"{name}.png")
    print(OUT / f"{name}.png")


def verdict(page: Page, base: str) -> None:
    """Ask the passport tool about a passport that ends too early and has one page left."""
    page.goto(base + "/tools/passport/")
    year = time.localtime().tm_year
    for name, day in {
        "filing_date": (15, 1, year + 1),
        "issue_date": (1, 2, year - 3),
        "expiry_date": (1, 6, year + 1),
        "departure_date": (30, 3, year + 1),
    }.items():
        for part, value in zip(("day", "month", "year"), day, strict=True):
            field = page.locator(f"input[name={name}_{part}]")
            if field.count():
                field.fill(str(value))
    page.select_option("select[name=mission]", index=2)
    page.check("input[name=visa_class][value=short_stay]")
    page.fill("input[name=blank_pages]", "1")
    send(page)
    page.locator(".verdict").scroll_into_view_if_needed()
    keep(page, "verdict-fr")


def choose(page: Page, base: str) -> None:
    """Show the free times to an applicant on a phone."""
    sign_in(page, base, APPLICANT)
    page.goto(base + "/appointments/")
    link = page.locator("a[href*='/choose/']").first.get_attribute("href")
    page.goto(base + str(link))
    page.locator(".free-day").first.scroll_into_view_if_needed()
    keep(page, "choose-ar")


def admin(page: Page, base: str) -> None:
    """Show a file to an agent."""
    page.goto(base + "/admin/")
    page.locator("input[type=email]").fill(AGENT)
    page.locator("input[type=password]").fill(PASSWORD)
    send(page)
    code = subprocess.run(
        [sys.executable, "manage.py", "demo_code"], capture_output=True, text=True, check=True
    ).stdout
    page.locator("input[name=code]").fill(re.search(r"\d{6}", code)[0])
    send(page)
    page.goto(base + "/admin/applications/application/")
    file = page.locator("#result_list tbody th a").first.get_attribute("href")
    page.goto(base + str(file))
    keep(page, "admin-fr")


def send(page: Page) -> None:
    """Send the form of the page and wait for the answer."""
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()


def sign_in(page: Page, base: str, address: str) -> None:
    page.goto(base + "/sign-in/")
    page.locator("input[type=email]").fill(address)
    send(page)
    page.locator("input[name=code]").fill(mailed_code(page, base, address))
    send(page)


def mailed_code(page: Page, base: str, address: str) -> str:
    """Wait for the newest message to `address` that holds a code."""
    for _ in range(60):
        reader = page.context.new_page()
        reader.goto(base + "/dev/mail/")
        links = reader.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
        messages = [link for link in links if re.match(r"/dev/mail/.+", link or "")]
        if messages:
            reader.goto(base + messages[0])
            text = reader.inner_text("body")
            code = re.search(r"\b\d{6}\b", text)
            if code and address in text:
                reader.close()
                return code[0]
        reader.close()
        time.sleep(0.5)
    raise SystemExit("no code arrived: is the worker running?")


if __name__ == "__main__":
    main()
