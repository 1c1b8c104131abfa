"""A person pays the service fee on a phone in two directions of writing."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.urls import reverse

from appointments.models import FeeHold
from tests.actors import applicant_client
from tests.appointments.fees import prepaid, prepaid_appointment
from tests.browser import PHONE, assert_fits, follow
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(page, live_server, owner):
    name = settings.SESSION_COOKIE_NAME
    value = applicant_client(owner).cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_paying_on_a_phone(open_page, live_server, settings, axe_clean, language):
    settings.BASE_URL = live_server.url
    centre, owner = prepaid(), UserFactory(language=language)
    appointment = prepaid_appointment(centre, owner=owner)
    prepaid_appointment(centre, owner=owner)
    page = open_page(language=language, size=PHONE)
    signed_in(page, live_server, owner)
    page.goto(reverse("appointments:detail", args=[appointment.pk]))
    button = page.locator("form[action$='/fee/pay/'] button")
    assert_fits(page)
    axe_clean(page)
    photographed(page, f"{language}-appointment")
    follow(button)
    axe_clean(page)
    photographed(page, f"{language}-trial")
    follow(page.locator("button[value='leave']"))
    axe_clean(page)
    photographed(page, f"{language}-left")
    follow(page.locator("form[action$='/fee/pay/'] button"))
    follow(page.locator("button[value='pay']"))
    axe_clean(page)
    photographed(page, f"{language}-paid")
    assert page.locator("a[href$='/receipt/']").count() == 1
    assert set(FeeHold.objects.values_list("state", flat=True)) == {"paid"}


def photographed(page, name):
    folder = os.environ.get("FEE_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
