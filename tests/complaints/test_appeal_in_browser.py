"""An appeal in a browser: handed in on a phone without scripts, registered on paper at a desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from complaints.models import Appeal
from complaints.operations.mails import take_mail
from portal.audit.models import Access
from tests.actors import signed_in
from tests.browser import DESKTOP, PHONE, assert_fits, follow
from tests.complaints.conftest import PERSON, assigned, officer
from tests.complaints.test_mailbox import NOW, mail
from tests.portal.uploads.conftest import folder  # noqa: F401  # files lie in a folder of the test
from tests.portal.uploads.papers import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_store")]
PAPER = {"name": "recours.pdf", "mimeType": "application/pdf", "buffer": pdf()}


@pytest.fixture
def looked_at(axe_clean):
    """Give a function that holds the open page to axe and to the width of the screen."""

    def look(page, name, axe=True):
        if os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(os.environ["SHOTS"]) / f"{name}.png"), full_page=True)
        assert_fits(page)
        if axe:
            axe_clean(page)

    return look


def fill_day(page, name, day, month, year):
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.fill(f"input[name={name}_{part}]", str(value))


@pytest.mark.parametrize(("language", "script"), [("ar", False), ("fr", True)])
def test_a_signed_letter_is_handed_in_on_a_phone(mission, open_page, looked_at, language, script):
    page = open_page(language=language, javascript=script, size=PHONE)
    page.goto("/complaints/appeal/")
    looked_at(page, f"{language}-1-what", axe=script)
    page.check("input[name=matter][value=annulment]")
    page.check("input[name=mission][value=de-algiers]")
    page.check("input[name=visa][value=short_stay]")
    fill_day(page, "notified", 2, 11, 2026)
    follow(page.locator("form.page-form [type=submit]"))
    looked_at(page, f"{language}-2-letter", axe=script)
    page.fill("textarea[name=words]", "Je conteste cette décision.")
    page.fill("input[name=name]", PERSON.name)
    follow(page.locator("form.page-form [type=submit]").first)
    looked_at(page, f"{language}-3-errors", axe=script)
    assert page.input_value("textarea[name=words]") == "Je conteste cette décision."
    page.fill("textarea[name=postal_address]", PERSON.postal_address)
    page.set_input_files("input[name=letter]", PAPER)
    page.check("input[name=signed]")
    follow(page.locator("form.page-form [type=submit]").first)
    appeal = Appeal.objects.get()
    expect(page.get_by_text(str(appeal)).first).to_be_visible()
    looked_at(page, f"{language}-4-sent", axe=script)


def test_the_right_door_is_shown_on_a_phone(mission, open_page, looked_at):
    page = open_page(language="fr", size=PHONE)
    page.goto("/complaints/appeal/")
    page.check("input[name=matter][value=refusal]")
    page.check("input[name=mission][value=de-algiers]")
    page.check("input[name=visa][value=short_stay]")
    fill_day(page, "notified", 2, 11, 2026)
    follow(page.locator("form.page-form [type=submit]"))
    assert page.locator("input[type=file]").count() == 0
    looked_at(page, "fr-5-elsewhere")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_letter_is_registered_at_a_desk(mission, open_page, looked_at, live_server, size):
    person = officer(mission)
    page = open_page(language="fr", size=size)
    session = signed_in(person, "password", "mfa").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    wide = f"{size['width']}"
    page.goto(reverse("admin:complaints_appeal_add"))
    looked_at(page, f"admin-{wide}-1-add", axe=False)
    page.check("input[name=channel][value=post]")
    fill_day(page, "arrived_on", 28, 7, 2025)
    page.set_input_files("input[name=scan]", PAPER)
    page.check("input[name=against][value=refusal]")
    fill_day(page, "notified_on", 30, 6, 2025)
    page.fill("input[name=name]", PERSON.name)
    page.fill("textarea[name=postal_address]", PERSON.postal_address)
    follow(page.locator("form.step-form [type=submit]"))
    appeal = Appeal.objects.get()
    looked_at(page, f"admin-{wide}-2-line", axe=False)
    assigned(appeal.case, person)
    take_mail(mission=mission, raw=mail(files=[pdf(2)]), received_at=NOW)
    page.goto(reverse("admin:complaints_appeal_changelist"))
    looked_at(page, f"admin-{wide}-3-register", axe=False)
    page.goto(reverse("admin:complaints_incomingmail_changelist"))
    follow(page.locator("#result_list th.field-came a"))
    looked_at(page, f"admin-{wide}-4-mail", axe=False)
    assert Access.objects.filter(subject_id=str(appeal.pk)).exists()
