"""What people are told about their data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.accounts.models import User
from portal.outbox.notifications import Notification

from .models import DataExport, PurgeRun


class ExportReady(Notification):
    """The export can be downloaded behind the sign-in, until a day."""

    kind = "data_export_ready"

    @classmethod
    def about(cls, export: DataExport) -> ExportReady:
        """Build the message in the language of the account."""
        return cls(
            recipient=export.owner.email,
            language=export.owner.language,
            subject_ref=f"export:{export.pk}",
            context={
                "url": settings.BASE_URL + reverse("my_data:index"),
                "until": export.expires_at.isoformat(),
            },
            useful_until=export.expires_at,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a moment they can write in the reader's language."""
        return {**context, "until": datetime.fromisoformat(context["until"])}


class AccountClosed(Notification):
    """The account is gone; the last message to its address."""

    kind = "account_closed"

    @classmethod
    def of(cls, user: User) -> AccountClosed:
        """Build the message while the address is still known."""
        return cls(
            recipient=user.email,
            language=user.language,
            subject_ref=f"account:{user.pk}",
        )


class PurgeStopped(Notification):
    """More would have been deleted than is usual: an administrator has to look (DP-04)."""

    kind = "purge_stopped"

    @classmethod
    def told(cls, administrator: User, run: PurgeRun) -> PurgeStopped:
        """Build the alarm of one day for one administrator."""
        return cls(
            recipient=administrator.email,
            language=administrator.language,
            subject_ref=f"purge:{run.day}:{administrator.pk}",
            context={"kinds": [[kind, due] for kind, due in run.refused.items()]},
        )
