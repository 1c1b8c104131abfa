"""Where a case stands, in a browser: in Arabic on a phone without scripts, in French at a desk."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import Case
from complaints.operations import conversation
from portal.outbox.models import Message
from tests.browser import DESKTOP, PHONE, assert_fits, follow
from tests.complaints.conftest import PERSON, appeal, assigned, complaint, handler
from tests.portal.uploads.papers import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def looked_at(axe_clean):
    """Give a function that holds the open page to axe and to the width of the screen."""

    def look(page, name):
        assert_fits(page)
        if os.environ.get("SHOTS"):
            page.screenshot(path=str(Path(os.environ["SHOTS"]) / f"{name}.png"), full_page=True)
        axe_clean(page)

    return look


def send(page):
    follow(page.locator("form.page-form .actions [type=submit]"))


def open_case(page, case):
    page.goto("/complaints/status/")
    page.fill("input[name=reference]", case.reference)
    page.fill("input[name=email]", PERSON.email)
    send(page)
    page.fill("input[name=code]", Message.objects.latest("pk").context["code"])
    send(page)


def test_a_question_is_read_answered_and_the_complaint_withdrawn(
    mission, open_page, looked_at, tmp_path
):
    who = handler(mission, "provider")
    case = assigned(complaint(mission), who)
    conversation.ask(case=case, actor=who, text="Quel jour étiez-vous au guichet ?")
    page = open_page(language="ar", javascript=False, size=PHONE)
    page.goto("/complaints/status/")
    send(page)
    expect(page.locator("[role=alert], .error-summary").first).to_be_visible()
    open_case(page, case)
    assert "Quel jour" in page.locator("main").inner_text()
    (tmp_path / "billet.pdf").write_bytes(pdf())
    page.fill("textarea[name=text]", "Le 2 novembre, à 9 heures.")
    page.set_input_files("input[name=attachments]", tmp_path / "billet.pdf")
    send(page)
    assert "billet.pdf" in page.locator("main").inner_text()
    assert Case.objects.get().state == "assigned"
    follow(page.locator("a[href$='/withdraw/']"))
    follow(page.locator("main button.btn-danger, main [type=submit]").first)
    assert Case.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("language", "size"), [("ar", PHONE), ("fr", PHONE), ("fr", DESKTOP)])
def test_the_pages_fit_and_are_readable(mission, open_page, looked_at, language, size):
    who = handler(mission, "provider")
    case = assigned(complaint(mission), who)
    conversation.ask(case=case, actor=who, text="Quel jour étiez-vous au guichet ?")
    last_month = timezone.now().replace(day=1) - timedelta(days=3)
    for number in range(8):
        complaint(mission, at=last_month, text=str(number))
    complaint(mission, at=last_month, category="staff")
    page, name = open_page(language=language, size=size), f"{language}-{size['width']}"
    page.goto("/complaints/status/")
    looked_at(page, f"status-{name}")
    open_case(page, case)
    looked_at(page, f"case-{name}")
    open_case(page, appeal(mission))
    looked_at(page, f"appeal-{name}")
    page.goto("/complaints/figures/")
    looked_at(page, f"figures-{name}")
