"""How a centre manager plans, announces, ends and declares a maintenance in the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.models import Maintenance, Slot
from portal.accounts.roles import Role
from portal.dates import ALGIERS
from tests.actors import signed_in, staff
from tests.appointments.closed import announced, slot_at
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, booked

pytestmark = pytest.mark.django_db
ADD = "/admin/appointments/maintenance/add/"


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(centre):
    client = signed_in(staff(Role.CENTRE_MANAGER, centre.mission), "password", "mfa")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def local(moment):
    return moment.astimezone(ALGIERS).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def start():
    ahead = timezone.now().astimezone(ALGIERS) + timedelta(days=9)
    return ahead.replace(hour=15, minute=30, second=0, microsecond=0)


def sent(centre, *hours, **more):
    data = {
        "mission": centre.mission.pk,
        "suspends": ["new_forms", "booking"],
        "reason": "update",
        "hours-TOTAL_FORMS": len(hours),
        "hours-INITIAL_FORMS": 0,
        **more,
    }
    for number, (begin, end, until) in enumerate(hours):
        data |= {f"hours-{number}-start": local(begin), f"hours-{number}-end": local(end)}
        data[f"hours-{number}-until"] = until.isoformat() if until else ""
    return data


def test_a_manager_plans_several_windows_for_all_centres_and_announces(manager, centre, start):
    CentreFactory(mission=centre.mission, code="second")
    inside = slot_at(centre, start)
    runs_into = slot_at(centre, start - timedelta(minutes=15))
    for slot in (inside, runs_into):
        booked(ApplicationFactory(submitted=True), slot)
    end, weeks = start + timedelta(hours=4), (start + timedelta(days=22)).date()
    rows = ((start, end, None), (start + timedelta(days=1), end + timedelta(days=1), weeks))
    page = manager.post(ADD, sent(centre, *rows), follow=True).content.decode()
    row = Maintenance.objects.get()
    assert row.windows.count() == 2 * (1 + 4)
    assert "1 appointment starts inside" in page
    assert "1 starts before and runs into it" in page
    step = reverse("admin:appointments_maintenance_step", args=[row.pk, "announce"])
    assert "1 appointment starts inside" in manager.get(step).content.decode()
    manager.post(step, {"reason": ""})
    row.refresh_from_db()
    inside.refresh_from_db()
    assert (row.state, inside.is_suspended) == ("announced", True)


def test_what_was_filled_in_stays_when_something_is_wrong(manager, centre, start):
    rows = [(start, start - timedelta(hours=1), None)]
    response = manager.post(ADD, sent(centre, *rows, note="Keep me"))
    assert response.status_code == 422
    assert b"Keep me" in response.content
    assert b"The end must come after the start." in response.content
    assert not Maintenance.objects.exists()


def test_a_recurrence_that_ends_before_it_starts_is_asked_about(manager, centre, start):
    rows = [(start, start + timedelta(hours=1), (start - timedelta(days=1)).date())]
    response = manager.post(ADD, sent(centre, *rows))
    assert response.status_code == 422
    assert b"The end must come after the start." in response.content
    assert not Maintenance.objects.exists()


def test_more_rows_keep_what_is_there(manager, centre, start):
    rows = [(start, start + timedelta(hours=1), None)]
    page = manager.post(ADD, sent(centre, *rows, more="1")).content.decode()
    assert local(start) in page
    assert 'name="hours-3-start"' in page


def test_centres_of_another_mission_cannot_be_named(manager, centre, start):
    foreign = CentreFactory(mission=MissionFactory(state="DE"))
    rows = [(start, start + timedelta(hours=1), None)]
    assert manager.post(ADD, sent(centre, *rows, centres=[foreign.pk])).status_code == 422
    assert not Maintenance.objects.exists()


def test_overlapping_windows_are_explained(manager, centre, start):
    announced([centre], [(start, start + timedelta(hours=2))])
    manager.post(ADD, sent(centre, (start, start + timedelta(hours=1), None)))
    draft = Maintenance.objects.get(state="draft")
    step = reverse("admin:appointments_maintenance_step", args=[draft.pk, "announce"])
    page = manager.post(step, {"reason": ""}, follow=True).content.decode()
    assert "would overlap" in page


def test_an_emergency_takes_one_form(manager, centre):
    page = manager.get("/admin/appointments/maintenance/").content.decode()
    assert reverse("admin:appointments_maintenance_emergency") in page
    until = timezone.now() + timedelta(hours=3)
    data = {"mission": centre.mission.pk, "suspends": ["all_writes"], "reason": "breakdown"}
    data["until"] = local(until)
    manager.post(reverse("admin:appointments_maintenance_emergency"), data)
    row = Maintenance.objects.get()
    assert (row.state, row.is_emergency) == ("announced", True)
    assert row.windows.get().hours.lower <= timezone.now()


def test_shortening_extending_and_calling_off(manager, centre, start):
    row = announced([centre], [(start, start + timedelta(hours=4))])
    window, slot = row.windows.get(), slot_at(centre, start + timedelta(hours=3))
    Slot.objects.filter(pk=slot.pk).update(is_suspended=True, released=0)
    address = reverse("admin:appointments_maintenance_end", args=[row.pk])
    new = {"windows": [window.pk], "reason": "Faster"}
    late = manager.post(address, {**new, "end": local(start + timedelta(hours=5)), "shorten": 1})
    assert late.status_code == 422
    manager.post(address, {**new, "end": local(start + timedelta(hours=3)), "shorten": 1})
    slot.refresh_from_db()
    assert not slot.is_suspended
    manager.post(address, {**new, "end": local(start + timedelta(hours=5)), "extend": 1})
    window.refresh_from_db()
    assert window.hours.upper == start + timedelta(hours=5)
    step = reverse("admin:appointments_maintenance_step", args=[row.pk, "call-off"])
    manager.post(step, {"reason": "Not needed"})
    row.refresh_from_db()
    assert row.state == "called_off"
