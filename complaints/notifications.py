"""What people are told about their cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from portal.outbox.notifications import Notification

from .models import Case
from .receipts import subject_ref
from .wording import language_name


class CaseNotification(Notification):
    """Tells the person of a case of something; what was written is read on its page."""

    kind = ""

    @classmethod
    def of(cls, case: Case, *, language: str, version: int = 1, **facts: Any) -> CaseNotification:
        """Build the message; `language` is the one its reader uses on this site."""
        return cls(
            recipient=case.email,
            language=language,
            subject_ref=subject_ref(case),
            version=version,
            mission_id=case.mission_id,
            context={
                "reference": case.reference,
                "url": settings.BASE_URL + reverse("complaints:status"),
                **facts,
            },
        )


class ComplaintReceived(CaseNotification):
    """The receipt at once: number, date, subject, language; no deadline is promised (CP-05)."""

    kind = "complaint_received"

    @classmethod
    def about(cls, case: Case, *, language: str) -> CaseNotification:
        """Confirm a complaint; its text is not in the mail."""
        return cls.of(
            case,
            language=language,
            received_at=case.received_at.isoformat(),
            mission=_mission_name(case, language),
            label=case.complaint.label,
            declared=case.complaint.declared_language,
            is_doubted=case.state == "doubt",
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a moment and a language they can write."""
        return {
            **context,
            "received_at": datetime.fromisoformat(context["received_at"]),
            "declared": language_name(context["declared"]),
        }


class ComplaintRead(CaseNotification):
    """Somebody looked at the language and can read it: the complaint goes its way (CP-02)."""

    kind = "complaint_language_accepted"

    @classmethod
    def about(cls, case: Case) -> CaseNotification:
        """Tell that nothing is to be done."""
        return cls.of(case, language=reader_language(case))


class ComplaintSentBack(CaseNotification):
    """Somebody looked at the language and cannot read it; why is said on its page (CP-02)."""

    kind = "complaint_sent_back"

    @classmethod
    def about(cls, case: Case) -> CaseNotification:
        """Tell where the reason stands, and that it can be written again."""
        return cls.of(
            case,
            language=reader_language(case),
            start=settings.BASE_URL + reverse("complaints:complain"),
        )


def reader_language(case: Case) -> str:
    """Return the language to write to a person in: that of the account, else of the case."""
    return case.owner.language if case.owner else case.language


def _mission_name(case: Case, language: str) -> str:
    with override(language):
        return case.mission.name
