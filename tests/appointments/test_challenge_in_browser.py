"""The challenge by keyboard alone, in a browser that runs nothing it was not sent by this site."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from playwright.sync_api import Page, expect

from appointments.enums import Switch
from appointments.models import Appointment
from appointments.models.switches import CentreSwitch
from portal import attempts
from portal.challenge import work
from tests.actors import applicant_client
from tests.browser import PHONE
from tests.challenges import question_in, right_answer
from tests.factories import ApplicationFactory, SlotFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def application():
    for kind in ("attempts", "challenge"):
        for key in attempts.store().scan_iter(match=f"*{kind}:*"):
            attempts.store().delete(key)
    return ApplicationFactory(submitted=True)


@pytest.fixture
def address(application) -> str:
    slot = SlotFactory(seats=4)
    CentreSwitch.objects.create(
        centre=slot.centre, name=Switch.CHALLENGE, valid=DateRange(date(2020, 1, 1), None)
    )
    return reverse("appointments:confirm", args=[application.pk, slot.pk])


def signed_in(page: Page, application, base: str) -> Page:
    session = applicant_client(application.owner).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}]
    )
    return page


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_device_solves_it_and_the_keyboard_sends(
    open_page, axe_clean, live_server, application, address
):
    page = signed_in(open_page(size=PHONE), application, live_server.url)
    page.goto(address)
    expect(page.locator("[data-challenge-question]")).to_be_hidden()
    axe_clean(page)
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(address))
    assert Appointment.objects.count() == 1


@pytest.fixture
def long_work(monkeypatch) -> None:
    monkeypatch.setattr(work.secrets, "randbelow", lambda tries: tries - 1)


@pytest.fixture
def endless_work(monkeypatch) -> None:
    """Leave the button there for as long as a busy machine takes to reach it."""
    monkeypatch.setattr(work.secrets, "randbelow", lambda tries: tries * 50)


def test_the_question_instead_is_one_button_away(
    endless_work, open_page, axe_clean, live_server, application, address
):
    page = signed_in(open_page(language="ar", size=PHONE), application, live_server.url)
    page.goto(address)
    tab_to(page, "[data-challenge-ask]")
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") >= 44  # a thumb
    page.keyboard.press("Enter")
    expect(page.locator("#challenge-answer")).to_be_focused()
    axe_clean(page)
    sealed = page.locator("[name=challenge_question]").input_value()
    page.wait_for_timeout(2000)  # as long as reading takes
    page.keyboard.type(right_answer(question_in(sealed)))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(address))
    assert Appointment.objects.count() == 1


def test_sent_before_the_work_is_done_the_page_goes_on_by_itself(
    long_work, open_page, live_server, application, address
):
    page = signed_in(open_page(), application, live_server.url)
    page.goto(address)
    page.locator("main button[type=submit]").press("Enter")
    status = page.locator("[data-challenge-status]")
    expect(status).to_have_text(status.get_attribute("data-waiting"))
    assert not Appointment.objects.exists()
    page.wait_for_url(lambda url: not url.endswith(address))
    assert Appointment.objects.count() == 1


def test_where_the_script_cannot_work_the_question_stays(
    open_page, live_server, application, address
):
    page = signed_in(open_page(), application, live_server.url)
    page.route("**/challenge-worker*", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("#challenge-answer")).to_be_visible()
    expect(page.locator("[data-challenge-start]")).to_be_hidden()


def test_without_javascript_there_is_the_question(open_page, live_server, application, address):
    page = signed_in(open_page(javascript=False), application, live_server.url)
    page.goto(address)
    expect(page.locator("#challenge-answer")).to_be_visible()
    expect(page.locator("[data-challenge-device]")).to_be_hidden()
