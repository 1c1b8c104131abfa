import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.checks import run_checks

from portal.accounts import roles
from portal.accounts.access import visible_to
from portal.accounts.models import User
from portal.missions.models import Mission
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db


def rights_of(role):
    return {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Group.objects.get(name=role).permissions.select_related("content_type")
    }


@pytest.mark.parametrize("role", roles.Role)
def test_every_role_has_exactly_the_rights_of_the_table(role):
    assert rights_of(role.value) == roles.RIGHTS[role]


def test_the_table_names_no_right_that_no_model_offers():
    assert roles.unknown_rights() == []


def test_a_misspelt_right_is_reported(monkeypatch):
    monkeypatch.setitem(roles.RIGHTS, roles.Role.AGENT, {"applications.view_aplication"})
    found = [check for check in run_checks() if check.id == "accounts.W001"]
    assert ["view_aplication" in check.msg for check in found] == [True]


def test_rights_ticked_by_hand_do_not_last_and_rights_taken_come_back():
    agent = Group.objects.get(name="agent")
    agent.permissions.set([Permission.objects.get(codename="delete_user")])
    for _ in range(2):  # safe to run again
        for app in apps.get_app_configs():
            roles.grant_roles(app)
    assert rights_of("agent") == roles.RIGHTS[roles.Role.AGENT]


def test_agents_do_not_see_accounts():
    assert not any(right.startswith("accounts.") for right in rights_of("agent"))


@pytest.fixture
def missions():
    return [MissionFactory(state="DE", post="algiers"), MissionFactory(state="FR", post="oran")]


def staff(role, missions):
    user = User.objects.create_user(f"{role}@guichet.example", "x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    user.missions.set(missions)
    return user


def seen_by(user):
    return set(visible_to(Mission.objects.all(), user, path="pk"))


def test_staff_see_their_missions(missions):
    assert seen_by(staff("agent", missions[:1])) == {missions[0]}


def test_staff_without_a_mission_see_nothing(missions):
    assert seen_by(staff("supervisor", [])) == set()


def test_administrators_see_all(missions):
    assert seen_by(staff("administrator", [])) == set(missions)


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(lambda: AnonymousUser(), id="nobody"),
        pytest.param(lambda: User.objects.create_user("t@example.org"), id="an applicant"),
        pytest.param(
            lambda: User.objects.create_user("c@example.org", is_superuser=True, is_active=False),
            id="a closed superuser",
        ),
    ],
)
def test_everybody_else_sees_no_rows(missions, who):
    assert seen_by(who()) == set()


def test_a_former_member_of_staff_sees_no_rows(missions):
    user = staff("agent", missions)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert seen_by(User.objects.get(pk=user.pk)) == set()
