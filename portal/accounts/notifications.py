"""Mails about signing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.outbox.channels import Urgency
from portal.outbox.notifications import Notification


class SignInCodeMail(Notification):
    """Brings the code that opens an applicant's account."""

    kind = "sign_in_code"
    urgency = Urgency.AT_ONCE

    @classmethod
    def bearing(
        cls, *, code: str, recipient: str, language: str, attempt: str, version: int
    ) -> SignInCodeMail:
        """Build the mail of the `version`-th code of one `attempt` to sign in."""
        lifetime = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        return cls(
            recipient=recipient,
            language=language,
            subject_ref=f"sign-in:{attempt}",
            version=version,
            context={"code": code, "minutes": int(lifetime.total_seconds() // 60)},
            useful_until=timezone.now() + lifetime,
        )


class StaffDoorMail(Notification):
    """Tells a member of staff who asked for a code that their door is another one."""

    kind = "staff_door"
    urgency = Urgency.AT_ONCE

    @classmethod
    def leading(cls, *, recipient: str, language: str, attempt: str, version: int) -> StaffDoorMail:
        """Build the mail that answers one `attempt` to sign in."""
        return cls(
            recipient=recipient,
            language=language,
            subject_ref=f"sign-in:{attempt}",
            version=version,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Add the address of the staff door."""
        return context | {"door": f"{settings.BASE_URL}{reverse('account_login')}"}
