"""Who must not see a case, and in which category it belongs."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from portal.audit import operations as audit

from ..enums import SUBJECTS, CaseState
from ..models import Case, Complaint, Concerned
from ..permissions import may_assign, may_handle
from ..refusals import NotYourCase, OtherSubjectsOnly
from ..workflow import CASE_WORKFLOW
from .handling import put_in_line

# The trail names nobody here: it is read by people who may themselves be meant.


@transaction.atomic
def mark_concerned(*, case: Case, actor: Any, user: Any = None, counter: str = "") -> Case:
    """Keep a case from the person it is about, or from the people of a counter.

    If whoever handles it is among them it goes back into the line.  Raises NotYourCase.
    """
    case = _locked(case, actor)
    if user is not None:
        Concerned.objects.get_or_create(case=case, user=user)
    if counter and not case.is_appeal:
        Complaint.objects.filter(case=case).update(counter=counter)
    audit.record(actor=actor, action="case.protect", subject=case)
    return _kept_from_its_handler(case, actor)


@transaction.atomic
def unmark_concerned(*, case: Case, actor: Any, user: Any, reason: str) -> Case:
    """Show a case to somebody again who was marked by mistake; raises NotYourCase."""
    case = _locked(case, actor)
    Concerned.objects.filter(case=case, user=user).delete()
    audit.record(actor=actor, action="case.unprotect", subject=case, reason=reason)
    return case


@transaction.atomic
def change_category(*, case: Case, actor: Any, category: str, reason: str) -> Case:
    """File a complaint under another of the three subjects; its label stays as it was sent (CP-01).

    If its handler has no cases of that subject it goes back into the line, at its old place.
    Never to or from an appeal, which has a line in the register.  Raises NotYourCase or
    OtherSubjectsOnly; TransitionRefused once it is answered.
    """
    case = _locked(case, actor)
    if case.is_appeal or category not in SUBJECTS or category == case.category:
        raise OtherSubjectsOnly
    CASE_WORKFLOW.check(case, "withdraw")  # so: nothing was answered yet
    details = {"was": case.category, "is": str(category)}
    case.category = category
    case.save(update_fields=["category", "updated_at"])
    audit.record(
        actor=actor, action="case.recategorise", subject=case, reason=reason, details=details
    )
    return _kept_from_its_handler(case, actor)


def _kept_from_its_handler(case: Case, actor: Any) -> Case:
    if case.assigned_to is None or may_handle(case.assigned_to, case):
        return case
    if case.state == CaseState.ASKED:
        CASE_WORKFLOW.move(case, "hear", actor=actor)
    if case.state == CaseState.PROPOSED:
        CASE_WORKFLOW.move(case, "turn_down", actor=actor)
    return put_in_line(case, actor, reason="") if case.state == CaseState.ASSIGNED else case


def _locked(case: Case, actor: Any) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("mission", "assigned_to")
    row = rows.get(pk=case.pk)
    is_handler = row.assigned_to_id == actor.pk and may_handle(actor, row)
    if not (is_handler or may_assign(actor, row)):
        raise NotYourCase
    return row
