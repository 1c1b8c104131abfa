"""A handler in a browser: the next case, its page, the queue on a desk and on a telephone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Case, SavedView
from tests.actors import signed_in
from tests.browser import DESKTOP, PHONE, assert_axe_clean, assert_fits, follow
from tests.complaints.conftest import complaint, handler
from tests.factories import MissionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/complaints/case/"


def looked_at(page, name):
    """Check a page, and keep a picture of it where somebody wants to look."""
    assert_axe_clean(page)
    assert_fits(page)
    if folder := os.environ.get("GUICHET_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "size"), [("fr", PHONE), ("de", DESKTOP)])
def test_a_handler_takes_the_next_case_and_skips_it(open_page, live_server, language, size):
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    person = handler(mission, "staff", "provider", "procedure")
    SavedView.objects.create(user=person, name="Fax", filters={"channel": "fax", "state": "open"})
    cases = [complaint(mission, text=f"Le guichet était fermé le {day}.") for day in range(1, 4)]
    page = open_page(language, size=size)
    cookie = signed_in(person, "password", "mfa").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    with translation.override(language):
        page.goto(f"{QUEUE}?state=open")
        looked_at(page, f"queue-{language}")
        follow(page.get_by_role("button", name=_("Next case")))
        looked_at(page, f"case-{language}")
        assert page.get_by_text("Le guichet était fermé").count()
        page.get_by_text(_("Skip this case")).click()
        page.locator("#skip-reason").fill("Je connais cette personne.")
        follow(page.get_by_role("button", name=_("Skip"), exact=True))
        page.wait_for_url(f"**{QUEUE}")
        page.goto(f"{QUEUE}figures/")
        looked_at(page, f"figures-{language}")
    assert Case.objects.filter(state="received").count() == len(cases)
