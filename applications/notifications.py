"""What applicants are told about their files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.outbox.notifications import Notification
from portal.uploads.models import StoredFile
from portal.uploads.refusals import refusal_of
from portal.wording import shown_stored

from .enums import DecisionOutcome
from .models import Application, Decision, DocumentFile, FileMessage, PaperRequest
from .wording import PASSPORT
from .wording.papers import PAPER_FINDINGS, paper_name
from .wording.remedies import DECISION_REMEDIES


class FileNotification(Notification):
    """Tells the holder of the account of something in one file."""

    kind = ""

    @classmethod
    def of(
        cls, application: Application, subject_ref: str, version: int = 1, **facts: Any
    ) -> FileNotification:
        """Build the message in the language of the account."""
        owner = application.owner
        url = settings.BASE_URL + reverse("applications:detail", args=[application.pk])
        return cls(
            recipient=owner.email,
            language=owner.language,
            subject_ref=subject_ref,
            version=version,
            mission_id=application.mission_id,
            context={
                "reference": application.reference,
                "traveller": application.traveller,
                "url": url,
                **facts,
            },
        )


class MessageWaits(FileNotification):
    """The consulate wrote into the file; what it wrote is read there and not in a mailbox."""

    kind = "file_message_waits"

    @classmethod
    def about(cls, message: FileMessage) -> FileNotification:
        """Tell that `message` waits, without its text."""
        return cls.of(message.application, f"file message:{message.pk}")


class PapersAsked(FileNotification):
    """More papers are asked for, until a day."""

    kind = "file_papers_asked"

    @classmethod
    def about(cls, request: PaperRequest) -> FileNotification:
        """Tell until when `request` is to be answered; which papers is read in the file."""
        return cls.of(
            request.application,
            f"paper request:{request.pk}",
            due_on=request.due_on.isoformat(),
            stops_clock=request.stops_clock,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a day they can write in the reader's language."""
        return {**context, "due_on": date.fromisoformat(context["due_on"])}


class FileNotAccepted(FileNotification):
    """The counter did not take the file, which is no refusal (PA-12)."""

    kind = "file_not_accepted"

    @classmethod
    def about(cls, application: Application, reason: str, number: int) -> FileNotification:
        """Tell why; `number` counts the times this file was not accepted."""
        return cls.of(
            application,
            f"application:{application.pk}",
            number,
            reason=reason,
            verdict=application.passport_verdict,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Word what the rules say about the passport, where that is why."""
        verdict = context["verdict"] or {}
        weighty = [
            finding
            for finding in verdict.get("findings", [])
            if finding["severity"] in ("blocking", "review")
        ]
        return {**context, "findings": shown_stored({"findings": weighty}, PASSPORT)}


class DecisionRecorded(FileNotification):
    """The authority decided; what can be done against it follows from the day of notification."""

    kind = "file_decision"

    @classmethod
    def about(cls, decision: Decision, remedies: dict[str, Any]) -> FileNotification:
        """Tell of `decision`; `remedies` is the stored verdict on the remedies, or empty.

        It is told again once the day of notification is known, for the deadline runs from it.
        """
        return cls.of(
            decision.application,
            f"decision:{decision.pk}",
            2 if decision.notified_on else 1,
            outcome=decision.outcome,
            decided_on=decision.decided_on.isoformat(),
            notified_on=decision.notified_on.isoformat() if decision.notified_on else "",
            visa_from=decision.visa_from.isoformat() if decision.visa_from else "",
            visa_until=decision.visa_until.isoformat() if decision.visa_until else "",
            remedies=remedies,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Word the outcome, its days and the remedies."""
        days = {
            name: date.fromisoformat(context[name]) if context[name] else None
            for name in ("decided_on", "notified_on", "visa_from", "visa_until")
        }
        return {
            **context,
            **days,
            "outcome": DecisionOutcome(context["outcome"]).label,
            "findings": shown_stored(context["remedies"], DECISION_REMEDIES),
        }


class PassportReady(FileNotification):
    """The passport can be fetched."""

    kind = "file_passport_ready"

    @classmethod
    def about(cls, application: Application) -> FileNotification:
        """Tell that the passport of `application` is ready."""
        return cls.of(application, f"application:{application.pk}")


class PapersNotFresh(FileNotification):
    """On the new day of the appointment, papers that were fresh no longer are."""

    kind = "papers_not_fresh"

    @classmethod
    def about(
        cls, application: Application, day: date, found: list[tuple[str, dict[str, Any]]]
    ) -> FileNotification:
        """Tell which papers (kind, stored finding) do not serve on `day`, once for each day."""
        path = reverse("applications:papers", args=[application.pk])
        return cls.of(
            application,
            f"papers on {day.isoformat()}:{application.pk}",
            url=settings.BASE_URL + path,
            day=day.isoformat(),
            state=application.mission.state,
            papers=[[kind, finding] for kind, finding in found],
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Name the papers, and word why they do not serve."""
        papers = [
            (
                paper_name(kind, context["state"]),
                shown_stored({"findings": [finding]}, PAPER_FINDINGS)[0],
            )
            for kind, finding in context["papers"]
        ]
        return {**context, "day": date.fromisoformat(context["day"]), "papers": papers}


class PaperFileRefused(FileNotification):
    """A file was refused after it came in: by the scanner, or because it could not be read."""

    kind = "paper_file_refused"

    @classmethod
    def about(cls, part: DocumentFile, stored_file: StoredFile) -> FileNotification:
        """Tell which file of which paper was refused, and why."""
        document = part.document
        path = reverse("applications:paper", args=[document.application_id, document.kind])
        return cls.of(
            document.application,
            f"paper file:{stored_file.pk}",
            url=settings.BASE_URL + path,
            state=document.application.mission.state,
            paper=document.kind,
            file=stored_file.name,
            code=stored_file.refusal_code,
        )

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Name the paper, and word why the file was refused."""
        refusal = refusal_of(context["code"])
        return {
            **context,
            "paper": paper_name(context["paper"], context["state"]),
            "refusal": refusal,
        }


class DraftGoesSoon(FileNotification):
    """Nobody has touched a draft for weeks: it will be deleted after a day (DP-04)."""

    kind = "draft_goes_soon"

    @classmethod
    def ref(cls, draft: Application) -> str:
        """Return what the message is about, as the outbox keeps it."""
        return f"draft:{draft.pk}"

    @classmethod
    def about(cls, draft: Application, *, version: int, last_day: date) -> FileNotification:
        """Build the warning; `version` names the idle spell, so that each is told once."""
        return cls.of(draft, cls.ref(draft), version, last_day=last_day.isoformat())

    @classmethod
    def presented(cls, context: dict[str, Any], language: str) -> dict[str, Any]:
        """Give the templates a day they can write in the reader's language."""
        return {**context, "last_day": date.fromisoformat(context["last_day"])}
