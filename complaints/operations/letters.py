"""Letters are written, looked at and fixed; see `post` for how they travel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.paper.letter import AddressTooLongError

from ..enums import CaseState, LetterState
from ..letters import (
    DEFICIENCY,
    OWN_WORDS,
    address_lines,
    mend_until,
    paper_of,
    template,
    text_of,
)
from ..models import Appeal, Case, Letter
from ..permissions import may_handle
from ..refusals import AddressTooLong, NoAddress, NothingWritten, NotYourCase, OneAnswer
from ..workflow import CASE_WORKFLOW, LETTER_WORKFLOW


@transaction.atomic
def write_letter(
    *, case: Case, code: str, author: Any, blocks: Iterable[str] = (), own_words: str = ""
) -> Letter:
    """Begin a letter about a case, in the language and to the address of the case.

    Raises NotYourCase, OneAnswer for another answer while one is proposed; LookupError for a
    template that is not for such a case.
    """
    case = _locked(case, author)
    texts = template(code, case.language)
    _refuse_if_proposed(case, is_answer=texts.answers)
    if case.category not in texts.categories:
        raise LookupError(f"{code} is not for {case.category}")
    letter = Letter(
        case=case,
        template=code,
        language=case.language,
        is_answer=texts.answers,
        address="\n".join([case.name, *address_lines(case.postal_address)]),
        written_by=author,
        own_words=own_words,
    )
    letter.blocks = _known(letter, blocks)
    letter.save()
    audit.record(actor=author, action="letter.write", subject=letter, mission=case.mission)
    return letter


@transaction.atomic
def edit_letter(
    *, letter: Letter, author: Any, blocks: Iterable[str], own_words: str, address: str
) -> Letter:
    """Change a draft.

    Raises NotYourCase, OneAnswer for an answer that is proposed, or TransitionRefused for a letter
    that is fixed.
    """
    letter = locked_letter(letter)
    _refuse_if_proposed(_locked(letter.case, author), is_answer=letter.is_answer)
    LETTER_WORKFLOW.check(letter, "finish")
    letter.blocks, letter.own_words = _known(letter, blocks), own_words
    letter.address = "\n".join(address_lines(address))
    letter.written_by = author
    letter.save()
    audit.record(actor=author, action="letter.edit", subject=letter, mission=letter.case.mission)
    return letter


@transaction.atomic
def finish_letter(*, letter: Letter, actor: Any) -> Letter:
    """Fix the text and the date of a draft; from now on equal content gives an equal PDF.

    Raises NotYourCase, NoAddress, AddressTooLong, NothingWritten or TransitionRefused.
    """
    letter = locked_letter(letter)
    _locked(letter.case, actor)
    return fix(letter, actor)


def fix(letter: Letter, actor: Any) -> Letter:
    """Fix a locked draft, inside a transaction that has settled who may."""
    _check(letter)
    LETTER_WORKFLOW.move(letter, "finish", actor=actor)
    if letter.template == DEFICIENCY:
        _count_from_today(letter.case.appeal)
    letter.dated = civil_date(timezone.now())
    letter.text = "\n\n".join(text_of(letter))
    letter.save(update_fields=["dated", "text", "updated_at"])
    return letter


@transaction.atomic
def cancel_letter(*, letter: Letter, actor: Any) -> Letter:
    """Throw a letter away that was not printed.

    A case that waited for it to be posted goes back to its handler.  Raises NotYourCase, OneAnswer
    for an answer that is proposed, or TransitionRefused.
    """
    letter = locked_letter(letter)
    case = _locked(letter.case, actor)
    _refuse_if_proposed(case, is_answer=letter.is_answer)
    waited_for = letter.is_answer and letter.state == LetterState.READY
    LETTER_WORKFLOW.move(letter, "cancel", actor=actor)
    if waited_for and case.state == CaseState.TO_POST:
        CASE_WORKFLOW.move(case, "take_back", actor=actor)
    return letter


def locked_letter(letter: Letter) -> Letter:
    """Lock a letter after its case, which is the order of the house."""
    Case.objects.select_for_update().get(pk=letter.case_id)
    rows = Letter.objects.select_for_update(of=("self",)).select_related("case__mission")
    return rows.get(pk=letter.pk)


def _count_from_today(appeal: Appeal) -> None:
    """Give an appeal the whole period to be mended, from the day its letter is dated (RC-01)."""
    appeal.mend_until = mend_until(appeal)
    appeal.asked_to_mend_at, appeal.mended_at = timezone.now(), None
    appeal.save(update_fields=["mend_until", "asked_to_mend_at", "mended_at"])


def _check(letter: Letter) -> None:
    texts = template(letter.template, letter.language)
    says = {f"{{{OWN_WORDS}}}" in block.text for block in texts.blocks}
    if True in says and texts.answers and not letter.own_words.strip():
        raise NothingWritten
    if len(address_lines(letter.address)) < 2:
        raise NoAddress
    try:
        paper_of(letter, today=civil_date(timezone.now())).pdf()
    except AddressTooLongError:
        raise AddressTooLong from None


def _refuse_if_proposed(case: Case, *, is_answer: bool) -> None:
    """Whoever confirms has read what was proposed: nothing else may stand there by then."""
    if is_answer and case.state == CaseState.PROPOSED:
        raise OneAnswer


def _known(letter: Letter, blocks: Iterable[str]) -> list[str]:
    chosen = set(blocks)
    texts = template(letter.template, letter.language)
    return [block.code for block in texts.optional if block.code in chosen]


def _locked(case: Case, actor: Any) -> Case:
    """Lock a case that `actor` handles; raises NotYourCase."""
    row = Case.objects.select_for_update(of=("self",)).select_related("mission").get(pk=case.pk)
    if row.assigned_to_id != actor.pk or not may_handle(actor, row):
        raise NotYourCase
    return row
