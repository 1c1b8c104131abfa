"""The public tools in a real browser: by keyboard, on a phone, in Arabic, with axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.help.operations import load_help
from tests.browser import PHONE, assert_fits, follow
from tests.factories import MissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOOLS = (
    "/tools/",
    "/tools/visa/",
    "/tools/where/",
    "/tools/passport/",
    "/tools/days/",
    "/tools/papers/",
    "/tools/hosting/",
    "/tools/answer/",
    "/complaints/deadline/",
    "/rules/",
    "/rules/PA/",
    "/rules/RC-04/",
    "/help/",
    "/help/?q=visa",
    "/help/counting-days/",
)
ANSWERS = (
    "/tools/days/?day=2026-11-22&wanted_days=60&stays=2026-09-01_2026-10-10~2026-07-01_2026-08-05",
    "/tools/days/?day=2026-11-22&stays=2026-07-01",
    "/tools/where/?on=2027-02-01&legs=BE.6.business~FR.6",
    "/tools/answer/?visa_class=short_stay&accepted_on=2020-12-25",
    "/tools/hosting/?confirmed=2025-08-31&deposit=2026-03-01&original=no&own_means=none"
    "&visa_class=short_stay",
    "/tools/papers/?mission=de-algiers&purpose=business&category=employee&filing_date=2026-12-01"
    "&own_means=proven&earlier_visa=first_application",
    "/tools/passport/?mission=fr-algiers&visa_class=long_stay_general&nationality=DZ"
    "&issue_date=2017-01-01&expiry_date=2026-12-30&blank_pages=1&filing_date=2026-12-01"
    "&visa_end=2027-03-01&defects=film_missing_or_lifted",
    "/tools/passport/?mission=fr-algiers",
    "/complaints/deadline/?refusal=fr_visa_refusal&visa=short_stay&notified=2025-12-01",
)


@pytest.fixture
def posts(db):
    MissionFactory(state="FR", post="algiers")
    MissionFactory(state="DE", post="algiers")
    load_help()


def test_pages_and_answers_are_clean_and_fit_a_phone_in_arabic(posts, open_page, axe_clean):
    page = open_page(language="ar", size=PHONE)
    for address in (*TOOLS, *ANSWERS):
        page.goto(address)
        assert_fits(page)
        axe_clean(page)


def test_longer_words_fit_a_phone_too(posts, open_page):
    for language in ("fr", "de"):
        page = open_page(language=language, size=PHONE)
        for address in (*TOOLS, *ANSWERS):
            page.goto(address)
            assert_fits(page)


def test_days_can_be_counted_by_keyboard_without_javascript_in_arabic(posts, open_page):
    page = open_page(language="ar", javascript=False, size=PHONE)
    page.goto("/tools/days/")
    page.locator("#id_stay-0-entry").fill("01/09/2026")
    page.locator("#id_stay-0-exit").fill("10/10/2026")
    follow(page.locator("button[value=add]"), "Enter")
    expect(page.locator("#stay-4")).to_be_visible()
    follow(page.locator("#id_stay-0-exit"), "Enter")
    expect(page.locator(".verdict--success")).to_be_visible()
    assert page.locator("svg.window rect.present").count() > 1


def test_visa_questions_go_forward_and_back(posts, page):
    page.goto("/tools/visa/")
    page.locator("#id_answer_0").select_option("DZ")
    follow(page.locator(".page-form .btn-primary"))
    page.locator("input[value=transit]").check()
    follow(page.locator(".page-form .btn-primary"))
    follow(page.locator("button[name=change].btn"))
    expect(page.locator("input[value=transit]")).to_be_checked()
    page.go_back()
    expect(page.locator("#id_answer_0")).to_be_visible()
