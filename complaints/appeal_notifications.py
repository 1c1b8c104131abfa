"""What people are told about their appeals, and about mails that are none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.missions.models import Mission
from portal.outbox.notifications import Notification
from portal.uploads.models import StoredFile
from portal.uploads.refusals import refusal_of

from .models import Appeal


class AppealRegistered(Notification):
    """The receipt of an appeal: number and arrival, and no promise (RC-02)."""

    kind = "appeal_registered"

    @classmethod
    def about(cls, appeal: Appeal, language: str) -> AppealRegistered:
        """Tell that `appeal` stands in the register; what the person wrote is not in it."""
        case = appeal.case
        return cls(
            recipient=case.email,
            language=language,
            subject_ref=f"appeal:{appeal.pk}",
            mission_id=appeal.mission_id,
            context={
                "number": str(appeal),
                "reference": case.reference,
                "mission": appeal.mission_id,
                "arrived_at": appeal.arrived_at.isoformat(),
            },
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates the name of the mission and a moment they can write."""
        mission = Mission.objects.filter(pk=context["mission"]).first()
        arrived = datetime.fromisoformat(context["arrived_at"])
        return {**context, "mission": mission.name if mission else "", "arrived_at": arrived}


class AppealFileRefused(Notification):
    """A letter could not be opened: the appeal stays registered, and the letter is missing."""

    kind = "appeal_file_refused"

    @classmethod
    def about(cls, appeal: Appeal, file: StoredFile, language: str) -> AppealFileRefused:
        """Tell why `file` was not kept and what to do."""
        return cls(
            recipient=appeal.case.email,
            language=language,
            subject_ref=f"appeal file:{file.pk}",
            mission_id=appeal.mission_id,
            context={"number": str(appeal), "why": file.refusal_code},
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates the reason in words."""
        refusal = refusal_of(context["why"])
        return {**context, "why": str(refusal.message), "remedy": str(refusal.remedy)}


class NotYetAnAppeal(Notification):
    """The answer to a mail that holds words and no signed letter (RC-01)."""

    kind = "not_yet_an_appeal"

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates the name of the mission, and days they can write."""
        mission = Mission.objects.filter(pk=context["mission"]).first()
        days = {
            name: date.fromisoformat(context[name])
            for name in ("notified", "last_day")
            if context.get(name)
        }
        return {
            **context,
            **days,
            "mission": mission.name if mission else "",
            "received": datetime.fromisoformat(context["received"]),
        }
