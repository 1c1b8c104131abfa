"""People who are signed in, for tests of every room.

client = staff_client(Role.AGENT, mission)      # password and second factor proven
client = applicant_client(user)
"""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.test import Client

from portal.accounts.demo import TOTP_SECRET
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.missions.models import Mission


def staff(role: Role | str, *missions: Mission, email: str = "") -> User:
    """Make a member of staff with a second factor, a role and missions."""
    user = User.objects.create_user(
        email or f"{role}-{User.objects.count()}@guichet.example", "unused", is_staff=True
    )
    user.groups.add(Group.objects.get(name=str(role)))
    user.missions.set(missions)
    TOTP.activate(user, TOTP_SECRET)
    return user


def signed_in(user: User, *methods: str) -> Client:
    """Return a client in whose session `user` has proven `methods` a moment ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time()} for method in methods
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


def staff_client(role: Role | str, *missions: Mission) -> Client:
    """Return a client of a new member of staff who may open the admin."""
    return signed_in(staff(role, *missions), "password", "mfa")


def applicant_client(user: User) -> Client:
    """Return a client of an applicant who came in by a mailed code."""
    return signed_in(user, "code")
