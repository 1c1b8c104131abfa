"""Who takes up which case: the next one in order of arrival, and what else may happen (RC-02)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.audit import operations as audit

from ..enums import CaseState
from ..models import Case, CaseNote, Skip
from ..permissions import categories_of, may_assign, may_handle, visible_cases
from ..refusals import CannotHandle, NotYourCase
from ..workflow import CASE_WORKFLOW


@transaction.atomic
def next_case(*, handler: Any) -> Case | None:
    """Give `handler` the oldest case that waits in their categories, or None if none does.

    Oldest by moment of arrival, then by reference (RC-02).  What they skipped comes after all
    others.  Two people who ask at once get two cases: whoever is second passes the locked row.
    """
    skipped = Exists(Skip.objects.filter(handler=handler, case=OuterRef("pk")))
    waiting = _waiting(handler)
    case = _first(waiting.filter(~skipped)) or _first(waiting.filter(skipped))
    if case is None:
        return None
    return _give(case, handler, actor=handler)


@transaction.atomic
def skip(*, case: Case, actor: Any, reason: str) -> Case:
    """Let a case be that one was given, and say why; it waits again, and for `actor` comes last.

    The fairness report shows it.  Raises NotYourCase or TransitionRefused.
    """
    case = locked_case(case, actor)
    Skip.objects.update_or_create(
        case=case, handler=actor, defaults={"reason": reason, "skipped_at": timezone.now()}
    )
    return put_in_line(case, actor, reason="", details={"skipped": True})


@transaction.atomic
def put_back(*, case: Case, actor: Any, reason: str) -> Case:
    """Give a case back, for a leave or because it came by hand; its place in the line stays.

    Raises NotYourCase or TransitionRefused.
    """
    return put_in_line(locked_case(case, actor), actor, reason=reason)


@transaction.atomic
def hand_over(*, case: Case, actor: Any, to: Any, reason: str) -> Case:
    """Hand a case to a colleague; raises NotYourCase, CannotHandle or TransitionRefused."""
    return _hand(locked_case(case, actor), to, actor, reason)


@transaction.atomic
def assign(*, case: Case, actor: Any, to: Any, reason: str) -> Case:
    """Give a case to somebody by hand, out of order or away from somebody else.

    For supervisors; the trail keeps how many older ones of the category were passed over.
    Raises NotYourCase, CannotHandle or TransitionRefused.
    """
    case = _locked(case)
    if not may_assign(actor, case):
        raise NotYourCase
    if case.state != CaseState.RECEIVED:
        return _hand(case, to, actor, reason)
    if not may_handle(to, case):
        raise CannotHandle
    details = {"by_hand": True, "passed_over": _older(case).count()}
    return _give(case, to, actor=actor, reason=reason, details=details)


@transaction.atomic
def write_note(*, case: Case, actor: Any, text: str) -> CaseNote:
    """Write something for colleagues; raises NotYourCase for who may not handle such cases."""
    if not (may_handle(actor, case) or may_assign(actor, case)):
        raise NotYourCase
    note = CaseNote.objects.create(case=case, author=actor, text=text)
    audit.record(actor=actor, action="case.note", subject=case)
    return note


@transaction.atomic
def withdraw(*, case: Case, actor: Any, reason: str) -> Case:
    """End a case because its person asked for that; raises NotYourCase or TransitionRefused."""
    case = CASE_WORKFLOW.move(locked_case(case, actor), "withdraw", actor=actor, reason=reason)
    case.closed_at = timezone.now()
    case.save(update_fields=["closed_at"])
    return case


def locked_case(case: Case, actor: Any) -> Case:
    """Lock a case that `actor` handles, inside a transaction; raises NotYourCase."""
    row = _locked(case)
    if row.assigned_to_id != actor.pk or not may_handle(actor, row):
        raise NotYourCase
    return row


def put_in_line(case: Case, actor: Any, *, reason: str, details: Any = None) -> Case:
    """Let a locked case wait for the next free handler; raises TransitionRefused."""
    CASE_WORKFLOW.move(case, "put_back", actor=actor, reason=reason, details=details)
    case.assigned_to = case.assigned_at = None
    case.save(update_fields=["assigned_to", "assigned_at"])
    return case


def _waiting(handler: Any) -> QuerySet[Case]:
    rows = visible_cases(handler).filter(
        state=CaseState.RECEIVED, category__in=categories_of(handler)
    )
    return rows.select_related("mission").order_by("received_at", "reference")


def _first(rows: QuerySet[Case]) -> Case | None:
    return rows.select_for_update(of=("self",), skip_locked=True).first()


def _give(
    case: Case, to: Any, *, actor: Any, reason: str = "", details: dict[str, Any] | None = None
) -> Case:
    case.assigned_to, case.assigned_at = to, timezone.now()
    case.save(update_fields=["assigned_to", "assigned_at"])
    told = {**(details or {}), "handler": to.pk}
    return CASE_WORKFLOW.move(case, "assign", actor=actor, reason=reason, details=told)


def _hand(case: Case, to: Any, actor: Any, reason: str) -> Case:
    CASE_WORKFLOW.check(case, "hand_over")
    if to.pk == case.assigned_to_id or not may_handle(to, case):
        raise CannotHandle
    case.assigned_to, case.assigned_at = to, timezone.now()
    case.save(update_fields=["assigned_to", "assigned_at"])
    details = {"handler": to.pk}
    return CASE_WORKFLOW.move(case, "hand_over", actor=actor, reason=reason, details=details)


def _older(case: Case) -> QuerySet[Case]:
    rows = Case.objects.filter(
        mission=case.mission_id, category=case.category, state=CaseState.RECEIVED
    )
    same_moment = Q(received_at=case.received_at, reference__lt=case.reference)
    return rows.filter(Q(received_at__lt=case.received_at) | same_moment)


def _locked(case: Case) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("mission")
    return rows.get(pk=case.pk)
