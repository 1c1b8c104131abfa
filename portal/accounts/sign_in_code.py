"""Signing in by a mailed code: six digits, ten minutes, five tries, used once.

The session knows only a keyed hash of the code; the code itself is in the mail alone. Tries are
counted in the shared store, because a session read twice at once would count them once.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from portal.accounts import operations
from portal.accounts.models import User
from portal.accounts.notifications import SignInCodeMail, StaffDoorMail
from portal.encryption import lookup_key
from portal.outbox.operations import enqueue


class SignInCode(LoginCodeVerificationProcess):
    """One attempt to sign in: from asking for a code to using it up."""

    @classmethod
    def begin(cls, *, request: HttpRequest, email: str) -> SignInCode:
        """Send a code to `email` (lower case); outwardly the same whoever that is."""
        user = operations.applicant_for(email=email, language=_language())
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email))
        stage.state.update(initiated_by_user=True, attempt=secrets.token_hex(16))
        process = cls(stage)
        cache.set(process._tries_key, 0, timeout=app_settings.LOGIN_TIMEOUT * 2)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> SignInCode | None:
        """Return the attempt of this session, or None when its time is over."""
        process: SignInCode | None = cls(stage).abort_if_invalid()
        return process

    def is_valid(self) -> bool:
        """Tell whether the code may still be used: for less than ten minutes."""
        return bool(time.time() - self.state["at"] < self.timeout)

    # --- Sending ----------------------------------------------------------------------------

    @transaction.atomic
    def send(self, skip_enumeration_mails: bool = False) -> None:
        """Put a fresh code into the outbox, or for staff the way to their door."""
        code = self.generate_code()
        account = User.objects.filter(email=self.state["email"], is_active=True).first()
        letter: dict[str, Any] = {
            "recipient": self.state["email"],
            "language": _language(),
            "attempt": self.state["attempt"],
            "version": self.state["resend_count"] + 1,
        }
        if self.user is not None:
            enqueue(SignInCodeMail.bearing(code=code, **letter))
        elif account is not None and account.is_staff:
            enqueue(StaffDoorMail.leading(**letter))

    def generate_code(self) -> str:
        """Make a new code and keep its hash; the one before stops working."""
        code: str = get_adapter().generate_login_code()
        self.state["code"] = self._sealed(code)
        return code

    def resend(self) -> None:
        """Send a new code with ten new minutes; raises RateLimited when the address had many."""
        if not ratelimit.consume(
            self.request, action="request_login_code", key=self.state["email"]
        ):
            raise RateLimited
        self.record_resend()
        self.state["at"] = self.stage.login.initiated_at = time.time()
        self.send()
        self.persist()

    # --- Using ------------------------------------------------------------------------------

    def take_try(self) -> bool:
        """Count one try before it is looked at; False when there is none left."""
        try:
            tries = cache.incr(self._tries_key)
        except ValueError:  # the store forgot this attempt: begin again rather than guess on
            return False
        self.state["failed_attempts"] = tries - 1
        return bool(tries <= self.max_attempts)

    def matches(self, code: str) -> bool:
        """Tell whether `code` is the one that was sent, in constant time."""
        return self.user is not None and hmac.compare_digest(self._sealed(code), self.code)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Sign in, remembering the language the person reads."""
        user = self.user
        assert isinstance(user, User)
        operations.keep_language(user=user, language=_language())
        return super().finish(redirect_url)

    def _sealed(self, code: str) -> str:
        return lookup_key("sign-in-code", self.state["attempt"], code).hex()

    @property
    def _tries_key(self) -> str:
        return f"sign-in-tries:{self.state['attempt']}"


def _language() -> str:
    return (get_language() or "fr")[:2]
