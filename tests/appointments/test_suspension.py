"""What waits while a mission is closed (RD-05): at the edges, and with every word typed kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext

from applications import operations as files
from applications.models import Application, FileMessage, Traveller
from appointments import operations
from appointments.enums import Suspended as What
from portal import suspension
from portal.accounts.roles import Role
from portal.suspension import Action, Suspended
from tests.actors import applicant_client, signed_in, staff
from tests.appointments.closed import BEFORE, END, START, announced, slot_at
from tests.appointments.releases import at
from tests.factories import (
    ApplicationFactory,
    CentreFactory,
    MissionFactory,
    SlotFactory,
    booked,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
NOON = START - timedelta(hours=4)


@pytest.fixture
def closed():
    """The windows of source 000 at the centre of the mission that factories use."""
    with at(BEFORE):
        centre = CentreFactory()
        announced([centre])
    return centre


@pytest.fixture
def draft(closed):
    with at(NOON):
        return ApplicationFactory(mission=closed.mission)


@pytest.fixture
def client(draft):
    return client_of(draft)


def client_of(application):
    with at(NOON):
        client = applicant_client(application.owner)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def address(application, page):
    return f"/applications/{application.pk}/{page}/"


# --- the edges ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "waits"),
    [
        (START - SECOND, False),
        (START, True),
        (END - SECOND, True),
        (END, False),
    ],
)
def test_rd_05_submitting_at_the_edges(moment, waits, draft):
    with at(moment):
        if waits:
            with pytest.raises(Suspended) as refusal:
                files.submit(application_id=draft.pk, owner=draft.owner)
            assert refusal.value.closing.ends_at == END
        else:
            files.submit(application_id=draft.pk, owner=draft.owner)
    draft.refresh_from_db()
    assert draft.state == ("draft" if waits else "submitted")


def test_rd_05_the_clock_of_the_database_decides_near_an_edge(draft):
    """A web node whose clock runs behind does not let anybody in."""
    from portal.database_clock import rehearsed

    with at(START - SECOND), rehearsed(START), pytest.raises(Suspended):
        files.submit(application_id=draft.pk, owner=draft.owner)


@pytest.mark.parametrize("page", ["/tools/days/", "/help/", "/"])
def test_rd_05_calculators_and_help_work_and_say_what_is_closed(page, client, closed):
    with at(START + timedelta(minutes=30)):
        response = client.get(page, follow=True)
    assert response.status_code == 200
    assert b"closing-banner" in response.content
    with at(END):
        assert b"closing-banner" not in client.get(page, follow=True).content


def test_rd_05_what_is_read_stays_readable(client, draft, closed):
    with at(NOON):
        appointment = booked(
            ApplicationFactory(submitted=True, owner=draft.owner, mission=closed.mission),
            slot_at(closed, END + timedelta(days=1)),
        )
    with at(START):
        for page in (
            f"/applications/{draft.pk}/",
            address(draft, "papers"),
            "/appointments/",
            f"/appointments/{appointment.pk}/",
            f"/appointments/{appointment.pk}/calendar.ics",
        ):
            assert client.get(page).status_code == 200


# --- nothing typed is lost ----------------------------------------------------------------------


def test_rd_05_a_step_opened_before_and_sent_during_is_kept_in_the_draft(client, draft):
    trip = address(draft, "contact")
    with at(START - timedelta(minutes=1)):
        page = client.get(trip)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"version": draft.version, "phone": "+213 551 23 45 67"}
    with at(START + timedelta(minutes=1)):
        response = client.post(trip, data)
    assert response.status_code == 409
    assert b"kept in your application" in response.content
    assert int(response["Retry-After"]) == (END - START).seconds - 60
    draft.refresh_from_db()
    assert "phone" not in draft.details
    with at(END):
        assert b"551 23 45 67" in client.get(trip).content
        draft.refresh_from_db()
        data["version"] = draft.version
        client.post(trip, data)
    draft.refresh_from_db()
    assert draft.details["phone"].endswith("551234567")


def test_rd_05_the_first_step_waits_in_the_session(client, closed):
    before = Application.objects.count()
    data = {"mission": closed.mission.pk, "visa_class": "long_stay", "person": "self"}
    with at(START):
        response = client.post("/applications/start/", data)
        assert response.status_code == 409
        assert b"kept for you in this browser" in response.content
        for _opened in range(2):  # looking during the maintenance does not use it up
            form = client.get("/applications/start/").context["form"]
            assert form["visa_class"].value() == "long_stay"
    assert Application.objects.count() == before
    with at(END + timedelta(hours=3)):
        form = client.get("/applications/start/").context["form"]
        assert form["visa_class"].value() == "long_stay"


def test_rd_05_another_mission_goes_on(client, draft):
    german = MissionFactory(state="DE")
    with at(START):
        other = ApplicationFactory(owner=draft.owner, mission=german)
        files.submit(application_id=other.pk, owner=draft.owner)
        data = {"visa_class": "short_stay"}
        start = client.post("/applications/start/", {"mission": german.pk, **data})
    assert start.status_code != 409


def test_rd_05_a_file_is_not_taken_and_the_page_says_so_before(client, draft):
    page = address(draft, "papers/insurance")
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4", content_type="application/pdf")
    with at(START):
        assert b"disabled" in client.get(page).content
        response = client.post(page, {"file": pdf, "amount": "31000"})
        assert response.status_code == 409
        assert b"choose them again" in response.content
    assert not draft.documents.exclude(files=None).exists()


def test_rd_05_a_message_waits_only_if_everything_does(client, draft, closed):
    with at(NOON):
        sent = ApplicationFactory(submitted=True, owner=draft.owner, mission=closed.mission)
    page, text = address(sent, "messages"), "When will I hear?"
    with at(START):
        client.post(page, {"text": text, "seen": 0})
    assert FileMessage.objects.count() == 1
    with at(BEFORE):
        announced([closed], [(END, END + timedelta(hours=1))], [What.ALL_WRITES])
    with at(END):
        assert client.post(page, {"text": "And now?", "seen": 0}).status_code == 409
        assert b"And now?" in client.get(page).content
        added = client.post("/applications/household/add/", {"family_name": "Benali"})
        assert added.status_code == 409
    assert FileMessage.objects.count() == 1
    assert not Traveller.objects.exists()


# --- booking ------------------------------------------------------------------------------------


def test_rd_05_booking_and_cancelling_wait_at_the_closed_centre_only(closed):
    other = CentreFactory(mission=closed.mission, code="another")
    later = END + timedelta(days=3)
    here, there = SlotFactory(centre=closed, starts_at=later), slot_at(other, later)
    with at(NOON):
        held = booked(
            ApplicationFactory(submitted=True), slot_at(closed, later + timedelta(days=1))
        )
    with at(START):
        with pytest.raises(Suspended):
            booked(ApplicationFactory(submitted=True), here)
        with pytest.raises(Suspended):
            operations.cancel(appointment_id=held.pk, owner=held.application.owner)
        booked(ApplicationFactory(submitted=True), there)
    with at(END):
        booked(ApplicationFactory(submitted=True), here)


def test_rd_05_the_booking_page_says_why_and_until_when(closed):
    slot = slot_at(closed, END + timedelta(days=3))
    with at(NOON):
        application = ApplicationFactory(submitted=True, mission=closed.mission)
    client = client_of(application)
    with at(START):
        page = client.post(f"/appointments/for/{application.pk}/choose/{slot.pk}/")
    assert page.status_code == 409
    assert "19:30" in page.content.decode()


# --- what people see before ---------------------------------------------------------------------


def test_announced_hours_stand_on_the_pages_people_use(client, draft, closed):
    with at(NOON):
        for page in ("/", f"/appointments/centres/{closed.code}/", f"/applications/{draft.pk}/"):
            assert b"Planned maintenance" in client.get(page).content, page
        assert closed.name in client.get("/maintenance/").content.decode()


def test_it_is_told_from_its_moment_on(client, closed):
    other = CentreFactory(mission=closed.mission, code="told-later")
    hours = [(END + timedelta(days=1), END + timedelta(days=1, hours=2))]
    with at(BEFORE):
        announced([other], hours, announce_at=NOON)
    with at(NOON - SECOND):
        assert other.name not in client.get("/maintenance/").content.decode()
    with at(NOON):
        assert other.name in client.get("/maintenance/").content.decode()


def pages_of(appointment):
    return (
        f"/appointments/{appointment.pk}/",
        f"/applications/{appointment.application_id}/",
    )


def test_rd_06_somebody_booked_inside_learns_that_there_is_nothing_to_do():
    centre = CentreFactory()
    slot = slot_at(centre, START)
    with at(BEFORE):
        appointment = booked(ApplicationFactory(submitted=True), slot)
        announced([centre])
    client = client_of(appointment.application)
    with at(NOON):
        for page in pages_of(appointment):
            assert b"You need to do nothing" in client.get(page).content
        assert b"Your appointment is in a maintenance" in client.get("/appointments/").content


@pytest.mark.parametrize("passed", [timedelta(0), timedelta(days=20)])
def test_rd_06_who_still_waits_when_the_hours_are_over_goes_on_being_told(passed):
    """Found no seat, or an emergency: the plan comes later, and until then nothing was missed."""
    centre = CentreFactory()
    slot = slot_at(centre, START)
    with at(BEFORE):
        appointment = booked(ApplicationFactory(submitted=True), slot)
        announced([centre])
    client = client_of(appointment.application)
    with at(END + passed):
        for page in pages_of(appointment):
            text = client.get(page).content.decode()
            assert "The centre was closed from" in text
            assert "You need to do nothing" in text
        assert "closing-banner" not in client.get("/").content.decode()
        assert suspension.suspended(Action.BOOKING, centre_id=centre.pk) is None


def test_rd_05_the_banner_names_the_centres_where_nothing_can_be_booked(client, closed):
    other = CentreFactory(mission=closed.mission, code="another")
    with at(START):
        page = client.get("/").content.decode()
    assert f"Nothing can be booked or cancelled here: {closed.name}." in page
    assert other.name not in page


def test_rd_05_a_closing_that_lasts_for_days_names_the_day_to_come_back(client, draft, closed):
    hours = [(END + timedelta(days=1), END + timedelta(days=3))]
    with at(BEFORE):
        announced([closed], hours)
    with at(hours[0][0]):
        page = client.post("/applications/start/", {"person": "self"}).content.decode()
    assert "Come back from Saturday 6 March 2027 at 19:30 on." in page
    with at(START):
        page = client.post("/applications/start/", {"person": "self"}).content.decode()
    assert "Come back from 19:30 on." in page


# --- asking costs nothing -----------------------------------------------------------------------


def test_asking_reads_the_rows_once_a_second(closed, django_assert_num_queries):
    suspension.forget()
    with at(NOON):
        with django_assert_num_queries(1):
            suspension.known()
        with django_assert_num_queries(0):
            for _time in range(50):
                suspension.suspended(Action.PREPARING, mission_id=closed.mission_id)
            suspension.check(Action.PREPARING, mission_id=closed.mission_id)


def test_the_last_answer_holds_while_the_database_is_away(closed, monkeypatch):
    from django.db import OperationalError

    def away():
        raise OperationalError("gone")

    with at(START):
        assert suspension.suspended(Action.PREPARING)
        source = suspension.Source(read=away, now=lambda: START)
        monkeypatch.setattr(suspension, "_sources", [source])
        suspension.forget()
        assert suspension.suspended(Action.PREPARING)


def test_many_ask_at_once(closed):
    with at(START), ThreadPoolExecutor(4) as pool:
        suspension.known()
        answers = list(pool.map(lambda _n: bool(suspension.known()), range(40)))
    assert all(answers)


def test_the_refusal_names_its_end_in_the_language_of_the_reader(draft):
    with at(START), pytest.raises(Suspended) as refusal:
        files.submit(application_id=draft.pk, owner=draft.owner)
    assert "2027" in str(refusal.value.message)
    assert gettext("an update of the visa platform") in str(refusal.value.message)


def test_agents_see_it_on_the_board_of_the_day(closed):
    with at(NOON):
        agent = signed_in(staff(Role.AGENT, closed.mission), "password", "mfa")
        agent.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        board = "/admin/appointments/board/?day="
        assert b"gets a new time" in agent.get(f"{board}{START.date()}").content
        assert b"gets a new time" not in agent.get(f"{board}{BEFORE.date()}").content
