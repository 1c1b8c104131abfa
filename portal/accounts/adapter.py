"""How the sign-in library behaves in this house."""

from __future__ import annotations

import secrets
import time
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from portal import encryption
from portal.accounts import second_factor

RECENT = 300  # seconds after which an important change asks again who one is


class AccountAdapter(DefaultAccountAdapter):
    """Applicants come in by mailed code, staff by password; all mail takes the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Compare it with the newest e-mail."),
        "too_many_codes": _(
            "Too many codes were asked for. The newest one you received may still work. "
            "Otherwise wait ten minutes, then ask again."
        ),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait five minutes, then try again."),
        "email_password_mismatch": _("Address and password do not belong together."),
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This password is not right."),
    }

    def generate_login_code(self) -> str:
        """Return six digits, each as likely as any other."""
        return f"{secrets.randbelow(10**6):06d}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin by asking for a code; there is no other way to make one."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to their work and applicants to their files."""
        if second_factor.is_staff(request.user):
            return resolve_url("admin:index")
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the page of one's own second factor."""
        return resolve_url("mfa_index")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who one is, unless that was proven moments ago."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < RECENT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse: a message that does not lie in the outbox can be lost."""
        raise RuntimeError(f"{template_prefix} must be sent through the outbox")


class MFAAdapter(DefaultMFAAdapter):
    """Second factors rest encrypted, and their picture is drawn by the QR library of the house."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return encryption.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret; raises DecryptionError when no key fits."""
        return encryption.decrypt(encrypted_text.encode())

    def build_totp_svg(self, url: str) -> str:
        """Draw the set-up address as a QR code."""
        picture = BytesIO()
        segno.make(url).save(picture, kind="svg", scale=5, border=2, xmldecl=False)
        return picture.getvalue().decode()

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Only staff use second factors."""
        return second_factor.is_staff(user) and bool(super().is_mfa_enabled(user, types))
