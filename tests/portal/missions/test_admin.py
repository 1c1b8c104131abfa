"""What an administrator writes into the free fields of a mission can be read by every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.missions.models import Mission
from tests.actors import staff_client
from tests.factories import CentreFactory, MissionFactory

pytestmark = pytest.mark.django_db

GOOD = {
    "names": '{"fr": "Consulat", "de": "Konsulat"}',
    "rulesets": '{"PA": "current"}',
    "letterhead": '{"fr": ["1, rue", "+213"]}',
}


def sent(mission: Mission, **typed: str):
    address = reverse("admin:missions_mission_change", args=[mission.pk])
    form = {
        "code": mission.code,
        "state": mission.state,
        "post": mission.post,
        "envelope": mission.envelope,
        "is_active": "on",
        "languages-TOTAL_FORMS": "0",
        "languages-INITIAL_FORMS": "0",
        **(GOOD | typed),
    }
    return staff_client(Role.ADMINISTRATOR).post(address, form)


def test_what_is_written_as_it_should_be_is_kept():
    mission = MissionFactory()
    assert sent(mission).status_code == 302
    mission.refresh_from_db()
    assert (mission.names["de"], mission.rulesets) == ("Konsulat", {"PA": "current"})
    assert mission.letterhead == {"fr": ["1, rue", "+213"]}


def test_what_may_be_empty_can_be_emptied():
    mission = MissionFactory()
    assert sent(mission, rulesets="", letterhead="").status_code == 302
    mission.refresh_from_db()
    assert (mission.rulesets, mission.letterhead) == ({}, {})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("names", "5"),
        ("names", "{}"),
        ("names", '{"fr": 5}'),
        ("names", '{"fr": " "}'),
        ("names", '{"français": "Consulat"}'),
        ("rulesets", "[1]"),
        ("rulesets", '{"PA": "curent"}'),
        ("rulesets", '{"PA": ["current"]}'),
        ("letterhead", "7"),
        ("letterhead", '{"fr": "1, rue"}'),
    ],
)
def test_what_no_page_could_read_is_refused_beside_its_field(field, typed):
    mission = MissionFactory()
    answer = sent(mission, **{field: typed})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert answer.context["adminform"].form[field].value() == typed
    before = getattr(mission, field)
    mission.refresh_from_db()
    assert getattr(mission, field) == before


@pytest.mark.parametrize(("field", "typed"), [("names", "5"), ("addresses", '{"fr": 5}')])
def test_a_centre_is_held_to_the_same(field, typed):
    centre = CentreFactory()
    form = {
        "names": GOOD["names"],
        "addresses": GOOD["names"],
        "post": centre.post,
        "horizon_days": centre.horizon_days,
        "notice_hours": centre.notice_hours,
        "is_active": "on",
        "opening_hours-TOTAL_FORMS": "0",
        "opening_hours-INITIAL_FORMS": "0",
        "closures-TOTAL_FORMS": "0",
        "closures-INITIAL_FORMS": "0",
    }
    client = staff_client(Role.CENTRE_MANAGER, centre.mission)
    address = reverse("admin:appointments_centre_change", args=[centre.pk])
    assert client.post(address, form).status_code == 302
    answer = client.post(address, form | {field: typed})
    assert list(answer.context["adminform"].form.errors) == [field]
