"""What the person of a case is told while it goes its way: that something is there, never what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.outbox.channels import Urgency
from portal.outbox.notifications import Notification

from .models import Case, CaseMessage, Letter
from .notifications import CaseNotification, reader_language


def _page(case: Case) -> str:
    return settings.BASE_URL + reverse("complaints:case", args=[case.pk])


class CaseMessageWaits(CaseNotification):
    """The consulate asked something; what it asked is read on the page of the case."""

    kind = "case_message_waits"

    @classmethod
    def about(cls, message: CaseMessage) -> CaseNotification:
        """Tell that `message` waits, without its text; each message is told once."""
        case = message.case
        language = reader_language(case)
        return cls.of(case, language=language, version=message.pk, url=_page(case))


class CaseAnswered(CaseNotification):
    """A complaint was answered on its page."""

    kind = "case_answered"

    @classmethod
    def about(cls, case: Case) -> CaseNotification:
        """Tell that the answer is there, without its text."""
        return cls.of(case, language=reader_language(case), url=_page(case))


class CaseLetterPosted(CaseNotification):
    """A letter about a case was posted, so that its person watches for it."""

    kind = "case_letter_posted"

    @classmethod
    def about(cls, letter: Letter) -> CaseNotification:
        """Tell the day on which `letter` was posted; each letter is told once."""
        assert letter.dispatched_on is not None, "a posted letter has its day"
        case = letter.case
        return cls.of(
            case,
            language=reader_language(case),
            version=letter.pk,
            url=_page(case),
            posted_on=letter.dispatched_on.isoformat(),
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a day they can write in the reader's language."""
        return {**context, "posted_on": date.fromisoformat(context["posted_on"])}


class CaseCode(Notification):
    """Brings the code that opens the page of a case."""

    kind = "case_code"
    urgency = Urgency.AT_ONCE

    @classmethod
    def bearing(
        cls, *, code: str, recipient: str, language: str, attempt: str, mission_id: int | None
    ) -> CaseCode:
        """Build the mail of one code; `attempt` is unguessable and names the sending."""
        return cls(
            recipient=recipient,
            language=language,
            subject_ref=f"case-code:{attempt}",
            mission_id=mission_id,
            context={"code": code, "minutes": 10},
            useful_until=timezone.now() + timedelta(minutes=10),
        )
