"""Whoever looks at a list of people leaves one trace per page."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import operations as audit
from portal.audit.chain import head_of
from portal.audit.models import Access, Entry
from portal.audit.traced import TracedList
from portal.missions.models import Mission
from portal.outbox.models import Message, recipient_key
from tests import factories
from tests.actors import signed_in, staff

pytestmark = pytest.mark.django_db

# Models whose lists show nobody: places, times, rows of law.
NOBODY = {
    *("missions.mission", "missions.providerperiod"),
    *("appointments.centre", "appointments.slot", "appointments.centreswitch"),
    "appointments.paymentnotice",  # references of payments
    "appointments.board",  # leaves a trace of its own, on the centre
}


@pytest.fixture
def mission():
    return factories.MissionFactory()


@pytest.fixture
def agent(mission):
    return staff(Role.AGENT, mission)


@pytest.fixture
def client(agent):
    return signed_in(agent, "password", "mfa")


def files(mission, count):
    return [
        factories.ApplicationFactory(mission=mission, state="submitted", family_name="Benali")
        for _ in range(count)
    ]


def look(client, name="applications_application", **asked):
    answer = client.get(reverse(f"admin:{name}_changelist"), asked)
    assert answer.status_code == 200
    return answer


def test_a_page_of_files_leaves_one_trace_with_the_files_shown(client, agent, mission):
    shown = files(mission, 3)
    files(Mission.objects.create(code="x", state="FR", post="x", names={"en": "X"}), 1)
    look(client, state__exact="submitted")
    access = Access.objects.get()
    assert (access.actor_id, access.what, access.subject_id) == (agent.pk, "admin list", "list")
    assert (access.subject_type, access.mission_id) == ("applications.application", mission.pk)
    assert set(access.details["ids"]) == {str(row.pk) for row in shown}
    assert access.details["rows"] == 3
    assert access.details["filters"] == {"state__exact": ["submitted"]}


def test_words_of_a_search_are_not_written_down(client, mission):
    files(mission, 1)
    look(client, q="Benali")
    look(client, q="benali")
    look(client, q="Haddad")
    first, same, other = [one.details for one in Access.objects.order_by("pk")]
    assert first["search_length"] == 6
    assert first["search"] == same["search"] != other["search"]
    assert "enali" not in str(first)


def test_an_empty_list_leaves_a_trace_too(client):
    look(client)
    assert Access.objects.get().details == {"page": 1, "rows": 0, "ids": []}


def test_a_list_costs_the_same_however_many_files(client, mission):
    counts = []
    for more in (1, 6):
        files(mission, more)
        look(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "name",
    [
        *("applications_application", "applications_document", "applications_hostingcertificate"),
        *("applications_hostedapplication", "appointments_appointment"),
    ],
)
def test_lists_of_agents_leave_a_trace(client, name):
    look(client, name)
    assert Access.objects.get().subject_type == name.replace("_", ".")


def test_every_list_knows_how_its_rows_lead_to_a_mission():
    for model, page in admin.site._registry.items():
        if path := getattr(page, "mission_path", ""):
            assert not model.objects.order_by().values_list(path, flat=True)


def test_every_list_of_people_is_traced():
    for model, page in admin.site._registry.items():
        if model._meta.label_lower in NOBODY:
            assert not isinstance(page, TracedList)
        else:
            assert isinstance(page, TracedList), model


@pytest.mark.parametrize("model", [User, Message, Entry, Access])
def test_an_administrator_leaves_traces_too(model, mission):
    chief = signed_in(staff(Role.ADMINISTRATOR), "password", "mfa")
    audit.record(actor=None, action="a", subject=mission)
    look(chief, f"{model._meta.app_label}_{model._meta.model_name}")
    assert Access.objects.get().subject_type == model._meta.label_lower


def test_opening_an_account_or_a_message_leaves_a_trace(mission):
    chief = signed_in(staff(Role.ADMINISTRATOR), "password", "mfa")
    message = Message.objects.create(
        kind="note",
        subject="test:1",
        version=1,
        mission=mission,
        recipient="amina@example.org",
        recipient_key=recipient_key("amina@example.org"),
    )
    for row in (factories.UserFactory(), message):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        assert chief.get(reverse(name, args=[row.pk])).status_code == 200
        assert Access.objects.latest("pk").subject_id == str(row.pk)


def test_the_trail_shows_the_head_of_its_chain(mission):
    chief = signed_in(staff(Role.ADMINISTRATOR), "password", "mfa")
    audit.record(actor=None, action="a", subject=mission)
    answer = look(chief, "audit_entry")
    assert (answer.context["head"], answer.context["open_rows"]) == (head_of(None), 1)
    assert 'class="head-of-chain">0:<' in answer.content.decode()
