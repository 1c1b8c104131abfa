"""What a manager fills in about a centre: which one, on which days (CV-01, AT-07, RD-08)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import CentreSwitch, Draw, ReleasePlan
from portal.accounts.roles import Role
from tests.actors import applicant_client, staff_client
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, SlotFactory, booked
from tests.pages import says

pytestmark = pytest.mark.django_db
ALIKE = {"fr": "Centre de dépôt, Alger"}


@pytest.fixture
def two():
    """A centre of two states each, in one town and under one name."""
    return [
        CentreFactory(
            code=state.lower(), names=ALIKE, mission=MissionFactory(state=state, post="algiers")
        )
        for state in ("DE", "FR")
    ]


@pytest.mark.parametrize("page", ["draw_add", "releaseplan_add", "centreswitch_add"])
def test_two_centres_of_one_name_are_told_apart_by_their_mission(two, page):
    manager = staff_client(Role.CENTRE_MANAGER, *(one.mission for one in two))
    answer = manager.get(reverse(f"admin:appointments_{page}"))
    for one in two:
        assert says(answer, f"{one.mission.name} · {one.name}</option>")


def test_everybody_reads_for_which_state_a_centre_is(two):
    for one in two:
        answer = Client().get(reverse("appointments:centre", args=[one.code]))
        assert says(answer, one.mission.name)
        report = Client().get(reverse("appointments:report"))
        assert says(report, f"{one.mission.name} · {one.name}</option>")


def test_the_list_of_appointments_tells_two_states_apart(two):
    application = ApplicationFactory(submitted=True, mission=two[0].mission)
    booked(application, SlotFactory(centre=two[0]))
    answer = applicant_client(application.owner).get(reverse("appointments:list"))
    assert says(answer, f"{two[0].mission.name} · {two[0].name}")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("button", ["announce", "preview"])
def test_a_draw_for_a_day_of_no_calendar_is_refused_at_its_field(two, day, button):
    manager = staff_client(Role.CENTRE_MANAGER, two[0].mission)
    sent = {
        "centre": two[0].pk,
        "service": "short_stay",
        "first_day": day,
        "last_day": day,
        "opens_at": f"{day}T10:00",
        "closes_at": f"{day}T11:00",
        "acceptance_hours": "48",
        "source": "A lottery",
        button: "1",
    }
    answer = manager.post(reverse("admin:appointments_draw_add"), sent)
    assert answer.status_code == 422
    assert {"first_day", "last_day"} <= answer.context["form"].errors.keys()
    assert not Draw.objects.exists()


def test_a_switch_for_no_day_is_not_saved_as_if_it_held(two):
    manager = staff_client(Role.CENTRE_MANAGER, two[0].mission)
    one_day = {"valid_0": "2027-02-28", "valid_1": "2027-02-28"}
    sent = {"centre": two[0].pk, "name": "code", "is_on": "on", **one_day}
    url = reverse("admin:appointments_centreswitch_add")
    answer = manager.post(url, sent)
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert [error.code for error in form.errors.as_data()["valid"]] == ["no_day"]
    assert not CentreSwitch.objects.exists()
    assert manager.post(url, sent | {"valid_1": "2027-03-01"}).status_code == 302
    assert CentreSwitch.objects.get().valid.upper.isoformat() == "2027-03-01"


def test_a_plan_for_no_day_is_refused_in_words(two):
    manager = staff_client(Role.CENTRE_MANAGER, two[0].mission)
    sent = {
        "centre": two[0].pk,
        "service": "short_stay",
        "days_0": "2028-02-29",
        "days_1": "2028-02-29",
        "windows-TOTAL_FORMS": "0",
        "windows-INITIAL_FORMS": "0",
    }
    answer = manager.post(reverse("admin:appointments_releaseplan_add"), sent)
    errors = answer.context["adminform"].form.errors.as_data()
    assert [error.code for error in errors["days"]] == ["no_day"]
    assert not ReleasePlan.objects.exists()


def test_staff_read_whose_waiting_times_and_whose_hours_they_look_at(two):
    manager = staff_client(Role.CENTRE_MANAGER, *(one.mission for one in two))
    for one in two:
        SlotFactory(centre=one)
    waiting = manager.get(reverse("admin:appointments_centre_waiting"))
    for one in two:
        assert says(waiting, f"{one.mission.name} · {one.name}")
        hours = manager.get(reverse("admin:appointments_centre_hours", args=[one.pk]))
        assert says(hours, f"{one.mission.name} · {one.name}")
