"""From "do I need a visa?" to a booked appointment in the calendar, in a real browser."""

import re
import secrets

import pytest
from django.urls import reverse
from icalendar import Calendar
from playwright.sync_api import expect

from applications.models import Application, Document
from appointments.models import Appointment, Slot
from portal.accounts.demo import current_code
from portal.accounts.roles import Role
from portal.missions.models import Mission, in_language
from portal.outbox.models import Message
from tests.actors import applicant_client, staff
from tests.browser import PHONE, assert_fits, follow
from tests.factories import ApplicationFactory, booked

from .traveller import Traveller

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(420),
]


@pytest.fixture
def email():
    return f"{secrets.token_hex(4)}@example.org"


def invitation(mail):
    """Return method, event and text of the calendar file of a mail."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert part.get_param("method") == calendar["METHOD"]
    return calendar["METHOD"], event, content.decode()


def test_an_applicant_books_and_cancels_and_an_agent_sees_it_all(
    open_page, post_office, mission, email, axe_clean
):
    page = open_page("fr")
    traveller = Traveller(
        page,
        code_for=lambda to: re.search(
            r"\b\d{6}\b", post_office.wait_for(to, 0).get_body(("plain",)).get_content()
        )[0],
        look=axe_clean,
    )
    traveller.sign_in(email)
    traveller.fill_in(in_language(mission.names, "fr"))
    traveller.mend_the_passport()
    traveller.submit()
    slot = Slot.objects.get(pk=traveller.book())

    appointment = Appointment.objects.get(application__owner__email=email)
    assert appointment.reference in page.inner_text("main")
    assert (appointment.slot_id, appointment.state) == (slot.pk, "booked")

    confirmation = post_office.wait_for(email, 1)
    method, event, text = invitation(confirmation)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 0)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (slot.starts_at, slot.ends_at)
    assert f"DTSTART:{slot.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert appointment.reference in confirmation.get_body(("plain",)).get_content()

    an_agent_finds_the_file(open_page("fr"), mission, appointment)

    traveller.open(str(event["URL"]))
    traveller.cancel()
    method, last_event, _text = invitation(post_office.wait_for(email, 2))
    assert (method, last_event["SEQUENCE"]) == ("CANCEL", 1)
    assert last_event["UID"] == event["UID"]
    traveller.open(str(event["URL"]))  # the link in the first mail shows the present state
    appointment.refresh_from_db()
    assert page.locator('main a[href$="/cancel/"]').count() == 0
    assert appointment.state == "cancelled"


def an_agent_signs_in(page, mission):
    """Give the password, then the code of the app."""
    agent = staff(Role.AGENT, mission)
    agent.set_password("a long enough password")
    agent.save()
    page.goto(reverse("account_login"))
    page.fill("input[name=login]", agent.email)
    page.fill("input[name=password]", "a long enough password")
    follow(page.locator("main form [type=submit]").first)
    page.fill("input[name=code]", current_code())
    follow(page.locator("main form [type=submit]").first)
    page.wait_for_url("**/admin/")


def an_agent_finds_the_file(page, mission, appointment):
    """Look for the file, the appointment and the messages; refuse a paper with its reason."""
    application = appointment.application
    an_agent_signs_in(page, mission)
    for name, searched in (("applications_application", application.passport_number),
                           ("appointments_appointment", application.reference)):  # fmt: skip
        page.goto(f"{reverse(f'admin:{name}_changelist')}?q={searched}")
        assert page.locator("#result_list tbody tr").count() == 1
    page.goto(f"{reverse('admin:outbox_message_changelist')}?q={application.owner.email}")
    assert page.locator("#result_list tbody tr").count() == 1  # codes are nobody’s to see

    photo = Document.objects.create(application=application, kind="photo")
    page.goto(reverse("admin:applications_application_change", args=[application.pk]))
    assert Traveller.family_name in page.inner_text("#content")
    page.goto(reverse("admin:applications_document_change", args=[photo.pk]))
    follow(page.locator(f'a[href$="/{photo.pk}/step/refuse/"]'))
    follow(page.locator(".submit-row input[type=submit]"))
    assert page.locator("#reason-error").count() == 1  # no refusal without a reason
    page.fill("#reason", "Le fond n’est pas blanc.")
    follow(page.locator(".submit-row input[type=submit]"))
    photo.refresh_from_db()
    assert (photo.state, photo.reason) == ("not_acceptable", "Le fond n’est pas blanc.")


def test_an_agent_closes_an_appointment(open_page, mission):
    application = ApplicationFactory(submitted=True, mission=mission)
    slot = Slot.objects.filter(centre__mission=mission, service="short_stay").first()
    appointment = booked(application, slot)
    page = open_page("fr")
    an_agent_signs_in(page, mission)
    page.goto(reverse("admin:appointments_appointment_change", args=[appointment.pk]))
    follow(page.locator('a[href$="/step/serve/"]'))
    follow(page.locator(".submit-row input[type=submit]"))
    appointment.refresh_from_db()
    application.refresh_from_db()
    assert (appointment.state, application.state) == ("served", "filed")


def test_the_whole_path_works_without_javascript(open_page, mission, email, code_from_outbox):
    page = open_page("fr", javascript=False)
    traveller = Traveller(page, code_from_outbox, look=lambda page: None)
    traveller.sign_in(email)
    traveller.fill_in(in_language(mission.names, "fr"))
    traveller.mend_the_passport()
    traveller.submit()
    traveller.book()
    assert Appointment.objects.get().reference in page.inner_text("main")
    traveller.cancel()
    assert Appointment.objects.get().state == "cancelled"


def test_the_whole_path_works_in_arabic_on_a_phone(
    open_page, mission, email, code_from_outbox, axe_clean
):
    def look(page):
        assert page.get_attribute("html", "dir") == "rtl"
        assert_fits(page)
        axe_clean(page)

    page = open_page("ar", size=PHONE)
    traveller = Traveller(page, code_from_outbox, look)
    traveller.family_name, traveller.given_names = "بن علي", "أمينة"
    germany = Mission.objects.get(code="de-algiers")
    traveller.sign_in(email)
    traveller.fill_in(in_language(germany.names, "ar"))
    traveller.mend_the_passport()
    traveller.submit()
    traveller.book()
    assert Application.objects.get().family_name == "بن علي"
    confirmation = Message.objects.get(kind="appointment_confirmed")
    assert confirmation.language == "ar"
    for name in ("applications:list", "appointments:list", "appointments:centres"):
        traveller.open(reverse(name))
    traveller.open(reverse("appointments:centre", args=["de-algiers"]))
    traveller.open(reverse("applications:detail", args=[Application.objects.get().pk]))


def tab_to(page, selector, limit=60):
    """Press Tab until something that matches has the focus, as somebody without a mouse does."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} was not reached with the keyboard on {page.url}")


def test_a_time_is_chosen_and_booked_with_the_keyboard_alone(open_page, mission, live_server):
    application = ApplicationFactory(submitted=True, mission=mission)
    session = applicant_client(application.owner).cookies["sessionid"].value
    page = open_page("fr")
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(reverse("appointments:choose", args=[application.pk]))
    page.keyboard.press("Tab")  # the first thing one meets leads past the header
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "a.free-time--link")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/choose/\d+/"))
    tab_to(page, "main form [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/appointments/*-*/")
    assert Appointment.objects.get(application=application).is_live
