"""The day board: who has come, who waits, and what came of it; by keyboard, search and paper."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from html import unescape
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from appointments import operations, walk_in_data
from appointments.board import board, days_to_close
from appointments.day_list import day_list
from appointments.enums import AppointmentState, WalkInState
from appointments.models import Appointment, Slot, WalkIn
from appointments.refusals import (
    AlreadyBooked,
    AlreadyHere,
    AppointmentNeeded,
    NotAtThisCentre,
    NotReadyToHandIn,
    NotToday,
)
from appointments.workflow import APPOINTMENT_WORKFLOW, WALK_IN_WORKFLOW
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from portal.dates import ALGIERS, civil_date
from portal.workflow import TransitionRefused
from tests.actors import signed_in, staff
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, SlotFactory, booked
from tests.pages import text_of
from tests.portal.paper.reading import words

pytestmark = pytest.mark.django_db
BOARD = "admin:appointments_board_changelist"


@pytest.fixture
def centre():
    return CentreFactory(mission=MissionFactory())


@pytest.fixture
def agent(centre):
    return staff(Role.AGENT, centre.mission)


@pytest.fixture
def client(agent):
    return signed_in(agent, "password", "mfa")


def today():
    return civil_date(timezone.now())


def at(clock: str, days: int = 0) -> datetime:
    return datetime.combine(today() + timedelta(days=days), time.fromisoformat(clock), ALGIERS)


def coming(centre, clock="09:00", days=0, **answers) -> Appointment:
    """Book ahead, as one must, then let the day of the slot come."""
    application = ApplicationFactory(submitted=True, mission=centre.mission, **answers)
    appointment = booked(application, SlotFactory(centre=centre))
    there = Slot.objects.filter(centre=centre, starts_at=at(clock, days)).first()
    if there is not None:
        Appointment.objects.filter(pk=appointment.pk).update(slot=there)
    else:
        Slot.objects.filter(pk=appointment.slot_id).update(starts_at=at(clock, days))
    return Appointment.objects.select_related("slot", "application").get(pk=appointment.pk)


def retiree(centre, **answers) -> Application:
    return ApplicationFactory(submitted=True, mission=centre.mission, retiree_card=True, **answers)


def address(centre, day=None, **more):
    query = "&".join(f"{key}={value}" for key, value in more.items())
    return f"{reverse(BOARD)}?centre={centre.code}&day={day or today()}&{query}"


def press(client, centre, do, **more):
    where = {"centre": centre.code, "day": today().isoformat()}
    return client.post(reverse("admin:appointments_board_do"), where | {"do": do} | more)


def state_of(row):
    return type(row).objects.values_list("state", flat=True).get(pk=row.pk)


# --- What may follow what ---


def test_every_state_can_be_reached():
    assert APPOINTMENT_WORKFLOW.faults(AppointmentState.values, start="booked") == []
    assert WALK_IN_WORKFLOW.faults(WalkInState.values, start="waiting") == []


def test_only_who_is_still_expected_can_cancel():
    leaving = [state for state in AppointmentState.values
               if APPOINTMENT_WORKFLOW.allows(state, "cancel")]  # fmt: skip
    assert leaving == ["booked"]


def test_a_traveller_arrives_is_called_and_served(centre, agent):
    row = coming(centre)
    operations.arrive(appointment=row, actor=agent)
    operations.call(appointment=row, actor=agent, counter=4)
    operations.close(appointment=row, step="serve", actor=agent)
    row = Appointment.objects.get(pk=row.pk)
    assert (row.state, row.counter, row.application.state) == ("served", 4, "filed")
    assert row.arrived_at < row.called_at < row.closed_at
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"appointment.arrive", "appointment.call", "appointment.serve"} <= actions


def test_who_has_arrived_still_holds_the_seat(centre, agent):
    row = coming(centre)
    operations.arrive(appointment=row, actor=agent)
    with pytest.raises(AlreadyBooked):
        booked(row.application, SlotFactory(centre=centre))


def test_nobody_is_called_before_arriving(centre, agent):
    with pytest.raises(TransitionRefused):
        operations.call(appointment=coming(centre), actor=agent)


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_arrives_on_another_day(centre, agent, days):
    with pytest.raises(NotToday):
        operations.arrive(appointment=coming(centre, days=days), actor=agent)


def test_a_mis_click_is_taken_back_step_by_step(centre, agent):
    row = coming(centre)
    operations.arrive(appointment=row, actor=agent)
    operations.call(appointment=row, actor=agent, counter=1)
    row = operations.back(appointment=row, actor=agent)
    assert (row.state, row.called_at, row.counter) == ("arrived", None, None)
    row = operations.back(appointment=row, actor=agent)
    assert (row.state, row.arrived_at) == ("booked", None)
    with pytest.raises(TransitionRefused):
        operations.back(appointment=row, actor=agent)


def test_who_comes_after_all_has_the_appointment_again(centre, agent):
    row = coming(centre, "00:00")
    operations.close(appointment=row, step="miss", actor=agent)
    row = operations.back(appointment=row, actor=agent)
    row.application.refresh_from_db()
    assert (row.state, row.application.state) == ("booked", "booked")
    assert row.application.appointment_day == today()


def test_who_booked_anew_meanwhile_keeps_the_new_appointment(centre, agent):
    row = coming(centre, "00:00")
    operations.close(appointment=row, step="miss", actor=agent)
    booked(Application.objects.get(pk=row.application_id), SlotFactory(centre=centre))
    with pytest.raises(TransitionRefused):
        operations.back(appointment=row, actor=agent)
    assert state_of(row) == "no_show"


# --- Walk-ins (RD-01) ---


def test_rd_01_a_retiree_card_gets_a_ticket_and_is_served(centre, agent):
    application = retiree(centre)
    ticket = operations.admit_walk_in(application_id=application.pk, centre=centre, actor=agent)
    operations.call_walk_in(walk_in=ticket, actor=agent, counter=2)
    operations.close_walk_in(walk_in=ticket, step="serve", actor=agent)
    ticket.refresh_from_db()
    application.refresh_from_db()
    assert (ticket.number, ticket.state, application.state) == (1, "served", "filed")


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda centre: ApplicationFactory(submitted=True, mission=centre.mission),
         AppointmentNeeded),
        (lambda centre: ApplicationFactory(mission=centre.mission, retiree_card=True),
         NotReadyToHandIn),
    ],
    ids=["no retiree card", "a draft"],
)  # fmt: skip
def test_rd_01_nobody_else_walks_in_and_learns_what_to_do(centre, agent, make, refusal):
    with pytest.raises(refusal) as said:
        operations.admit_walk_in(application_id=make(centre).pk, centre=centre, actor=agent)
    assert (said.value.rule_id, bool(str(said.value.remedy))) == ("RD-01", True)
    assert not WalkIn.objects.exists()


def test_a_walk_in_belongs_to_the_mission_of_the_centre(centre, agent):
    other = CentreFactory(mission=MissionFactory(post="oran"))
    agent.missions.add(other.mission)
    with pytest.raises(NotAtThisCentre):
        operations.admit_walk_in(application_id=retiree(centre).pk, centre=other, actor=agent)


def test_nobody_gets_two_tickets(centre, agent):
    application = retiree(centre)
    operations.admit_walk_in(application_id=application.pk, centre=centre, actor=agent)
    with pytest.raises(AlreadyHere):
        operations.admit_walk_in(application_id=application.pk, centre=centre, actor=agent)


def test_a_ticket_is_exported_purged_with_its_history_and_goes_with_its_file(centre, agent):
    application = retiree(centre)
    ticket = operations.admit_walk_in(application_id=application.pk, centre=centre, actor=agent)
    (told,) = walk_in_data.walk_ins_of(application.owner)
    assert (told["number"], told["application"]) == (1, application.reference)
    assert not walk_in_data.past_walk_ins(today()).exists()
    WalkIn.objects.filter(pk=ticket.pk).update(day=today() - timedelta(days=400))
    assert list(walk_in_data.past_walk_ins(today())) == [ticket]
    walk_in_data.end_with_applications([application], erase=True)
    assert not WalkIn.objects.exists()
    assert not apps.get_model("appointments", "WalkInHistory").objects.exists()


# --- Races ---


def at_once(jobs):
    """Run jobs in threads of their own that begin together; returns results or exceptions."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return job()
        except Exception as problem:  # the test looks at it
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_agents_one_calls_a_person(centre, agent):
    row = coming(centre)
    operations.arrive(appointment=row, actor=agent)

    def call(counter):
        return lambda: operations.call(appointment=row, actor=agent, counter=counter)

    answers = at_once([call(1), call(2)])
    refused = [one for one in answers if isinstance(one, TransitionRefused)]
    called = [one for one in answers if isinstance(one, Appointment)]
    assert (len(called), len(refused)) == (1, 1)
    assert Appointment.objects.get(pk=row.pk).counter == called[0].counter


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ticket_numbers_leave_no_gap_and_are_given_once(centre, agent):
    files = [retiree(centre) for _ in range(5)]
    files.append(ApplicationFactory(submitted=True, mission=centre.mission))  # is refused

    def admit(application):
        return lambda: operations.admit_walk_in(
            application_id=application.pk, centre=centre, actor=agent
        )

    answers = at_once([admit(one) for one in [*files, files[0]]])
    assert sorted(WalkIn.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert sum(isinstance(one, AlreadyHere) for one in answers) == 1


# --- The page ---


@pytest.mark.parametrize(
    "typed",
    [
        lambda row: row.reference.lower().replace("-", " "),
        lambda row: row.application.reference,
        lambda row: f" {row.application.passport_number} ",
        lambda row: "BÉNALI",
        lambda row: f"https://guichet.example/appointments/{row.pk}/\r\n",
    ],
    ids=["reference", "file", "passport", "family name", "scanned address"],
)
def test_what_is_typed_or_scanned_leads_to_the_one_person(client, centre, typed):
    row = coming(centre)
    coming(centre, family_name="Mansouri")
    answer = client.post(address(centre), {"q": typed(row)})
    assert answer.status_code == 302
    assert f"open={row.reference}" in answer.url


def test_several_of_one_name_are_offered(client, centre):
    rows = [coming(centre), coming(centre)]
    page = text_of(client.post(address(centre), {"q": "benali"}))
    assert all(f"open={row.reference}" in page for row in rows)


def test_an_appointment_of_another_day_is_named_with_its_day(client, centre):
    row = coming(centre, days=3)
    answer = client.post(address(centre), {"q": row.reference})
    assert f"day={today() + timedelta(days=3)}&open={row.reference}" in text_of(answer)
    assert f"{centre.mission.name} · {centre.name}" in text_of(answer)  # names repeat elsewhere


def test_scan_enter_enter_is_arrived(client, centre):
    """A scanner types and presses Enter; the button that has the focus takes the second one."""
    row = coming(centre)
    found = client.post(address(centre), {"q": row.reference}, follow=True)
    assert found.status_code == 200
    html = unescape(found.content.decode())
    (focused,) = re.findall(r"<[a-z]+ [^>]*\bautofocus\b[^>]*>", html)
    button = re.search(r'value="([^"]+)"', focused)[1]
    after = press(client, centre, button)
    assert state_of(row) == "arrived"
    again = client.get(after.url)
    (focused,) = re.findall(r"<[a-z]+ [^>]*\bautofocus\b[^>]*>", again.content.decode())
    assert 'name="q"' in focused


def test_a_retiree_is_found_and_gets_a_ticket(client, centre):
    application = retiree(centre)
    page = text_of(client.post(address(centre), {"q": application.reference}))
    assert f"admit application {application.pk}" in page
    press(client, centre, f"admit application {application.pk}")
    assert WalkIn.objects.get().number == 1


def test_who_has_no_appointment_and_needs_one_gets_no_ticket(client, centre):
    application = ApplicationFactory(submitted=True, mission=centre.mission)
    page = text_of(client.post(address(centre), {"q": application.reference}))
    assert "admit application" not in page
    assert "RD-01" in page
    press(client, centre, f"admit application {application.pk}")
    assert not WalkIn.objects.exists()


def test_a_reason_is_kept_when_nothing_was_recorded(client, centre):
    row = coming(centre)
    operations.arrive(appointment=row, actor=staff(Role.AGENT, centre.mission))
    Appointment.objects.filter(pk=row.pk).update(state="served")
    answer = press(client, centre, f"not_accept appointment {row.pk}", reason="Photo missing")
    assert answer.status_code == 422


def test_a_file_is_not_accepted_with_a_reason_only(client, centre):
    row = coming(centre, "00:00")
    press(client, centre, f"not_accept appointment {row.pk}")
    assert state_of(row) == "booked"
    press(client, centre, f"not_accept appointment {row.pk}", reason="Photo missing")
    assert state_of(row) == "not_accepted"


def test_signs_that_no_database_keeps_are_left_out_of_a_reason(client, centre):
    row = coming(centre, "00:00")
    press(client, centre, f"not_accept appointment {row.pk}", reason="no\x00 form")
    assert Entry.objects.get(action="appointment.not_accept").reason == "no form"


def test_of_an_earlier_day_those_chosen_did_not_come(client, centre):
    rows = [coming(centre, days=-2) for _ in range(3)]
    day = today() - timedelta(days=2)
    assert days_to_close(centre, today()) == [(day, 3)]
    assert f"day={day}" in text_of(client.get(address(centre)))
    chosen = [f"appointment {row.pk}" for row in rows[:2]]
    press(client, centre, "miss-chosen", chosen=chosen, day=day.isoformat())
    assert [state_of(row) for row in rows] == ["no_show", "no_show", "booked"]


def test_a_day_to_come_has_no_buttons(client, centre):
    row = coming(centre, days=1)
    page = text_of(client.get(address(centre, today() + timedelta(days=1))))
    assert row.reference in page
    assert str(row.pk) not in page


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_an_empty_day_is_said_to_be_empty(client, centre, days):
    answer = client.get(address(centre, today() + timedelta(days=days)))
    assert answer.status_code == 200
    assert len(board(centre, today() + timedelta(days=days)).lines) == 0


def test_the_board_counts(centre, agent):
    called, waiting, missed = coming(centre), coming(centre), coming(centre, "00:00")
    coming(centre)
    for row in (called, waiting):
        operations.arrive(appointment=row, actor=agent)
    operations.call(appointment=called, actor=agent)
    now = timezone.now()
    Appointment.objects.filter(pk=called.pk).update(
        arrived_at=now - timedelta(minutes=12), called_at=now
    )
    operations.close(appointment=missed, step="miss", actor=agent)
    day = board(centre, today())
    assert [number for _label, number in day.counts][:6] == [1, 1, 1, 0, 1, 0]
    assert "12" in str(day.counts[6][1])
    assert day.called[0].waits == 12


def test_a_board_is_read_with_one_trace_and_a_person_with_one(client, centre, agent):
    row = coming(centre)
    coming(centre)
    client.get(address(centre))
    assert [(one.subject_type, one.subject_id) for one in Access.objects.all()] == [
        ("appointments.centre", str(centre.pk))
    ]
    client.get(address(centre, open=row.reference))
    assert Access.objects.filter(subject_id=str(row.pk), actor_id=agent.pk).count() == 1


def test_foreign_missions_are_not_there(client, centre):
    other = CentreFactory(mission=MissionFactory(state="DE"))
    row = coming(other)
    assert client.get(address(other)).status_code == 404
    assert press(client, centre, f"arrive appointment {row.pk}").status_code == 404
    assert press(client, other, f"arrive appointment {row.pk}").status_code == 404
    assert row.application.traveller not in text_of(
        client.post(address(centre), {"q": row.reference})
    )
    assert state_of(row) == "booked"


def test_who_may_not_change_appointments_has_no_board(centre):
    client = signed_in(staff(Role.SUPERVISOR, centre.mission), "password", "mfa")
    assert client.get(address(centre)).status_code == 403


@pytest.mark.parametrize(
    "do", ["", "arrive", "arrive appointment x", "delete appointment 1 2", "arrive walk-in 1"]
)
def test_buttons_that_do_not_exist_do_nothing(client, centre, do):
    assert press(client, centre, do).status_code == 404


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_shows_today(client, centre, day):
    row = coming(centre)
    assert row.reference in text_of(client.get(f"{reverse(BOARD)}?day={day}"))


def many(centre, count):
    """Put `count` people on today's board without booking each."""
    slot = SlotFactory(centre=centre, starts_at=at("10:00") + timedelta(minutes=count))
    for application in ApplicationFactory.create_batch(
        count, mission=centre.mission, owner=ApplicationFactory().owner, state="booked"
    ):
        Appointment.objects.create(
            application=application,
            slot=slot,
            state_code="FR",
            traveller_key=application.traveller_key,
        )


def test_the_board_asks_as_often_for_300_people_as_for_three(
    client, centre, django_assert_num_queries
):
    many(centre, 3)
    client.get(address(centre))
    with connection.execute_wrapper(counting := Counting()):
        client.get(address(centre))
    few = counting.queries
    many(centre, 297)
    with django_assert_num_queries(few):
        page = client.get(address(centre))
    assert text_of(page).count("arrive appointment ") == 300


class Counting:
    """Counts the queries of a connection."""

    def __init__(self):
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)


# --- On paper ---


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_list_on_paper_has_everybody_to_come_and_little_of_the_passport(centre, language):
    row = coming(centre, "09:20", family_name="Belkacem", passport_number="987654321")
    coming(centre, "00:00", family_name="بن علي", given_names="أمين")
    read = words(day_list(centre, today(), language))
    assert row.reference in read
    assert "Belkacem" in read
    assert "321" in read
    assert "987654321" not in read


def test_the_list_is_given_to_agents_and_leaves_a_trace(client, centre):
    answer = client.get(
        reverse("admin:appointments_board_list"), {"centre": centre.code, "day": str(today())}
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert Access.objects.filter(what__contains="on paper").count() == 1


# --- The traveller's side ---


def test_the_page_of_an_appointment_shows_the_code_until_it_is_over(centre, agent):
    row = coming(centre)
    client = signed_in(row.application.owner, "code")
    page = reverse("appointments:detail", args=[row.pk])
    assert 'src="data:image/svg+xml' in text_of(client.get(page))
    operations.arrive(appointment=row, actor=agent)
    here = text_of(client.get(page))
    assert 'src="data:image/svg+xml' in here
    assert reverse("appointments:cancel", args=[row.pk]) not in here
    operations.close(appointment=row, step="serve", actor=agent)
    assert "data:image/svg+xml" not in text_of(client.get(page))
