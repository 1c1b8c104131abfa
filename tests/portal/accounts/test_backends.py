from types import SimpleNamespace

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission

from portal.accounts.backends import AccountBackend
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def somebody(**given):
    """Give an account one right of its own, one by its group, and one by both."""
    own, of_group, both = Permission.objects.order_by("pk")[:3]
    user = User.objects.create_user("somebody@guichet.example", "x", **given)
    group = Group.objects.create(name="some")
    group.permissions.set([of_group, both])
    user.groups.add(group)
    user.user_permissions.set([own, both])
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    "given", [{}, {"is_active": False}, {"is_superuser": True}, {"is_staff": True}]
)
def test_rights_are_those_that_django_itself_finds(given):
    user = somebody(**given)
    as_django = ModelBackend().get_all_permissions(User.objects.get(pk=user.pk))
    assert AccountBackend().get_all_permissions(user) == as_django
    assert user.get_all_permissions() == as_django
    assert len(as_django) == (
        0 if not user.is_active else Permission.objects.count() if user.is_superuser else 3
    )


def test_nobody_has_rights_and_there_are_none_over_single_rows():
    assert AccountBackend().get_all_permissions(AnonymousUser()) == set()
    assert AccountBackend().get_all_permissions(somebody(), SimpleNamespace()) == set()


def test_rights_are_read_once_for_each_request(django_assert_num_queries):
    user = somebody()
    with django_assert_num_queries(1):
        assert not user.has_perm("accounts.delete_user")
        assert not user.has_module_perms("complaints")
        assert len(user.get_all_permissions()) == 3
