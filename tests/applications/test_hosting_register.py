"""The register of hosting certificates: found by number, reuse flagged with its reason, traced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.hosting_flags import PLAUSIBLE_PEOPLE, flags_of, with_flags
from applications.models import HostedApplication, HostingCertificate
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from tests.actors import staff_client
from tests.applications.test_hosting import added, german, today
from tests.factories import ApplicationFactory, MissionFactory
from tests.pages import says, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:applications_hostingcertificate_changelist")


def page_of(row, model="hostingcertificate"):
    return reverse(f"admin:applications_{model}_change", args=[row.pk])


def codes(certificate):
    row = with_flags(HostingCertificate.objects.filter(pk=certificate.pk)).get()
    return {flag.code for flag in flags_of(row)}


def flag_reason(certificate):
    row = with_flags(HostingCertificate.objects.filter(pk=certificate.pk)).get()
    return flags_of(row)[0].reason


@pytest.fixture
def application():
    return german(submitted=True)


@pytest.fixture
def certificate(application):
    return added(application)


@pytest.fixture
def agent(application):
    return staff_client(Role.AGENT, application.mission)


def listed(client, **query):
    return {row.pk for row in client.get(LIST, query).context["cl"].result_list}


def test_an_honest_certificate_has_no_flag(certificate):
    assert codes(certificate) == set()


def test_the_same_number_in_another_account_is_flagged_on_both(certificate):
    other = added(german())
    assert codes(certificate) == codes(other) == {"OTHER_ACCOUNT"}


@pytest.mark.parametrize(
    "answers", [{"confirmed_on": today() - timedelta(days=3)}, {"authority": "Stadt Bonn"}], ids=str
)
def test_the_same_number_told_differently_is_flagged(certificate, answers):
    other = added(german(), **answers)
    assert codes(other) == {"OTHER_ACCOUNT", "TOLD_DIFFERENTLY"}
    assert codes(certificate) == codes(other)


def test_the_same_number_for_another_state_is_another_paper(certificate):
    french = ApplicationFactory(purpose="family_visit", details={"own_means": "none"})
    assert codes(added(french)) == set()


@pytest.mark.parametrize(("people", "flagged"), [(PLAUSIBLE_PEOPLE, False), (9, True)])
def test_more_people_than_a_household_are_flagged(people, flagged):
    first = german()
    others = [german(owner=first.owner) for _ in range(people - 1)]
    assert codes(added(first, *others)) == ({"MANY_PEOPLE"} if flagged else set())


def test_people_are_counted_over_all_accounts():
    for _ in range(3):
        first = german()
        last = added(first, *[german(owner=first.owner) for _ in range(2)])
    assert codes(last) == {"OTHER_ACCOUNT", "MANY_PEOPLE"}


def test_one_person_with_two_applications_is_one_person():
    first = german(passport_number="111111111")
    same = [german(owner=first.owner, passport_number="111111111") for _ in range(10)]
    assert codes(added(first, *same)) == set()


@pytest.mark.parametrize("term", ["VE 2026/4711", "ve20264711", " VE-2026-4711 "])
def test_it_is_found_by_its_whole_number(agent, certificate, term):
    added(german(), number="VE 2026/4712")
    assert listed(agent, q=term) == {certificate.pk}


@pytest.mark.parametrize("term", ["4711", "VE", "Karim", "%", "'; --"])
def test_parts_of_a_number_and_names_find_nothing(agent, certificate, term):
    assert listed(agent, q=term) == set()


def test_it_is_found_by_the_reference_of_a_file(agent, application, certificate):
    assert listed(agent, q=application.reference.lower()) == {certificate.pk}


def test_only_the_flagged_can_be_listed(agent, certificate):
    honest = added(german(), number="VE 1")
    added(german())
    assert honest.pk in listed(agent)
    assert honest.pk not in listed(agent, flagged="1")
    assert certificate.pk in listed(agent, flagged="1")


def test_the_reason_of_a_flag_is_on_the_page_and_the_other_certificate_is_linked(
    agent, certificate
):
    other = added(german())
    page = agent.get(page_of(certificate))
    assert says(page, flag_reason(certificate))
    assert page_of(other) in text_of(page)


def test_other_missions_see_neither_the_certificate_nor_its_files(certificate, application):
    stranger = staff_client(Role.AGENT, MissionFactory(state="FR", post="oran"))
    assert listed(stranger) == set()
    assert stranger.get(page_of(certificate)).status_code == 302
    assert stranger.get(page_of(application.hosted, "hostedapplication")).status_code == 302


def test_a_twin_of_another_mission_is_counted_but_not_shown(certificate, agent):
    bonn = MissionFactory(state="DE", post="oran")
    hidden = ApplicationFactory(mission=bonn, purpose="family_visit", details={"own_means": "none"})
    twin = added(hidden)
    shown = text_of(agent.get(page_of(certificate)))
    assert page_of(twin) not in shown
    assert hidden.reference not in shown
    assert "OTHER_ACCOUNT" in codes(certificate)


def test_reading_leaves_a_trace(agent, certificate):
    agent.get(page_of(certificate))
    access = Access.objects.get(subject_type="applications.hostingcertificate")
    assert access.subject_id == str(certificate.pk)


def test_an_agent_notes_that_the_original_was_seen(agent, application, certificate):
    hosted = application.hosted
    step = reverse("admin:applications_hostedapplication_step", args=[hosted.pk, "original"])
    assert step in text_of(agent.get(page_of(certificate)))
    assert agent.get(step).status_code == 200
    agent.post(step)
    assert HostedApplication.objects.get().original is True
    entry = Entry.objects.get(action="hosting.original_seen")
    assert (entry.subject_id, entry.mission) == (str(hosted.pk), application.mission)
    history = reverse("admin:applications_hostedapplication_history", args=[hosted.pk])
    assert agent.get(history).status_code == 200


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_others_read_and_note_nothing(application, certificate, role):
    client = staff_client(role, application.mission)
    assert client.get(page_of(certificate)).status_code == 200
    hosted = application.hosted
    step = reverse("admin:applications_hostedapplication_step", args=[hosted.pk, "original"])
    assert client.post(step).status_code == 403
    assert HostedApplication.objects.get().original is None


def test_the_list_asks_the_database_no_more_for_more_rows(agent, certificate):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert agent.get(LIST).status_code == 200
        return len(seen)

    agent.get(LIST)
    few = queries()
    for number in range(6):
        added(german(), number=f"VE {number % 2}")
    assert queries() == few
