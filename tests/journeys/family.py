"""A parent who prepares the files of a family, and the agent who takes them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.urls import resolve, reverse
from playwright.sync_api import Page

from applications.models import Application
from portal.accounts.demo import current_code
from tests.browser import PHONE, assert_fits, follow

from .traveller import SEND, Traveller

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Member:
    """One of the family, with the answers that are theirs alone."""

    relation: str
    family_name: str
    given_names: str
    birth_date: date
    passport: str
    category: str
    is_minor: bool = False

    @property
    def name(self) -> str:
        """What lists call them."""
        return f"{self.given_names} {self.family_name}"


def years_ago(years: int) -> date:
    """Return a birthday of somebody who is `years` old for some months yet."""
    return date.today() - timedelta(days=round(years * 365.25) + 100)


def family() -> tuple[Member, Member, Member, Member]:
    """Return two parents and two minors, one of them below the age for fingerprints."""
    return (
        Member("self", "Ben-Älî", "Karim", years_ago(41), "214365870", "employee"),
        Member("spouse", "بن علي", "أمينة", years_ago(38), "214365871", "self_employed"),
        Member("child", "Ben-Älî", "Lina", years_ago(14), "214365872", "student", is_minor=True),
        Member("child", "Ben-Älî", "Yanis", years_ago(5), "214365873", "minor", is_minor=True),
    )


# Pages that say nothing of a household: test_main_path has axe look at each, in French at a desk as
# here before the phone is taken.
ALIKE_FOR_ONE = {
    *("home", "account_request_login_code", "account_confirm_login_code"),
    *("applications:steppurpose", "applications:steptrip", "applications:steproute"),
    *("applications:stepoccupation", "applications:stepstay", "applications:stepearlier"),
    *("applications:stepinsurance", "applications:stepcontact"),
}


class Look:
    """Examines a page: never wider than the screen, and axe once for each kind."""

    def __init__(self, axe_clean: Callable[[Page], None]) -> None:
        self.axe_clean = axe_clean
        self.seen: set[str] = set(ALIKE_FOR_ONE)

    def __call__(self, page: Page) -> None:
        assert_fits(page)
        assert page.locator("h1").count() == 1, page.url
        match = resolve(urlsplit(page.url).path)
        kind = match.view_name + match.kwargs.get("slug", "")
        if kind not in self.seen:
            self.seen.add(kind)
            self.axe_clean(page)


class Parent(Traveller):
    """The holder of the account, who answers for everybody."""

    look: Look

    # --- the household ---

    def add_everybody(self, members: Iterable[Member]) -> None:
        self.press('main a[href$="/household/"]')
        for member in members:
            self.press('main a[href$="/household/add/"]')
            self._describe(member)
            self.press()
            assert self.page.locator("#error-summary").count() == 0, member

    def _describe(self, member: Member) -> None:
        self.page.check(f"input[name=relation][value={member.relation}]")
        self.page.fill("input[name=family_name]", member.family_name)
        self.page.fill("input[name=given_names]", member.given_names)
        self.type_date("birth_date", member.birth_date)
        self.page.select_option("select[name=nationality]", "DZ")
        if member.is_minor:
            self.page.locator("input[name=guardian]").first.check()
        self.page.fill("input[name=passport_number]", member.passport)
        self.type_date("passport_issued_on", date.today() - timedelta(300))
        self.type_date("passport_expires_on", date.today() + timedelta(1500))
        self.page.fill("input[name=blank_pages]", "8")

    # --- one file ---

    def begin(self, member: Member, mission: str) -> None:
        """Start from the card of the person in the household."""
        self.open(reverse("applications:household"))
        card = self.page.locator(".household-member").filter(
            has=self.page.get_by_role("heading", name=member.name)
        )
        follow(card.locator('a[href*="/start/"]'))
        self.look(self.page)
        self.page.get_by_label(mission, exact=True).check()
        self.page.check("input[name=visa_class][value=short_stay]")
        self.press()

    def answer_the_rest(self, member: Member) -> None:
        """Go on step by step until all answers can be checked, then submit them."""
        for _ in range(15):
            slug = self.page.url.rstrip("/").split("/")[-1]
            if slug == "check":
                break
            getattr(self, f"_answer_{slug}", lambda member: None)(member)
            self.press()
        assert self.page.url.endswith("/check/")
        assert member.family_name in self.page.inner_text("main")
        self.submit()

    def _answer_purpose(self, member: Member) -> None:
        self.page.check("input[name=purpose][value=tourism]")

    def _answer_trip(self, member: Member) -> None:
        self.type_date("arrives_on", date.today() + timedelta(60))
        self.type_date("departs_on", date.today() + timedelta(70))

    def _answer_traveller(self, member: Member) -> None:
        assert self.page.input_value("input[name=given_names]") == member.given_names

    def _answer_passport(self, member: Member) -> None:
        assert self.page.input_value("input[name=passport_number]") == member.passport

    def _answer_guardian(self, member: Member) -> None:
        assert self.page.locator("input[name=guardian]:checked").count() == 1
        self.page.locator("input[name=consent]").first.check()

    def _answer_occupation(self, member: Member) -> None:
        self.page.check(f"input[name=category][value={member.category}]")

    def _answer_stay(self, member: Member) -> None:
        self.page.check("input[name=lodging][value=hotel]")
        self.page.check("input[name=own_means][value=proven]")

    def _answer_earlier(self, member: Member) -> None:
        self.page.check("input[name=earlier_visa][value=first_application]")
        self.page.check("input[name=entries][value=single]")

    # --- on the way ---

    def take_the_phone(self, language: str) -> None:
        """Go on in another language, on a small screen."""
        self.page.set_viewport_size(PHONE)
        self.press(f".languages button[value={language}]")
        assert self.page.get_attribute("html", "lang") == language

    def open_file(self, application: Application) -> None:
        self.open(reverse("applications:detail", args=[application.pk]))

    def send(self, application: Application, kind: str, name: str, content: bytes, **days) -> None:
        """Send a file for one paper, and what the paper says of itself."""
        self.open_paper(application, kind)
        self.page.set_input_files("input[type=file]", {
            "name": name, "mimeType": "application/octet-stream", "buffer": content,
        })  # fmt: skip
        for field, value in days.items():
            if isinstance(value, date):
                self.type_date(field, value)
            else:
                self.page.fill(f"input[name={field}]", str(value))
        self.press(SEND)
        assert self.page.locator("#error-summary").count() == 0, kind

    def bring(self, application: Application, kind: str) -> None:
        """Say that a paper is there and comes along."""
        self.open_paper(application, kind)
        self.press('form[action$="/bring/"] [type=submit]')

    def open_paper(self, application: Application, kind: str) -> None:
        """Find a paper in the list; what can be chosen is folded."""
        self.open(reverse("applications:papers", args=[application.pk]))
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        self.press(f'main a[href$="/papers/{kind}/"]')

    def book_together(self, first: Application, others: Iterable[Application]) -> None:
        """Choose a time with room for all, side by side."""
        self.open(reverse("applications:detail", args=[first.pk]))
        self.press('main a[href$="/choose/"]')
        for other in others:
            self.page.check(f'input[name=with][value="{other.pk}"]')
        self.press(".who-comes [type=submit]")
        self.press("a.free-time--link")
        self.press("main form [type=submit]")


class Agent:
    """Somebody at the centre, who signs in with a second factor and works on files."""

    def __init__(self, page: Page, axe_clean: Callable[[Page], None]) -> None:
        self.page, self.axe_clean = page, axe_clean

    def press(self, selector: str) -> None:
        follow(self.page.locator(selector).first)

    def sign_in(self, email: str) -> None:
        self.page.goto(reverse("account_login"))
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("main form [type=submit]")
        assert "/admin/" not in self.page.url
        self.page.fill("input[name=code]", current_code())
        self.press("main form [type=submit]")
        self.page.wait_for_url("**/admin/")

    def open(self, application: Application) -> None:
        self.page.goto(reverse("admin:applications_application_change", args=[application.pk]))

    def find(self, application: Application) -> None:
        """Look for a file as one does with a person at the desk: by the passport."""
        address = reverse("admin:applications_application_changelist")
        self.page.goto(f"{address}?q={application.passport_number}")
        assert self.page.locator("#result_list tbody tr").count() == 1
        self.press("#result_list tbody th a")

    def look(self) -> None:
        """Examine the page of a file with everything open; the frame is the admin's own."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert_fits(self.page)
        self.page.evaluate(
            "document.querySelectorAll('#header, #nav-sidebar').forEach(one => one.remove())"
        )
        self.axe_clean(self.page)

    def read(self, place: str) -> bytes:
        """Open the first file of a paper; return what is shown."""
        address = self.page.get_attribute(f"#{place} .case-files a", "href")
        answer = self.page.context.request.get(str(address))
        assert answer.ok
        return answer.body()

    def accept(self, place: str) -> None:
        self.press(f"#{place} form:has(input[name=acceptable][value=yes]) button")

    def refuse(self, place: str, reason: str) -> None:
        self.page.click(f"#{place} summary")
        self.page.fill(f"#{place}-reason", reason)
        self.press(f"#{place} form:has(input[name=acceptable][value=no]) button")

    def take_in(self) -> None:
        """Go from the file to its appointment, and note that the file was handed in."""
        self.press(".case-note a")
        self.press("#result_list tbody th a")
        self.step("serve")

    def step(self, name: str) -> None:
        self.press(f'a[href$="/step/{name}/"]')
        self.press(".submit-row input[type=submit]")

    def write(self, text: str) -> None:
        self.page.fill("#desk-message textarea", text)
        self.press("#desk-message button")

    def ask_for(self, kind: str, text: str, due_on: date) -> None:
        self.page.click("#desk-ask > summary")
        self.page.check(f"#desk-ask input[value={kind}]")
        self.page.fill("#desk-ask textarea", text)
        self._date("ask", "due_on", due_on)
        self.press("#desk-ask button")

    def grant(self, decided_on: date, first: date, last: date) -> None:
        self._decide("granted", decided_on)
        self._date("decide", "visa_from", first)
        self._date("decide", "visa_until", last)
        self.press("#desk-decide button")

    def turn_down(self, decided_on: date, notified_on: date, reason: str) -> None:
        self._decide("refused", decided_on)
        self._date("decide", "notified_on", notified_on)
        self.page.fill("#decide-reason", reason)
        self.press("#desk-decide button")

    def _decide(self, outcome: str, decided_on: date) -> None:
        self.page.click("#desk-decide > summary")
        self.page.check(f"#desk-decide input[value={outcome}]")
        self._date("decide", "decided_on", decided_on)

    def _date(self, form: str, name: str, day: date) -> None:
        for part in ("day", "month", "year"):
            self.page.fill(f"#desk-{form} input[name={name}_{part}]", str(getattr(day, part)))
