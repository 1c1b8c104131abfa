from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.accounts import demo
from portal.accounts.models import User
from portal.accounts.roles import Role

from .conftest import give_password, signed_in_as

pytestmark = pytest.mark.django_db


def test_public_passwords_are_refused_on_a_real_server(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        call_command("load_demo_accounts", stdout=StringIO())
    assert not User.objects.exists()


def test_loading_twice_changes_nothing(settings):
    settings.EMBEDDED = True
    call_command("load_demo_accounts", stdout=StringIO())
    before = set(User.objects.values_list("pk", "email", "password"))
    call_command("load_demo_accounts", stdout=StringIO())
    assert set(User.objects.values_list("pk", "email", "password")) == before
    assert {name for (name,) in User.objects.filter(is_staff=True).values_list("groups__name")} == {
        role.value for role in Role
    }


def test_what_the_terminal_says_opens_the_admin(visitor, settings):
    out = StringIO()
    call_command("load_demo_accounts", force=True, stdout=out)
    assert "administrator@guichet.example  password " + demo.PASSWORD in out.getvalue()
    give_password(visitor, User(email="administrator@guichet.example"), demo.PASSWORD)
    code = StringIO()
    call_command("demo_code", "administrator@guichet.example", stdout=code, stderr=StringIO())
    visitor.post("/staff/sign-in/second-factor/", {"code": code.getvalue()})
    assert signed_in_as(visitor)
    assert visitor.get("/admin/").status_code == 200
