"""Who must not see a case, and in which category it belongs."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.audit import operations as audit

from ..enums import SUBJECTS, CaseState, Category
from ..models import Case, Complaint, Concerned
from ..permissions import may_assign, may_handle
from ..refusals import NotYourCase, OtherSubjectsOnly
from ..workflow import CASE_WORKFLOW
from .handling import put_in_line

# The trail names nobody here: it is read by people who may themselves be meant.


@transaction.atomic
def mark_concerned(*, case: Case, actor: Any, user: Any = None, counter: str = "") -> Case:
    """Keep a case from the person it is about, or from the people of a counter.

    So are the other cases of the same text.  Whichever is handled by one of them goes back into
    the line.  Raises NotYourCase.
    """
    case, others = _locked(case, actor)
    for one in (case, *others):
        if user is not None:
            Concerned.objects.get_or_create(case=one, user=user)
        if counter:
            Complaint.objects.filter(case=one).update(counter=counter, hidden_from_counter=True)
        audit.record(actor=actor, action="case.protect", subject=one)
        _kept_from_its_handler(one, actor)
    return case


@transaction.atomic
def unmark_concerned(*, case: Case, actor: Any, user: Any, reason: str) -> Case:
    """Show a case to somebody again who was marked by mistake; raises NotYourCase."""
    case, others = _locked(case, actor)
    for one in (case, *others):
        if Concerned.objects.filter(case=one, user=user).delete()[0]:
            audit.record(actor=actor, action="case.unprotect", subject=one, reason=reason)
    return case


@transaction.atomic
def change_category(*, case: Case, actor: Any, category: str, reason: str) -> Case:
    """File a complaint under another of the three subjects; its label stays as it was sent (CP-01).

    If its handler has no cases of that subject it goes back into the line, at its old place.  The
    people of a counter do not see a text as long as one of its cases is a complaint about staff.
    Never to or from an appeal, which has a line in the register.  Raises NotYourCase or
    OtherSubjectsOnly; TransitionRefused once it is answered.
    """
    case, others = _locked(case, actor)
    if case.is_appeal or category not in SUBJECTS or category == case.category:
        raise OtherSubjectsOnly
    CASE_WORKFLOW.check(case, "withdraw")  # so: nothing was answered yet
    details = {"was": case.category, "is": str(category)}
    case.category = category
    case.save(update_fields=["category", "updated_at"])
    if Category.STAFF in (category, details["was"]):
        about_staff = Category.STAFF in {one.category for one in (case, *others)}
        texts = Complaint.objects.filter(case__in=[case, *others])
        texts.update(hidden_from_counter=about_staff)
    audit.record(
        actor=actor, action="case.recategorise", subject=case, reason=reason, details=details
    )
    for one in (case, *others):
        _kept_from_its_handler(one, actor)
    return case


def _kept_from_its_handler(case: Case, actor: Any) -> None:
    if case.assigned_to is None or may_handle(case.assigned_to, case):
        return
    if case.state == CaseState.ASKED:
        CASE_WORKFLOW.move(case, "hear", actor=actor)
    if case.state == CaseState.PROPOSED:
        CASE_WORKFLOW.move(case, "turn_down", actor=actor)
    if case.state == CaseState.ASSIGNED:
        put_in_line(case, actor, reason="")


def _locked(case: Case, actor: Any) -> tuple[Case, list[Case]]:
    """Lock a case that `actor` may protect, and the other ones of the same text."""
    of_text = Complaint.objects.filter(Q(case=case.pk) | Q(twin=case.pk))
    keys = {case.pk, *chain.from_iterable(of_text.values_list("case", "twin"))}
    rows = Case.objects.select_for_update(of=("self",)).select_related("mission", "assigned_to")
    # All at once and in one order, so that two who protect two of them do not wait for each other.
    locked = {row.pk: row for row in rows.filter(pk__in=keys).order_by("pk")}
    row = locked.pop(case.pk)
    is_handler = row.assigned_to_id == actor.pk and may_handle(actor, row)
    if not (is_handler or may_assign(actor, row)):
        raise NotYourCase
    return row, list(locked.values())
