"""How a case is answered: by letter, an appeal by two people, a complaint also by message."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from ..conversation_notifications import CaseAnswered
from ..enums import LetterState
from ..models import Case, CaseMessage, Letter
from ..permissions import may_handle
from ..refusals import (
    AnsweredByPost,
    NoAnswerYet,
    NothingWritten,
    NotYourCase,
    OneAnswer,
    SamePerson,
    TwoPeople,
)
from ..workflow import CASE_WORKFLOW
from .conversation import tell
from .letters import fix, locked_letter


@transaction.atomic
def answer_by_post(*, letter: Letter, actor: Any) -> Case:
    """Fix the letter that answers a complaint; the case closes when it is posted.

    Raises TwoPeople, NotYourCase, NoAnswerYet, what `finish_letter` raises, or TransitionRefused.
    """
    letter = _answer(letter, actor)
    case = letter.case
    if case.is_appeal:
        raise TwoPeople
    case.answer_by_post = True
    case.save(update_fields=["answer_by_post"])
    fix(letter, actor)
    return CASE_WORKFLOW.move(case, "answer_by_post", actor=actor)


@transaction.atomic
def answer_by_message(*, case: Case, actor: Any, text: str) -> Case:
    """Answer a complaint by a message on its page, and close it; its person is told.

    Raises NotYourCase, NothingWritten, AnsweredByPost or TransitionRefused.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("mission", "owner")
    case = rows.get(pk=case.pk)
    if case.assigned_to_id != actor.pk or not may_handle(actor, case):
        raise NotYourCase
    if case.answer_by_post:
        raise AnsweredByPost
    if not text.strip():
        raise NothingWritten
    CaseMessage.objects.create(case=case, from_staff=True, author=actor, text=text.strip())
    CASE_WORKFLOW.move(case, "close", actor=actor)
    case.closed_at = timezone.now()
    case.save(update_fields=["closed_at"])
    tell(CaseAnswered.about(case))
    return case


@transaction.atomic
def propose_answer(*, letter: Letter, actor: Any) -> Case:
    """Propose the letter that answers an appeal; a second person must confirm it.

    Raises NotYourCase, NoAnswerYet, OneAnswer if there are two drafts, or TransitionRefused.
    """
    letter = _answer(letter, actor)
    case = letter.case
    drafts = case.letters.filter(is_answer=True, state=LetterState.DRAFT)
    if drafts.exclude(pk=letter.pk).exists():
        raise OneAnswer
    CASE_WORKFLOW.move(case, "propose", actor=actor)
    case.proposed_by, case.confirmed_by = actor, None
    case.save(update_fields=["proposed_by", "confirmed_by"])
    return case


@transaction.atomic
def confirm_answer(*, letter: Letter, actor: Any) -> Case:
    """Confirm the proposed answer of an appeal: its letter is fixed and goes to the post.

    Raises SamePerson, NotYourCase, NoAnswerYet, what `finish_letter` raises, or
    TransitionRefused.
    """
    letter = locked_letter(letter)
    case = letter.case
    if case.proposed_by_id == actor.pk:
        raise SamePerson
    if not may_handle(actor, case):
        raise NotYourCase
    if not letter.is_answer:
        raise NoAnswerYet
    fix(letter, actor)
    case.confirmed_by = actor
    case.save(update_fields=["confirmed_by"])
    return CASE_WORKFLOW.move(case, "confirm", actor=actor)


@transaction.atomic
def turn_down_answer(*, case: Case, actor: Any, reason: str) -> Case:
    """Send a proposed answer back to its author, with a reason.

    Raises SamePerson, NotYourCase or TransitionRefused.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("mission").get(pk=case.pk)
    if case.proposed_by_id == actor.pk:
        raise SamePerson
    if not may_handle(actor, case):
        raise NotYourCase
    return CASE_WORKFLOW.move(case, "turn_down", actor=actor, reason=reason)


def _answer(letter: Letter, actor: Any) -> Letter:
    """Lock a letter that answers a case which `actor` handles."""
    letter = locked_letter(letter)
    if letter.case.assigned_to_id != actor.pk or not may_handle(actor, letter.case):
        raise NotYourCase
    if not letter.is_answer or letter.state != LetterState.DRAFT:
        raise NoAnswerYet
    return letter
