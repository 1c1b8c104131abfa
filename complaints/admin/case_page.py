"""One case as its handler reads it: text, person, letters, messages, what is like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from portal.accounts.access import visible_to
from portal.dates import civil_date
from portal.display import ShownFinding
from portal.errors import error_links
from portal.wording import Table, shown_stored

from ..enums import ENDED_CASES, CaseState
from ..forms.handling import CaseForm
from ..letters import template
from ..models import Case, CaseFile, CaseMessage, CaseNote, Concerned, Letter, Skip
from ..similar import similar_cases
from ..wording import ADMISSIBILITY, LANGUAGE, language_name
from ..working_ages import working_days_waited
from .actions import ACTIONS, Action
from .case_history import history

STATE_COLOURS = {
    CaseState.DOUBT: "attention",
    CaseState.RECEIVED: "neutral",
    CaseState.PROPOSED: "attention",
    CaseState.CLOSED: "done",
    CaseState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An action that is offered, with its form; `is_open` after an attempt that failed."""

    action: Action
    form: CaseForm
    url: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter with what its template is called."""

    letter: Letter
    name: str


def with_everything(rows: Any) -> Any:
    """Load what the page shows beside the row, in a fixed number of queries."""
    return rows.select_related(
        *("mission", "owner", "assigned_to", "proposed_by", "confirmed_by"),
        *("complaint__application", "appeal__signature_seen_by"),
    ).prefetch_related(
        Prefetch("files", CaseFile.objects.select_related("file")),
        Prefetch("messages", CaseMessage.objects.select_related("author")),
        Prefetch("notes", CaseNote.objects.select_related("author")),
        Prefetch("concerned", Concerned.objects.select_related("user")),
        Prefetch("skips", Skip.objects.select_related("handler")),
        "letters",
    )


def page_of(row: Case, user: Any, failed: tuple[str, CaseForm] | None) -> dict[str, Any]:
    """Return what the template shows of `row` to `user`; `failed` is a form to give back."""
    letters = list(row.letters.all())
    complaint = getattr(row, "complaint", None)
    today = civil_date(timezone.now())
    return {
        "case": row,
        "complaint": complaint,
        "appeal": getattr(row, "appeal", None),
        "colour": STATE_COLOURS.get(CaseState(row.state), "progress"),
        "waits": None if row.state in ENDED_CASES else working_days_waited(row.received_at, today),
        "answer_language": language_name(row.language),
        "text_language": complaint.declared_language if complaint else row.language,
        "language_findings": _worded(complaint.language_verdict, LANGUAGE) if complaint else [],
        "appeal_findings": _of_appeal(row),
        "file_is_open_to_me": _may_open_file(complaint, user),
        "letters": [ShownLetter(one, template(one.template, one.language).name) for one in letters],
        "may_write_letter": row.assigned_to_id == user.pk
        and user.has_perm("complaints.add_letter"),
        "notes": list(row.notes.all()),
        "messages_said": list(row.messages.all()),
        "similar": similar_cases(row, user),
        "history": history(row, letters),
        "offered": _offered(row, user, failed),
        "failed": error_links(failed[1]) if failed else [],
    }


def _worded(verdict: Any, table: Table) -> list[ShownFinding]:
    return shown_stored(verdict, table) if verdict else []


def _of_appeal(row: Case) -> list[ShownFinding]:
    appeal = getattr(row, "appeal", None)
    return _worded(appeal.verdict, ADMISSIBILITY) if appeal else []


def _may_open_file(complaint: Any, user: Any) -> bool:
    if complaint is None or complaint.application is None:
        return False
    rows = type(complaint.application).objects.filter(pk=complaint.application_id)
    return visible_to(rows, user).exists()


def _offered(row: Case, user: Any, failed: tuple[str, CaseForm] | None) -> dict[str, list[Offered]]:
    """Return the forms by the part of the page where they stand."""
    found: dict[str, list[Offered]] = {}
    for action in ACTIONS:
        is_failed = failed is not None and failed[0] == action.name
        if not (is_failed or action.allowed(user, row)):
            continue
        if failed and is_failed:
            form = failed[1]
        else:
            form = action.form(about=row, user=user, auto_id=f"{action.name}-%s")
        url = reverse("admin:complaints_case_do", args=[row.pk, action.name])
        found.setdefault(action.place, []).append(Offered(action, form, url, is_failed))
    return found
