"""What a session proved: password and second factor, recently enough for staff work."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.models import User

NEEDED = frozenset({"password", "mfa"})
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LONGEST_SESSION = 12 * 3600  # seconds from the password to the next one
LONGEST_PAUSE = 3600  # seconds without a staff page
SEEN_AT = "staff_seen_at"
SEEN_STEP = 60  # seconds; the session is written at most so often


def is_staff(user: User | AnonymousUser) -> bool:
    """Tell whether `user` belongs to the staff and may work."""
    return isinstance(user, User) and user.is_active and user.is_staff


def has_second_factor(user: User) -> bool:
    """Tell whether an app or a security key is set up; recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def proven_methods(request: HttpRequest) -> frozenset[str]:
    """Return how the person of this session proved who they are: code, password, mfa."""
    records = get_authentication_records(request, request.user)
    return frozenset(str(record.get("method")) for record in records)


def is_stale(request: HttpRequest) -> bool:
    """Tell whether a staff session has lasted, or rested, too long."""
    records = get_authentication_records(request, request.user)
    now = time.time()
    if not records or now - records[0]["at"] > LONGEST_SESSION:
        return True
    return bool(now - request.session.get(SEEN_AT, records[-1]["at"]) > LONGEST_PAUSE)


def touch(request: HttpRequest) -> None:
    """Note that a staff page was opened now."""
    now = time.time()
    if now - request.session.get(SEEN_AT, 0) > SEEN_STEP:
        request.session[SEEN_AT] = now


def may_work(request: HttpRequest) -> bool:
    """Tell whether this request may reach staff pages: active staff, both factors, not stale.

    The answer is kept on the request; staff pages ask several times.
    """
    known: bool | None = getattr(request, "_may_work", None)
    if known is None:
        known = _may_work(request)
        request._may_work = known  # type: ignore[attr-defined]
    return known


def _may_work(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not is_staff(user):
        return False
    return proven_methods(request) >= NEEDED and not is_stale(request) and has_second_factor(user)


@receiver(authenticator_added)
def count_set_up_as_proof(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Count setting up a factor as having used it: the person has just shown its code."""
    if authenticator.type in FACTORS:
        record_authentication(
            request, user, method="mfa", id=authenticator.pk, type=authenticator.type
        )
