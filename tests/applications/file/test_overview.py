"""The list of a household's files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import operations
from applications.enums import ApplicationState as State
from tests.actors import applicant_client
from tests.applications.file.states import in_state
from tests.factories import UserFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return UserFactory(language="en")


def page_of(owner, language="en"):
    client = applicant_client(owner)
    client.cookies["guichet_language"] = language
    return client.get(reverse("applications:list"))


def household(owner, start=0):
    files = {}
    for number, state in enumerate(State.values, start):
        files[state], agent = in_state(
            state,
            owner=owner,
            given_names=f"Person {number}",
            passport_number=f"55500{number:04}",
        )
        if state != State.DRAFT:
            operations.write(application_id=files[state].pk, author=agent, text="Hello")
    return files


def test_every_file_shows_who_where_and_its_next_thing(owner):
    files = household(owner)
    page = page_of(owner)
    cards = {card.application.state: card for card in page.context["under_way"]}
    assert [card.application.state for card in page.context["over"]] == ["withdrawn"]
    assert set(cards) == set(State.values) - {"withdrawn"}
    text = text_of(page)
    for application in files.values():
        assert application.traveller in text
        assert application.reference in text
    asked = cards["papers_asked"]
    assert asked.next.url == reverse("applications:papers", args=[asked.application.pk])
    assert asked.request is not None
    assert cards["booked"].appointment is not None
    assert cards["filed"].unread == 1
    assert cards["draft"].next.url == reverse("applications:check", args=[files["draft"].pk])


def test_who_withdraws_is_asked_for_nothing(owner):
    application, _agent = in_state("papers_asked", owner=owner)
    operations.withdraw(application_id=application.pk, owner=owner)
    assert page_of(owner).context["over"][0].request is None
    client = applicant_client(owner)
    client.cookies["guichet_language"] = "en"
    hub = client.get(reverse("applications:detail", args=[application.pk]))
    assert "runs on meanwhile" not in text_of(hub)


def test_the_list_takes_the_same_number_of_queries_for_any_household(owner):
    counts = []
    for number in range(2):
        household(owner, start=20 * number)
        client = applicant_client(owner)
        client.get(reverse("applications:list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("applications:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9, counts


def test_nobody_sees_the_files_of_others(owner):
    household(owner)
    stranger = text_of(page_of(UserFactory()))
    assert "Person 1" not in stranger


@pytest.mark.parametrize("language", ["fr", "de", "ar", "en"])
def test_an_account_without_files_is_told_how_to_begin(owner, language):
    page = page_of(owner, language)
    assert page.status_code == 200
    assert reverse("applications:start") in page.content.decode()
