"""One file as an agent reads it: what the rules say, papers, conversation, decision, history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from portal.accounts.access import visible_to
from portal.dates import civil_date
from portal.display import ShownFinding
from portal.errors import error_links
from portal.wording import shown_all

from ..answers import answer_rows
from ..enums import ApplicationState
from ..file_checklist import file_checklist
from ..file_verdicts import deposit_day, file_verdicts, review_findings
from ..forms.counter import DeskForm, PaperForm
from ..hosting_cards import hub_card
from ..models import Application, Decision, Derogation, FileMessage, PaperRequest
from ..verdicts import remedies_verdict
from ..wording.papers import paper_name
from ..wording.remedies import DECISION_REMEDIES
from .desk import ACTIONS, BY_NAME, Action
from .timeline import timeline

STATE_COLOURS = {
    ApplicationState.DRAFT: "neutral",
    ApplicationState.WITHDRAWN: "neutral",
    ApplicationState.NOT_ACCEPTED: "problem",
    ApplicationState.PAPERS_ASKED: "attention",
    ApplicationState.EXTENDED: "attention",
    ApplicationState.DECIDED: "done",
    ApplicationState.PASSPORT_READY: "done",
}


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An action that is offered, with its form; `is_open` after an attempt that failed."""

    action: Action
    form: DeskForm
    url: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision with what can be done against it."""

    decision: Decision
    remedies: tuple[ShownFinding, ...]
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the conversation: a message, or a request for papers."""

    at: datetime
    message: FileMessage | None = None
    request: PaperRequest | None = None
    papers: tuple[str, ...] = ()


def with_everything(rows: Any) -> Any:
    """Load what the page shows beside the row, in a fixed number of queries."""
    return rows.select_related("mission", "owner", "person", "person__guardian").prefetch_related(
        Prefetch(
            "derogations",
            Derogation.objects.select_related("proposed_by", "settled_by"),
        ),
        Prefetch("decisions", Decision.objects.select_related("recorded_by")),
        Prefetch("paper_requests", PaperRequest.objects.select_related("asked_by")),
        Prefetch("messages", FileMessage.objects.select_related("author")),
        "documents",
    )


def page_of(row: Application, user: Any, failed: tuple[str, DeskForm] | None) -> dict[str, Any]:
    """Return what the template shows of `row` to `user`; `failed` is a form to give back."""
    today = civil_date(timezone.now())
    checklist = file_checklist(row, today=today)
    requests = list(row.paper_requests.all())
    may_write = user.has_perm("applications.view_filemessage")
    return {
        "file": row,
        "colour": STATE_COLOURS.get(ApplicationState(row.state), "progress"),
        "day": deposit_day(row, today),
        "reviews": review_findings(row),
        "verdicts": file_verdicts(row, today, requests),
        "hosting": hub_card(row),
        "checklist": checklist,
        "may_check": BY_NAME["paper"].allowed(user, row),
        "failed_paper": _failed_paper(failed),
        "failed": error_links(failed[1]) if failed else [],
        "desk": _desk(row, user, failed),
        "derogations": list(row.derogations.all()),
        "said": _conversation(row, requests) if may_write else None,
        "unread": sum(_is_unread(message) for message in row.messages.all()),
        "decisions": [_shown(decision, row, today) for decision in row.decisions.all()],
        "answers": answer_rows(row),
        "others": _others(row, user),
        "timeline": timeline(row, list(row.documents.all())),
    }


def _desk(
    row: Application, user: Any, failed: tuple[str, DeskForm] | None
) -> dict[str, list[DeskItem]]:
    """Return the forms by the part of the page where they stand."""
    found: dict[str, list[DeskItem]] = {}
    for action in ACTIONS:
        is_failed = failed is not None and failed[0] == action.name
        if action.form is PaperForm or not (is_failed or action.allowed(user, row)):
            continue
        form = failed[1] if failed and is_failed else _blank(action, row)
        item = DeskItem(action, form, _url(row, action), is_failed)
        found.setdefault(action.place, []).append(item)
    return found


def _blank(action: Action, row: Application) -> DeskForm:
    initial = {}
    if action.name == "notified":
        waiting = [one for one in row.decisions.all() if one.notified_on is None]
        initial = {"decision_id": waiting[-1].pk}
    return action.form(about=row, auto_id=f"{action.name}-%s", initial=initial)


def _url(row: Application, action: Action) -> str:
    return reverse("admin:applications_application_do", args=[row.pk, action.name])


def _failed_paper(failed: tuple[str, DeskForm] | None) -> DeskForm | None:
    return failed[1] if failed is not None and failed[0] == "paper" else None


def _shown(decision: Decision, row: Application, today: date) -> ShownDecision:
    decision.application = row  # loaded already
    verdict = remedies_verdict(decision, today)
    if verdict is None:
        return ShownDecision(decision, (), None)
    found = tuple(shown_all(verdict.findings, DECISION_REMEDIES))
    return ShownDecision(decision, found, verdict.results.get("last_day"))


def _conversation(row: Application, requests: Iterable[PaperRequest]) -> list[Said]:
    said = [Said(message.sent_at, message=message) for message in row.messages.all()]
    said += [
        Said(one.asked_at, request=one, papers=tuple(paper_name(kind) for kind in one.kinds))
        for one in requests
    ]
    return sorted(said, key=lambda one: one.at)


def _is_unread(message: FileMessage) -> bool:
    return not message.from_staff and message.read_at is None


def _others(row: Application, user: Any) -> Collection[Application]:
    """Return the other files of the account, as far as `user` may see them (AP-01)."""
    rows = Application.objects.filter(owner=row.owner_id).exclude(pk=row.pk)
    return list(visible_to(rows.select_related("mission", "person"), user)[:40])
