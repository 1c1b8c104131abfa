"""The two windows of source 000, played through: closed, planned, moved, told, chosen, undone."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from datetime import time as clock
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from appointments import tasks
from appointments.capacity import open_slots
from appointments.enums import Suspended
from appointments.models import AppointmentMove, Centre, Maintenance, MovePlan, ReturnOffer, Slot
from appointments.operations import maintenance
from appointments.operations.maintenance import MaintenanceWish
from portal.accounts.roles import Role
from portal.dates import ALGIERS, civil_date
from tests.actors import applicant_client, staff_client
from tests.appointments.moves import seats_and_rows_agree, traveller
from tests.browser import PHONE, assert_fits, follow
from tests.factories import UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(420),
]
WEDNESDAY = 2


def windows():
    """A Wednesday from 15:30 to 19:30, and the Tuesday after from 06:00 to 09:00."""
    soon = civil_date(timezone.now()) + timedelta(days=4)
    wednesday = soon + timedelta(days=(WEDNESDAY - soon.weekday()) % 7)

    def at(days, hour, minute=0):
        return datetime.combine(wednesday + timedelta(days), clock(hour, minute), ALGIERS)

    return (at(0, 15, 30), at(0, 19, 30)), (at(6, 6), at(6, 9))


def test_two_windows_from_the_announcement_to_the_undo(
    open_page, live_server, mission, post_office
):
    centre = Centre.objects.get(code="fr-oran")
    wednesday, tuesday = windows()
    days = {"first_day": tuesday[0].date(), "last_day": tuesday[0].date() + timedelta(days=1)}
    open_slots(centre=centre, **days)
    people = {}
    for language, start in (("fr", wednesday[0]), ("ar", tuesday[1] - twenty())):
        place, _new = Slot.objects.get_or_create(
            centre=centre,
            service="short_stay",
            starts_at=start,
            defaults={"minutes": 20, "capacity": 1, "released": 1},
        )
        owner = UserFactory(language=language)
        people[language] = traveller(place, mission=mission, owner=owner)
    spared = traveller(
        Slot.objects.get(
            centre=centre, service="short_stay", starts_at=wednesday[0] - twenty() / 2
        ),
        mission=mission,
    )
    draft = _draft(mission, centre, (wednesday, tuesday))

    # The manager announces, has a plan computed by the worker, looks at it and applies it.
    desk = _as(open_page(), live_server, staff_client(Role.CENTRE_MANAGER, mission))
    _step(desk, draft, "announce")
    desk.goto(reverse("admin:appointments_moveplan_add") + f"?maintenance={draft.pk}")
    follow(desk.locator("input[type=submit].default"))
    apply_link = desk.locator("a[href$='/apply/']")
    apply_link.wait_for(timeout=60_000)  # the page loads itself again
    assert desk.locator("svg.moves-chart").count() >= 1
    follow(apply_link)
    follow(desk.locator("input[type=submit].default"))
    _wait_for(lambda: MovePlan.objects.filter(state="applied").exists())
    assert set(AppointmentMove.objects.values_list("appointment", flat=True)) == {
        one.pk for one in people.values()
    }

    # Each is told once, by a mail in their language that brings the calendar up to date.
    for person in people.values():
        before = _event(post_office.wait_for(person.application.owner.email, 0))
        moved = _event(post_office.wait_for(person.application.owner.email, 1))
        person.refresh_from_db()
        assert moved["UID"] == before["UID"]
        assert (before["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)
        assert moved.decoded("DTSTART") == person.slot.starts_at
    spared.refresh_from_db()
    assert spared.version == 1

    # One chooses another time, in French, from the link of the mail.
    french = people["fr"]
    mail = post_office.wait_for(french.application.owner.email, 1)
    phone = _reading(open_page, live_server, french, mail, "fr")
    follow(phone.locator("form[action$='/noted/'] button"))
    follow(phone.locator("a[href$='/another-time/']"))
    follow(phone.locator("a.free-time--link").first)
    follow(phone.locator("main form[method=post] button"))
    phone.wait_for_url(f"**/{french.pk}/")
    chosen = _event(post_office.wait_for(french.application.owner.email, 2))
    french.refresh_from_db()
    assert (chosen["SEQUENCE"], chosen.decoded("DTSTART")) == (2, french.slot.starts_at)

    # It is called off; the other takes the old time back, in Arabic.  Who chose is not asked.
    _step(desk, draft, "call-off", reason="Not needed")
    tasks.offer_old_times()
    assert set(ReturnOffer.objects.values_list("state", flat=True)) == {"open", "not_offered"}
    arabic = people["ar"]
    mail = post_office.wait_for(arabic.application.owner.email, 2)
    phone = _reading(open_page, live_server, arabic, mail, "ar")
    assert phone.locator("html").get_attribute("dir") == "rtl"
    follow(phone.locator("a[href$='/old-time/']"))
    follow(phone.locator("button[value='accept']"))
    phone.wait_for_url(f"**/{arabic.pk}/")
    back = _event(post_office.wait_for(arabic.application.owner.email, 3))
    assert (back["SEQUENCE"], back.decoded("DTSTART")) == (2, tuesday[1] - twenty())

    # Staff see whom the plan reached and every step; everybody reads what came of it.
    desk.goto(reverse("admin:appointments_moveplan_change", args=[MovePlan.objects.get().pk]))
    assert desk.locator("#told-title").count() == desk.locator("#steps-title").count() == 1
    if folder := os.environ.get("CHOICE_SHOTS"):
        desk.screenshot(path=f"{folder}/desk-aftermath.png", full_page=True)
    phone.goto(reverse("maintenance:past"))
    assert phone.locator("section").count() >= 1
    assert seats_and_rows_agree()
    told = [mail["Message-ID"] for mail in post_office.mailbox.mails]
    assert len(told) == len(set(told))


def twenty():
    return timedelta(minutes=20)


def _draft(mission, centre, hours) -> Maintenance:
    wish = MaintenanceWish(
        mission=mission, centres=[centre], hours=hours, suspends=[Suspended.NEW_FORMS]
    )
    return maintenance.plan(wish=wish, actor=None)


def _as(page, live_server, client):
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return page


def _step(page, row, name, reason=""):
    page.goto(reverse("admin:appointments_maintenance_step", args=[row.pk, name]))
    if reason:
        page.locator("#reason").fill(reason)
    follow(page.locator("input[type=submit].default"))
    page.wait_for_url("**/change/")


def _reading(open_page, live_server, person, mail, language):
    """Open the link of a mail on the phone of somebody who is signed in."""
    body = mail.get_body(("plain",)).get_content()
    link = next(word for word in body.split() if str(person.pk) in word)
    page = _as(
        open_page(language=language, size=PHONE),
        live_server,
        applicant_client(person.application.owner),
    )
    page.goto(urlsplit(link).path)
    assert_fits(page)
    return page


def _event(mail):
    (content,) = [
        part.get_payload(decode=True)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    ]
    return Calendar.from_ical(content).walk("VEVENT")[0]


def _wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)
