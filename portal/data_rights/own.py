"""What the shared rooms hold about a person: the account, mail and exports."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.outbox.models import Message, messages_to

from .exporting import remove_exports
from .models import DataExport
from .purges import Purge, register_purge, start_of
from .sections import register_section


def register() -> None:
    """Tell the registries; called once the apps are ready."""
    register_section("account", account_of)
    register_section("mail", mail_of, subjects=lambda user: [_mail(user)])
    register_section("exports", exports_of, subjects=lambda user: [_exports(user)])
    register_purge(
        Purge(
            name="export",
            title=_("Exports of personal data"),
            rows=DataExport.objects.all,
            due=due_exports,
            remove=remove_exports,
        )
    )


def account_of(user: User) -> dict[str, Any]:
    """Return what the account itself holds."""
    return {
        "number": user.pk,
        "email": user.email,
        "language": user.language,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
    }


def mail_of(user: User) -> list[dict[str, Any]]:
    """Return the messages that were written to the person, texts too; codes are left out."""
    return [
        {
            "kind": row.kind,
            "about": row.subject,
            "channel": row.channel,
            "telephone": row.phone,
            "language": row.language,
            "written": row.created_at,
            "sent": row.sent_at,
            "opened": row.opened_at,
            "state": row.state,
            "content": row.context if "code" not in row.context else {},
        }
        for row in _mail(user)
    ]


def exports_of(user: User) -> list[dict[str, Any]]:
    """Return when the person asked for exports."""
    return [{"asked": row.requested_at, "ready": row.ready_at} for row in _exports(user)]


def due_exports(today: date) -> QuerySet[DataExport]:
    """Return the exports whose last day is over."""
    return DataExport.objects.filter(expires_at__lt=start_of(today))


def _mail(user: User) -> QuerySet[Message]:
    return messages_to(user.email).order_by("pk")


def _exports(user: User) -> QuerySet[DataExport]:
    return DataExport.objects.filter(owner=user)
