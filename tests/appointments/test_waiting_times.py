"""How soon people get appointments, for staff: within two weeks as a rule (RD-10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments import waiting_times
from appointments.models import Appointment, Slot
from appointments.rules.law import LAW
from appointments.rules.target import is_within_target
from portal.dates import civil_date
from tests.actors import staff_client
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, SlotFactory, booked

pytestmark = pytest.mark.django_db
ASKED = date(2026, 3, 2)


@pytest.mark.parametrize(("days", "within"), [(0, True), (14, True), (15, False)])
def test_rd_10_fourteen_days_are_within_fifteen_are_late(days, within):
    law = LAW.on(ASKED)
    assert is_within_target(ASKED, ASKED + timedelta(days=days), law) is within


def slot_in(days: int, centre=None, **more) -> Slot:
    """At noon of a day so many days from today."""
    moment = timezone.now().replace(hour=11, minute=0, second=0, microsecond=0)
    while (civil_date(moment) - civil_date(timezone.now())).days < days:
        moment += timedelta(days=1)
    return SlotFactory(centre=centre or CentreFactory(), starts_at=moment, **more)


def only_line(centre):
    [line] = waiting_times.lines([centre], timezone.now())
    return line


@pytest.mark.parametrize(("days", "within"), [(14, True), (15, False)])
def test_rd_10_the_next_free_place_is_the_first_that_can_be_booked(days, within):
    centre = CentreFactory(notice_hours=72)
    slot_in(2, centre)  # within the notice
    slot_in(5, centre, seats=1, taken=1)
    slot = slot_in(days, centre)
    slot_in(days + 3, centre)
    line = only_line(centre)
    assert (line.next_free, line.days, line.is_within) == (slot.starts_at, days, within)


def test_rd_10_the_share_counts_bookings_of_thirty_days():
    centre = CentreFactory()
    first, late = slot_in(14, centre), slot_in(15, centre)
    for slot in (first, first, late, late):
        booked(ApplicationFactory(submitted=True), slot)
    old = Appointment.objects.filter(slot=late).first()
    Appointment.objects.filter(pk=old.pk).update(booked_at=timezone.now() - timedelta(days=31))
    line = only_line(centre)
    assert (line.booked, line.within, line.percent) == (3, 2, 66)


def test_urgent_cases_are_on_top_then_whoever_waits_longest():
    now = timezone.now()
    centre = CentreFactory()
    quick = ApplicationFactory(submitted=True, submitted_at=now - timedelta(days=14))
    late = ApplicationFactory(submitted=True, submitted_at=now - timedelta(days=15))
    urgent = ApplicationFactory(submitted=True, is_urgent=True)
    ApplicationFactory(submitted=True, retiree_card=True)
    ApplicationFactory()  # a draft
    booked(ApplicationFactory(submitted=True), slot_in(4, centre))
    people, total = waiting_times.waiting([centre], now)
    assert [one.reference for one in people] == [urgent.reference, late.reference, quick.reference]
    assert [one.is_late for one in people] == [False, True, False]
    assert total == 3


def page(client):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(reverse("admin:appointments_centre_waiting"))
    assert answer.status_code == 200
    return answer, len(asked)


def test_the_page_costs_the_same_however_many_centres_and_people():
    mission = MissionFactory()
    client = staff_client("agent", mission)
    first = CentreFactory(mission=mission)
    slot_in(3, first)
    page(client)
    _answer, before = page(client)
    for number in range(4):
        centre = CentreFactory(mission=mission, code=f"more-{number}")
        booked(ApplicationFactory(submitted=True, mission=mission), slot_in(3, centre))
        ApplicationFactory(submitted=True, mission=mission)
    answer, after = page(client)
    assert after == before
    assert answer.content.decode().count("<meter") == 4


def test_an_agent_sees_the_own_missions_and_no_names():
    own, other = MissionFactory(), MissionFactory(state="DE")
    mine = ApplicationFactory(submitted=True, mission=own, family_name="Zerrouki")
    theirs = ApplicationFactory(submitted=True, mission=other)
    slot_in(3, CentreFactory(mission=own))
    slot_in(3, CentreFactory(mission=other))
    text = page(staff_client("agent", own))[0].content.decode()
    assert mine.reference in text
    assert theirs.reference not in text
    assert "Zerrouki" not in text


def test_applicants_are_promised_nothing(client):
    centre = CentreFactory()
    slot_in(20, centre)
    text = client.get(reverse("appointments:centre", args=[centre.code])).content.decode()
    assert "RD-10" not in text
    assert Appointment.objects.count() == 0
