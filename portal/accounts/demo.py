"""The people of the demonstration: their secrets are printed, so they live on no real server."""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.missions.models import Mission

APPLICANTS = ("amina@example.org", "karim@example.org")
PASSWORD = "guichet-demo-2026"  # noqa: S105 - printed on purpose
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the same for all, on purpose
PERIOD = 30  # seconds that a code of the app lasts


@dataclass(frozen=True)
class Colleague:
    """One member of the demonstration's staff."""

    role: Role

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.role.value.replace('_', '-')}@guichet.example"


STAFF = tuple(Colleague(role) for role in Role)


@transaction.atomic
def load() -> None:
    """Create the demonstration's people, or put them back as they were; safe to run again."""
    for address in APPLICANTS:
        if not User.objects.filter(email=address).exists():
            User.objects.create_user(address)
    password = _hashed_password()
    for colleague in STAFF:
        _load(colleague, password)


def _hashed_password() -> str:
    """Hash or check the password once for all: each time takes half a second, as it should."""
    known = User.objects.filter(email=STAFF[0].email).values_list("password", flat=True).first()
    return known if known and check_password(PASSWORD, known) else make_password(PASSWORD)


def _load(colleague: Colleague, password: str) -> None:
    user, _created = User.objects.get_or_create(email=colleague.email)
    user.is_staff, user.is_active = True, True
    user.password = password
    user.save()
    user.groups.set([Group.objects.get(name=colleague.role.value)])
    user.missions.set(Mission.objects.all())
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, TOTP_SECRET)


def current_code(secret: str = TOTP_SECRET) -> str:
    """Return the code that an app with this secret, the demonstration's, would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def sign_ins() -> list[str]:
    """Return the lines that tell somebody at the terminal whom to sign in as."""
    applicants = " or ".join(APPLICANTS)
    return [
        f"Applicant:  {applicants} (or any address); the code is in the mail at /dev/mail/",
        *(f"Staff:      {colleague.email}  password {PASSWORD}" for colleague in STAFF),
        "Staff sign in at /staff/sign-in/; the second factor: .venv/bin/python manage.py demo_code",
    ]
