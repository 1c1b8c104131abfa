"""Whoever was moved chooses again, or takes the old time back, on a phone in two directions."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.urls import reverse

from appointments.models import Appointment
from appointments.operations import return_offers
from tests.actors import applicant_client
from tests.appointments.test_counter_choice import moved
from tests.appointments.test_return_offers import undone
from tests.browser import PHONE, assert_fits, follow

pytestmark = pytest.mark.django_db(transaction=True)


def on_the_phone(open_page, live_server, language, person):
    page = open_page(language=language, size=PHONE)
    name = settings.SESSION_COOKIE_NAME
    value = applicant_client(person.application.owner).cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page.goto(reverse("appointments:detail", args=[person.pk]))
    return page


def good(page, axe_clean, name):
    assert_fits(page)
    axe_clean(page)
    if folder := os.environ.get("CHOICE_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_another_time_in_french(open_page, live_server, axe_clean):
    (person,), other = moved()
    page = on_the_phone(open_page, live_server, "fr", person)
    good(page, axe_clean, "fr-moved")
    follow(page.locator("form[action$='/noted/'] button"))
    follow(page.locator("a[href$='/another-time/']"))
    good(page, axe_clean, "fr-times")
    follow(page.locator(f"a[href*='/another-time/{other.pk}/']"))
    good(page, axe_clean, "fr-confirm")
    follow(page.locator("main form button"))
    page.wait_for_url(f"**/{person.pk}/")
    good(page, axe_clean, "fr-chosen")
    person.refresh_from_db()
    assert person.slot_id == other.pk
    page.goto(reverse("maintenance:past"))
    good(page, axe_clean, "fr-past")


def test_the_old_time_back_in_arabic(open_page, live_server, axe_clean):
    people, old = undone(5)
    return_offers.offer_due()
    page = on_the_phone(open_page, live_server, "ar", people[0])
    good(page, axe_clean, "ar-offer")
    follow(page.locator("a[href$='/old-time/']"))
    good(page, axe_clean, "ar-old-time")
    follow(page.locator("button[value='accept']"))
    page.wait_for_url(f"**/{people[0].pk}/")
    good(page, axe_clean, "ar-back")
    assert Appointment.objects.get(pk=people[0].pk).slot_id == old.pk
    page.goto(reverse("maintenance:past"))
    good(page, axe_clean, "ar-past")
