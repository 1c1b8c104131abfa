from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.operations import applicant_for
from portal.accounts.tasks import forget_unused_accounts

pytestmark = pytest.mark.django_db


def account(hours_ago, **fields):
    return User.objects.create_user(
        f"{len(User.objects.all())}@example.org",
        date_joined=timezone.now() - timedelta(hours=hours_ago),
        **fields,
    )


def remaining():
    return set(User.objects.values_list("pk", flat=True))


def test_an_account_never_used_is_forgotten_after_a_day():
    old, young = account(25), account(23)
    assert forget_unused_accounts() == 1
    assert old.pk not in remaining()
    assert young.pk in remaining()
    assert forget_unused_accounts() == 0


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"last_login": timezone.now()}, id="signed in once"),
        pytest.param({"is_staff": True}, id="staff"),
        pytest.param({"is_superuser": True}, id="superuser"),
    ],
)
def test_others_stay(fields):
    kept = account(1000, **fields)
    forget_unused_accounts()
    assert kept.pk in remaining()


def test_an_account_that_owns_anything_stays():
    from tests.factories import ApplicationFactory

    owner, member, plain = account(100), account(100), account(100)
    ApplicationFactory(owner=owner)
    member.groups.add(Group.objects.get(name="agent"))
    forget_unused_accounts()
    assert {owner.pk, member.pk} <= remaining()
    assert plain.pk not in remaining()


def test_asking_again_before_the_first_sign_in_keeps_the_account_another_day():
    old = account(23.9)
    again = applicant_for(email=old.email, language="de")
    assert again == old
    assert timezone.now() - again.date_joined < timedelta(minutes=1)
    assert again.language == "de"


def test_an_account_begun_by_asking_has_no_password():
    assert not applicant_for(email="begun@example.org", language="fr").has_usable_password()


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_active": False}])
def test_no_code_opens_staff_or_closed_accounts(fields):
    other = account(1, **fields)
    assert applicant_for(email=other.email, language="fr") is None


@pytest.mark.parametrize("address", ["Twice@example.org", "ONCE@example.org"])
def test_the_database_refuses_capitals_and_second_accounts(address):
    User.objects.create_user("twice@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email=address).save()
