"""Photograph pages of a running site: desktop and phone, in the languages asked for.

    .venv/bin/python docs/screenshots.py --out /tmp/shots / /how-it-works/
    .venv/bin/python docs/screenshots.py --languages ar --sizes phone --fold /
    .venv/bin/python docs/screenshots.py --sign-in amina@example.org /applications/

The site is the one that `make run` started; --base names another. Needs Chromium. Pictures lie
in docs/screenshots/ unless --out names another folder.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


def file_name(address: str) -> str:
    """Return such as "applications-passport" for /applications/passport/."""
    return re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "home"


def visitor(browser: Browser, base: str, language: str, size: str) -> BrowserContext:
    """Return a visitor who shares nothing with the others."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, locale=language
    )
    context.add_cookies([{"name": "guichet_language", "value": language, "url": base}])
    return context


def sign_in(context: BrowserContext, email: str) -> None:
    """Sign in with the code that the outbox of `make run` shows."""
    page, mail = context.new_page(), context.new_page()
    page.goto("/sign-in/")
    page.fill("input[name=email]", email)
    page.click("main button[type=submit]")
    for _ in range(10):  # the worker sends the code within a second or two
        time.sleep(1)
        mail.goto("/dev/mail/")
        page.fill("main input[name=code]", mail.locator("main p strong").first.inner_text())
        page.click("main button[type=submit] >> nth=0")
        if not page.url.endswith("/sign-in/code/"):
            return
    raise SystemExit(f"no code for {email} opened the door")


def photograph(page: Page, address: str, path: Path, whole: bool) -> None:
    """Take one picture, and say so if the page is wider than the screen."""
    page.goto(address)
    page.screenshot(path=path, full_page=whole)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    print(path, f"{overflow} px wider than the screen" if overflow > 0 else "")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Photograph pages of a running site.")
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://localhost:8000")
    parser.add_argument("--languages", default="fr,ar")
    parser.add_argument("--sizes", default="desktop,phone")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--fold", action="store_true", help="only what fits on the first screen")
    parser.add_argument("--sign-in", default="", metavar="EMAIL")
    return parser.parse_args()


def main() -> None:
    """Walk through languages, sizes and addresses."""
    wanted = arguments()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in wanted.languages.split(","):
            for size in wanted.sizes.split(","):
                context = visitor(browser, wanted.base, language, size)
                if wanted.sign_in:
                    sign_in(context, wanted.sign_in)
                page = context.new_page()
                for address in wanted.addresses:
                    path = wanted.out / f"{file_name(address)}-{language}-{size}.png"
                    photograph(page, address, path, whole=not wanted.fold)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
