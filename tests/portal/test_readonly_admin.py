"""Messages and traces in the admin: shown by mission and right, changed by nobody."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Access, Entry
from portal.missions.models import Mission
from portal.outbox.models import Message, recipient_key
from portal.outbox.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def missions():
    return [
        Mission.objects.create(code=post, state="FR", post=post, names={"en": post})
        for post in ("oran", "annaba")
    ]


@pytest.fixture
def agent(missions):
    person = User.objects.create_user("agent@example.org", is_staff=True)
    person.missions.add(missions[0])
    person.user_permissions.set(Permission.objects.filter(codename="view_message"))
    return person


def request_of(person, method="get", path="/"):
    request = getattr(RequestFactory(), method)(path)
    request.user = person
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def message(mission, version=1, **fields):
    return Message.objects.create(
        kind="note",
        subject="test:1",
        version=version,
        mission=mission,
        recipient="amina@example.org",
        recipient_key=recipient_key("amina@example.org"),
        context={"code": "482913"},
        **fields,
    )


@pytest.mark.parametrize("model", [Message, Entry, Access])
def test_nobody_changes_them_by_hand_not_even_an_administrator(model):
    chief = User.objects.create_superuser("chief@example.org", "long enough for us")
    page, request = admin.site._registry[model], request_of(chief)
    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)


def test_an_agent_sees_the_messages_of_the_own_missions_only(missions, agent):
    own, _other = message(missions[0]), message(missions[1], version=2)
    message(None, version=3)
    page = admin.site._registry[Message]
    assert list(page.get_queryset(request_of(agent))) == [own]


def test_a_supervisor_sees_the_traces_of_the_own_missions_only(missions, agent):
    for mission in missions:
        audit.record(actor=None, action="a", subject=mission, mission=mission)
    page = admin.site._registry[Entry]
    assert [row.mission for row in page.get_queryset(request_of(agent))] == [missions[0]]


def test_a_message_is_found_by_the_whole_address(missions, agent):
    own = message(missions[0])
    page = admin.site._registry[Message]
    rows = page.get_queryset(request_of(agent))
    for typed, found in (("Amina@example.org ", [own]), ("amina@example.com", [])):
        assert list(page.get_search_results(request_of(agent), rows, typed)[0]) == found


def test_the_content_of_a_message_is_never_shown(missions, agent):
    page = admin.site._registry[Message]
    answer = page.change_view(request_of(agent), str(message(missions[0]).pk))
    answer.render()
    assert "amina@example.org" in answer.content.decode()
    assert "482913" not in answer.content.decode()


def test_send_again_takes_what_was_not_reached_and_leaves_the_rest(missions, agent):
    message(missions[0], state=State.NOT_REACHED)
    message(missions[0], version=2, state=State.SENT)
    page, request = admin.site._registry[Message], request_of(agent, "post")
    assert "send_again" in page.get_actions(request)
    page.send_again(request, page.get_queryset(request))
    assert set(Message.objects.values_list("version", "state")) == {
        (1, State.QUEUED),
        (2, State.SENT),
    }
    assert [entry.actor_id for entry in Entry.objects.all()] == [agent.pk]
    assert len(list(request._messages)) == 2
