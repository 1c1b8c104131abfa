"""A traveller at a browser, who walks the main path page by page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.browser import follow

SEND = "main form.page-form .btn-primary[type=submit]"


class Traveller:
    """Goes from the home page to a booked appointment.

    `code_for` waits for the mailed code of an address; `look` examines every page on the way.
    """

    family_name, given_names = "Ben-Älî d'Al Qays", "Amélie"

    def __init__(
        self, page: Page, code_for: Callable[[str], str], look: Callable[[Page], None]
    ) -> None:
        self.page, self.code_for, self.look = page, code_for, look

    # --- What one does with a page ---

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look(self.page)

    def press(self, selector: str = SEND) -> None:
        """Press a button or follow a link, and look at the page it leads to."""
        follow(self.page.locator(selector).first)
        self.look(self.page)

    def type_date(self, name: str, day: date) -> None:
        for part in ("day", "month", "year"):
            self.page.fill(f"input[name={name}_{part}]", str(getattr(day, part)))

    # --- The path ---

    def sign_in(self, email: str) -> None:
        self.open("/")
        self.press('main a[href$="/applications/"]')
        self.page.fill("input[name=email]", email)
        self.press("main form [type=submit]")
        self.page.fill("input[name=code]", self.code_for(email))
        self.press("main button[value=verify]")

    def fill_in(self, mission: str, passport_number: str = "214365870") -> None:
        self.press('main a[href$="/start/"]')
        self.press()  # nothing chosen: the page comes back with its errors
        assert self.page.locator("#error-summary a").count() == 3
        self.page.locator("input[name=person]").first.check()  # myself
        self.page.get_by_label(mission, exact=True).check()
        self.page.check("input[name=visa_class][value=short_stay]")
        self.press()
        self.page.check("input[name=purpose][value=tourism]")
        self.press()
        self.type_date("arrives_on", date.today() + timedelta(60))
        self.type_date("departs_on", date.today() + timedelta(70))
        self.press()
        self.press()  # one country only: the page of countries stays empty
        self.page.fill("input[name=family_name]", self.family_name)
        self.page.fill("input[name=given_names]", self.given_names)
        self.type_date("birth_date", date(1990, 4, 3))
        self.page.select_option("select[name=nationality]", "DZ")
        self.press()
        self.page.fill("input[name=passport_number]", passport_number)
        self.type_date("passport_issued_on", date.today() - timedelta(700))
        self.type_date("passport_expires_on", date.today() + timedelta(2000))
        self.page.fill("input[name=blank_pages]", "1")
        self.press()
        self.tell_circumstances()

    def tell_circumstances(self) -> None:
        """Occupation, stay and means, earlier visas; insurance and contact are left for later."""
        self.page.check("input[name=category][value=employee]")
        self.press()
        self.page.check("input[name=lodging][value=hotel]")
        self.page.check("input[name=own_means][value=proven]")
        self.press()
        self.page.check("input[name=earlier_visa][value=first_application]")
        self.page.check("input[name=entries][value=single]")
        self.press()
        self.press()
        self.press()

    def mend_the_passport(self) -> None:
        """The verdict names the rule; its answer is changed from the list of answers."""
        assert "PA-01" in self.page.inner_text("main")
        self.press('main dl a[href*="/passport/"]')
        self.page.fill("input[name=blank_pages]", "8")
        self.press()
        assert "PA-01" not in self.page.inner_text("main")

    def submit(self) -> None:
        self.page.check("input[name=commitments]")
        self.page.check("input[name=data_protection]")
        self.press()

    def book(self) -> int:
        """Book the third free time; return the number of its slot."""
        self.press('main a[href$="/choose/"]')
        follow(self.page.locator("a.free-time--link").nth(2))
        self.look(self.page)
        found = re.search(r"/choose/(\d+)/", self.page.url)
        assert found
        self.press("main form [type=submit]")
        return int(found[1])

    def cancel(self) -> None:
        self.press('main a[href$="/cancel/"]')
        self.press("main form [type=submit]")
