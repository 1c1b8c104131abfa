"""A text of which nobody knew the language: an agent reads it and decides (CP-02)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.dates import civil_date
from portal.outbox.operations import enqueue

from ..models import Case, CaseMessage
from ..notifications import ComplaintRead, ComplaintSentBack
from ..permissions import may_handle
from ..reading import accepted_languages
from ..refusals import LanguageNotOffered, NothingWritten, NotYourCase
from ..workflow import CASE_WORKFLOW


@transaction.atomic
def accept_language(*, case: Case, actor: Any, language: str) -> Case:
    """Say that the text can be read, and in which language it is answered.

    Its place in the queue stays that of its arrival.  Raises NotYourCase, LanguageNotOffered
    for a language that the mission does not take, or TransitionRefused.
    """
    case = _locked(case, actor)
    if language not in accepted_languages(case.mission, civil_date(timezone.now())):
        raise LanguageNotOffered
    CASE_WORKFLOW.move(case, "accept_language", actor=actor, details={"language": language})
    case.language = language
    case.save(update_fields=["language"])
    if case.email:
        enqueue(ComplaintRead.about(case))
    return case


@transaction.atomic
def send_back(*, case: Case, actor: Any, text: str) -> Case:
    """Say why the text cannot be handled, and close the case; everything stays readable.

    `text` is what the person reads on the page of the case.  Raises NotYourCase, NothingWritten
    or TransitionRefused.
    """
    case = _locked(case, actor)
    if not text.strip():
        raise NothingWritten
    CaseMessage.objects.create(case=case, from_staff=True, author=actor, text=text.strip())
    # It goes back and is not answered: no letter is owed that would have to be posted first.
    case.answer_by_post = False
    case.closed_at = timezone.now()
    case.save(update_fields=["answer_by_post", "closed_at"])
    CASE_WORKFLOW.move(case, "send_back", actor=actor)
    if case.email:
        enqueue(ComplaintSentBack.about(case))
    return case


def _locked(case: Case, actor: Any) -> Case:
    """Lock the row before judging it; raises NotYourCase for somebody who may not."""
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("mission", "owner")
        .get(pk=case.pk)
    )
    if not may_handle(actor, row):
        raise NotYourCase
    return row
