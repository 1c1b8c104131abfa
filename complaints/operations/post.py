"""How letters travel: printed in a bag, posted, and sometimes they come back (RC-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.missions.models import Mission

from ..conversation_notifications import CaseLetterPosted
from ..enums import CaseState, LetterState
from ..letters import address_lines
from ..models import Case, Letter, PostBag
from ..permissions import visible_cases
from ..refusals import NothingToPost, PostedInTheFuture
from ..workflow import CASE_WORKFLOW, LETTER_WORKFLOW
from .conversation import tell
from .letters import fix, locked_letter

MOST_IN_A_BAG = 100  # letters; one PDF of that many is still printed in one go


@transaction.atomic
def fill_bag(*, mission: Mission, actor: Any) -> PostBag:
    """Put the oldest letters that are ready into a new bag; raises NothingToPost.

    Only of cases that `actor` may read, for who prints letters reads them.  Two people who fill
    bags at once get different letters.
    """
    seen = visible_cases(actor, Case.objects.filter(mission=mission))
    ready = Letter.objects.filter(case__in=seen, state=LetterState.READY)
    rows = ready.order_by("created_at").select_for_update(of=("self",), skip_locked=True)
    letters = list(rows[:MOST_IN_A_BAG])
    if not letters:
        raise NothingToPost
    bag = PostBag.objects.create(mission=mission, made_by=actor)
    for letter in letters:
        letter.bag = bag
        letter.save(update_fields=["bag"])
        LETTER_WORKFLOW.move(letter, "print", actor=actor)
    details = {"letters": len(letters)}
    audit.record(actor=actor, action="postbag.fill", subject=bag, details=details)
    return bag


@transaction.atomic
def print_again(*, letter: Letter, actor: Any, reason: str) -> Letter:
    """Take a letter out of its bag, because the paper was spoilt; raises TransitionRefused."""
    letter = locked_letter(letter)
    LETTER_WORKFLOW.move(letter, "print_again", actor=actor, reason=reason)
    letter.bag = None
    letter.save(update_fields=["bag"])
    return letter


@transaction.atomic
def dispatch_bag(
    *, bag: PostBag, actor: Any, on: date, tracking: Mapping[int, str] | None = None
) -> int:
    """Record that the letters of a bag were posted; returns how many.

    Only those that `actor` may read: nobody says of others that they went.  `tracking` gives the
    numbers of registered letters by id.  A case whose answer was posted closes, and whoever has
    an e-mail address is told to watch for the letter.  Raises PostedInTheFuture.
    """
    seen = visible_cases(actor, Case.objects.filter(mission=bag.mission_id))
    rows = Letter.objects.filter(bag=bag, state=LetterState.PRINTED, case__in=seen)
    cases = Case.objects.filter(letters__in=rows).order_by("pk").values_list("pk", flat=True)
    list(Case.objects.select_for_update().filter(pk__in=list(cases)).order_by("pk"))
    letters = list(rows.select_related("case__owner").select_for_update(of=("self",)))
    for letter in letters:
        _dispatch(letter, actor, on, (tracking or {}).get(letter.pk, ""))
    return len(letters)


@transaction.atomic
def letter_returned(*, letter: Letter, actor: Any, on: date, why: str) -> Letter:
    """Record that a letter came back; its case is open again until another one is posted.

    Raises PostedInTheFuture or TransitionRefused.
    """
    letter = locked_letter(letter)
    if letter.dispatched_on is None or not letter.dispatched_on <= on <= _today():
        raise PostedInTheFuture
    LETTER_WORKFLOW.move(letter, "return", actor=actor, reason=why)
    letter.returned_on, letter.returned_why = on, why[:200]
    letter.save(update_fields=["returned_on", "returned_why"])
    if letter.is_answer and letter.case.state == CaseState.CLOSED:
        CASE_WORKFLOW.move(letter.case, "letter_returned", actor=actor, reason=why)
        Case.objects.filter(pk=letter.case_id).update(closed_at=None)
    return letter


@transaction.atomic
def send_again(*, letter: Letter, actor: Any, address: str) -> Letter:
    """Send a returned letter to another address: the same words, with the date of today.

    Raises NoAddress, AddressTooLong, or IntegrityError if it was sent again already.
    """
    letter = locked_letter(letter)
    LETTER_WORKFLOW.move(letter, "send_again", actor=actor)
    again = Letter.objects.create(
        case=letter.case,
        template=letter.template,
        language=letter.language,
        blocks=letter.blocks,
        own_words=letter.own_words,
        is_answer=letter.is_answer,
        address="\n".join(address_lines(address)),
        written_by=actor,
        instead_of=letter,
    )
    return fix(again, actor)


def _dispatch(letter: Letter, actor: Any, on: date, tracking: str) -> None:
    if letter.dated is None or not letter.dated <= on <= _today():
        raise PostedInTheFuture
    letter.dispatched_on, letter.tracking_number = on, tracking[:40]
    letter.save(update_fields=["dispatched_on", "tracking_number"])
    LETTER_WORKFLOW.move(letter, "dispatch", actor=actor)
    tell(CaseLetterPosted.about(letter))
    if letter.is_answer and letter.case.state == CaseState.TO_POST:
        CASE_WORKFLOW.move(letter.case, "close", actor=actor)
        letter.case.closed_at = timezone.now()
        letter.case.save(update_fields=["closed_at"])


def _today() -> date:
    return civil_date(timezone.now())
