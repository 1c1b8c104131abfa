"""The pages on which an appointment is chosen, booked, seen and cancelled."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from icalendar import Calendar

from appointments import operations, refusals
from appointments.models import Appointment, Slot
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.factories import (
    ApplicationFactory,
    CentreFactory,
    MissionFactory,
    SlotFactory,
    UserFactory,
    booked,
)
from tests.pages import says, text_of

pytestmark = pytest.mark.django_db
LANGUAGES = ["fr", "ar", "de", "en"]


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True)


@pytest.fixture
def client(application):
    return applicant_client(application.owner)


def choose_url(application):
    return reverse("appointments:choose", args=[application.pk])


def confirm_url(application, slot_id):
    return reverse("appointments:confirm", args=[application.pk, slot_id])


def times_on(response) -> list[int]:
    """The numbers of the times that a page offers to book."""
    return [
        int(number)
        for number in re.findall(r'href="[^"]*/choose/(\d+)/[?"]', response.content.decode())
    ]


def nothing_happened(application, *slots):
    application.refresh_from_db()
    return (
        application.state != "booked"
        and not Appointment.objects.exists()
        and not Message.objects.filter(kind__startswith="appointment").exists()
        and not any(Slot.objects.get(pk=slot.pk).taken for slot in slots)
    )


# --- Booking ---


def test_a_booking_leads_to_its_page_which_offers_the_calendar_file(client, application):
    slot = SlotFactory()
    assert client.get(confirm_url(application, slot.pk)).status_code == 200
    answer = client.post(confirm_url(application, slot.pk))
    appointment = Appointment.objects.get()
    assert answer.url == reverse("appointments:detail", args=[appointment.pk])
    page = client.get(answer.url)
    assert appointment.reference in text_of(page)
    [event] = Calendar.from_ical(
        client.get(reverse("appointments:calendar", args=[appointment.pk])).content
    ).walk("VEVENT")
    assert (event["UID"], event["DTSTART"].dt) == (f"{appointment.pk}@guichet", slot.starts_at)


def test_looking_at_a_time_books_nothing(client, application):
    slot = SlotFactory()
    client.get(confirm_url(application, slot.pk))
    assert nothing_happened(application, slot)


def test_a_double_click_leads_twice_to_one_appointment(client, application):
    slot = SlotFactory()
    urls = {client.post(confirm_url(application, slot.pk)).url for _ in range(2)}
    slot.refresh_from_db()
    assert (len(urls), Appointment.objects.count(), slot.taken) == (1, 1, 1)
    assert Message.objects.filter(kind="appointment_confirmed").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_time_taken_meanwhile_answers_with_the_next_free_ones(
    client, application, language, method
):
    client.cookies["guichet_language"] = language
    full, free = SlotFactory(seats=1), SlotFactory()
    booked(ApplicationFactory(submitted=True), full)
    answer = getattr(client, method)(confirm_url(application, full.pk))
    assert answer.status_code == 409
    assert says(answer, refusals.SlotTaken.message, language)
    assert says(answer, refusals.SlotTaken.remedy, language)
    assert times_on(answer) == [free.pk]
    assert confirm_url(application, free.pk) in answer.content.decode()
    application.refresh_from_db()
    assert application.state == "submitted"
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "case", ["another mission", "another service", "an inactive centre", "none", "beyond numbers"]
)
def test_a_forged_time_books_nothing_and_shows_the_real_ones(client, application, case, method):
    germany = MissionFactory(state="DE")
    forged = {
        "another mission": lambda: SlotFactory(centre=CentreFactory(mission=germany)),
        "another service": lambda: SlotFactory(service="long_stay"),
        "an inactive centre": lambda: SlotFactory(
            centre=CentreFactory(code="shut", is_active=False)
        ),
        "none": lambda: Slot(pk=987654),
        "beyond numbers": lambda: Slot(pk=10**30),
    }[case]()
    free = SlotFactory()
    answer = getattr(client, method)(confirm_url(application, forged.pk))
    assert answer.status_code == 422
    assert says(answer, refusals.SlotUnknown.message)
    assert times_on(answer) == [free.pk]
    assert nothing_happened(application, free)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_is_told_what_it_needs_and_not_shown_an_error(method):
    draft = ApplicationFactory(
        passport_number="", birth_date=None, passport_issued_on=None, blank_pages=None
    )
    answer = getattr(applicant_client(draft.owner), method)(confirm_url(draft, SlotFactory().pk))
    assert answer.status_code == 422
    assert says(answer, refusals.NotReadyToBook.message)
    assert reverse("applications:detail", args=[draft.pk]) in answer.content.decode()


def test_a_second_time_for_the_same_application_leads_to_the_appointment(client, application):
    booked(application, SlotFactory())
    answer = client.post(confirm_url(application, SlotFactory().pk))
    assert answer.status_code == 422
    assert says(answer, refusals.AlreadyBooked.message)
    assert reverse("appointments:of_application", args=[application.pk]) in answer.content.decode()


def test_rd_09_a_second_file_of_the_same_traveller_is_told_the_rule(client, application):
    other = ApplicationFactory(submitted=True, passport_number=application.passport_number)
    booked(other, SlotFactory())
    answer = client.post(confirm_url(application, SlotFactory().pk))
    assert answer.status_code == 422
    assert says(answer, refusals.TravellerAlreadyBooked.message)
    assert "RD-09" in text_of(answer)


def test_rd_01_a_retiree_card_is_told_to_walk_in(client, application):
    application.retiree_card = True
    application.save()
    slot = SlotFactory()
    for answer in (
        client.get(choose_url(application)),
        client.post(confirm_url(application, slot.pk)),
    ):
        assert "RD-01" in text_of(answer)
        assert times_on(answer) == []
    assert nothing_happened(application, slot)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_hundred_press_the_button_for_the_last_seat():
    last, others = SlotFactory(seats=1), [SlotFactory(seats=300) for _ in range(3)]
    applications = [ApplicationFactory(submitted=True) for _ in range(200)]
    clients = [applicant_client(application.owner) for application in applications]

    def press(number):
        try:
            return clients[number].post(confirm_url(applications[number], last.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(press, range(200)))
    won = [answer for answer in answers if answer.status_code == 302]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, 199)
    assert won[0].url == reverse("appointments:detail", args=[Appointment.objects.get().pk])
    for answer in lost:
        assert says(answer, refusals.SlotTaken.message)
        offered = times_on(answer)
        assert offered == [slot.pk for slot in others]
    last.refresh_from_db()
    assert last.taken == 1


# --- Sessions ---


def test_an_expired_session_books_nothing_and_leads_back_to_the_same_time(application):
    slot, client = SlotFactory(), Client()
    door = client.post(confirm_url(application, slot.pk))
    assert door.url.endswith(confirm_url(application, slot.pk))
    assert nothing_happened(application, slot)
    client.force_login(application.owner)
    assert client.get(confirm_url(application, slot.pk)).status_code == 200


@pytest.mark.parametrize("name", ["detail", "cancel", "calendar"])
def test_somebody_elses_appointment_does_not_exist(application, name):
    appointment = booked(application, SlotFactory())
    stranger = applicant_client(UserFactory())
    assert stranger.get(reverse(f"appointments:{name}", args=[appointment.pk])).status_code == 404


# --- Afterwards ---


def test_cancelling_asks_first_and_then_frees_the_time(client, application):
    slot = SlotFactory(seats=1)
    appointment = booked(application, slot)
    url = reverse("appointments:cancel", args=[appointment.pk])
    assert client.get(url).status_code == 200
    slot.refresh_from_db()
    assert slot.taken == 1
    for _ in range(2):  # a double click
        assert client.post(url).url == reverse("appointments:detail", args=[appointment.pk])
    slot.refresh_from_db()
    assert slot.taken == 0
    assert Message.objects.filter(kind="appointment_cancelled").count() == 1


def test_an_appointment_that_has_begun_is_kept_and_says_why(client, application):
    slot = SlotFactory()
    appointment = booked(application, slot)
    Slot.objects.filter(pk=slot.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    page = client.post(reverse("appointments:cancel", args=[appointment.pk]), follow=True)
    assert says(page, refusals.TooLateToCancel.message)
    appointment.refresh_from_db()
    assert appointment.is_live


def test_an_old_link_shows_the_present_state(client, application):
    appointment = booked(application, SlotFactory())
    operations.cancel(appointment_id=appointment.pk, owner=application.owner)
    page = client.get(reverse("appointments:detail", args=[appointment.pk]))
    appointment.refresh_from_db()
    assert says(page, appointment.get_state_display())
    assert page.context["can_cancel"] is False


# --- Looking at free times ---


@pytest.mark.parametrize(
    "start", ["", "x", "2026-02-30", "9999-12-31", "0001-01-01", "2026 \x00 1 x", "٣"]
)
def test_any_start_day_in_the_address_shows_free_times(client, application, start):
    slot = SlotFactory()
    typed = {"from": start, "service": start or "short_stay", "centre": start}
    assert times_on(client.get(choose_url(application), typed)) == [slot.pk]
    public = client.get(reverse("appointments:centre", args=[slot.centre.code]), typed)
    assert 'class="free-time"' in public.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_01_wherever_a_time_is_shown_booking_is_free_in_every_language(
    client, application, language
):
    client.cookies["guichet_language"] = language
    slot = SlotFactory()
    urls = [
        reverse("appointments:centres"),
        reverse("appointments:centre", args=[slot.centre.code]),
        choose_url(application),
        confirm_url(application, slot.pk),
    ]
    for url in urls:
        page = client.get(url).content.decode()
        for code, _name in settings.LANGUAGES:
            assert f'lang="{code}"' in page.split("<main", 1)[1] or code == language


def test_a_centre_without_free_times_says_so(client, application):
    CentreFactory(mission=application.mission)
    page = client.get(choose_url(application))
    assert times_on(page) == []
    assert says(page, gettext_lazy("No free time at the moment"))


# --- Queries ---


@pytest.mark.parametrize("slots", [3, 300])
def test_slot_pages_cost_few_queries_however_many_slots(
    client, application, slots, django_assert_max_num_queries
):
    start = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=5)
    for number in range(slots):
        SlotFactory(starts_at=start + timedelta(days=number // 40, minutes=10 * (number % 40)))
    centre = application.mission.centres.get()
    client.get("/")  # the session is in the store now
    for _visit in range(2):  # the second finds the list of free times in the store
        with django_assert_max_num_queries(8):  # the account, and seven of the page
            assert times_on(client.get(choose_url(application)))
        with django_assert_max_num_queries(7):
            Client().get(reverse("appointments:centre", args=[centre.code]))


def test_the_home_page_costs_few_queries(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(5):
        client.get("/")
    with django_assert_max_num_queries(5):
        Client().get("/")
