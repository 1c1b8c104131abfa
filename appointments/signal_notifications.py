"""What a person is told because of a signal: what is asked, and what was answered (AT-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from portal.outbox.notifications import Notification
from portal.wording import shown

from .enums import PrecautionKind
from .models import Objection, Precaution, Signal
from .wording import SIGNALS


class PrecautionAsked(Notification):
    """Something is asked of an account for a while: what, why, until when, how to object."""

    kind = "precaution_asked"

    @classmethod
    def about(cls, precaution: Precaution) -> PrecautionAsked:
        """Build the message in the language of the account."""
        account = precaution.account
        return cls(
            recipient=account.email,
            language=account.language,
            subject_ref=f"precaution:{precaution.pk}",
            mission_id=precaution.signal.mission_id,
            context={
                "asked": precaution.kind,
                "reason": precaution.reason,
                "until": precaution.valid.upper.isoformat(),
                **_noticed(precaution.signal, account.language),
            },
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Put what is asked into words, and the end into a moment."""
        with override(language):
            asked = str(PrecautionKind(context["asked"]).label)
        return {**context, "asked": asked, "until": datetime.fromisoformat(context["until"])}


class ObjectionAnswered(Notification):
    """An agent answered what a person objected to a signal."""

    kind = "objection_answered"

    @classmethod
    def about(cls, objection: Objection) -> ObjectionAnswered:
        """Build the message in the language of the account; the answer stands in it."""
        account = objection.account
        return cls(
            recipient=account.email,
            language=account.language,
            subject_ref=f"objection:{objection.pk}",
            mission_id=objection.signal.mission_id,
            context={
                "answer": objection.answer,
                **_noticed(objection.signal, account.language),
            },
        )


def _noticed(signal: Signal, language: str) -> dict[str, str]:
    """Return what was noticed, in words, with its rule, and where to read and object."""
    finding = signal.finding
    with override(language):
        noticed = shown(finding, SIGNALS).sentence if finding else ""
    return {
        "noticed": str(noticed),
        "rule": finding.rule_id if finding else "AT-05",
        "url": settings.BASE_URL + reverse("appointments:signal", args=[signal.pk]),
    }
