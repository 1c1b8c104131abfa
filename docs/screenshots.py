"""Photograph pages of a running site: desktop and phone, in the languages asked for.

    .venv/bin/python docs/screenshots.py --out /tmp/shots / /how-it-works/
    .venv/bin/python docs/screenshots.py --languages fr,ar --sizes phone --out docs/screenshots /

The site is the one at --base (default http://localhost:8000). Needs Chromium; see `tests/browser.py`.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


def file_name(address: str) -> str:
    """Return such as "applications-passport" for /applications/passport/."""
    return re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") or "home"


def photograph(
    browser: Browser, base: str, address: str, language: str, size: str, out: Path, whole: bool
) -> Path:
    """Take one picture; returns where it was put."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
    context.add_cookies([{"name": "guichet_language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(base + address)
    path = out / f"{file_name(address)}-{language}-{size}.png"
    page.screenshot(path=path, full_page=whole)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        print(f"{path.name}: {overflow} px wider than the screen")
    context.close()
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://localhost:8000")
    parser.add_argument("--languages", default="fr,ar")
    parser.add_argument("--sizes", default="desktop,phone")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--fold", action="store_true", help="only what fits on the first screen")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for address in options.addresses:
            for language in options.languages.split(","):
                for size in options.sizes.split(","):
                    whole = not options.fold
                    print(photograph(browser, options.base, address, language, size, options.out, whole))
        browser.close()


if __name__ == "__main__":
    main()
