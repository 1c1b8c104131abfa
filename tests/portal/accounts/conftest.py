import secrets

import pytest
from django.test import Client

from portal.accounts.demo import TOTP_SECRET, current_code
from portal.accounts.models import User
from portal.outbox.models import Message


@pytest.fixture
def address():
    return f"{secrets.token_hex(6)}@example.org"


@pytest.fixture
def new_client():
    """Makes clients, each in a network of its own, so that limits of one test spare the next."""

    def make(**extra):
        extra.setdefault("REMOTE_ADDR", f"10.{'.'.join(str(n) for n in secrets.token_bytes(3))}")
        return Client(**extra)

    return make


@pytest.fixture
def visitor(new_client):
    return new_client()


@pytest.fixture
def make_staff(db):
    def make(*, second_factor=True, **fields):
        from allauth.mfa.totp.internal.auth import TOTP

        email = f"{secrets.token_hex(6)}@guichet.example"
        user = User.objects.create_user(email, "a long enough password", is_staff=True, **fields)
        if second_factor:
            TOTP.activate(user, TOTP_SECRET)
        return user

    return make


def newest_message(address, kind="sign_in_code"):
    from portal.outbox.models import recipient_key

    return Message.objects.filter(kind=kind, recipient_key=recipient_key(address)).latest("pk")


def newest_code(address):
    return newest_message(address).context["code"]


def ask(client, address, **extra):
    return client.post("/sign-in/", {"email": address, **extra})


def enter(client, code, **extra):
    return client.post("/sign-in/code/", {"action": "verify", "code": code, **extra})


def give_password(client, user, password="a long enough password", **extra):
    return client.post("/staff/sign-in/", {"login": user.email, "password": password, **extra})


def give_app_code(client, code=None):
    return client.post("/staff/sign-in/second-factor/", {"code": code or current_code()})


def signed_in_as(client):
    return client.session.get("_auth_user_id")
